import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AddressCookie } from '../../../agent/core/address-cookie.ts';
import { COOKIE_SIZE } from '../../../protocol/limits.ts';
import { instant } from '../../../protocol/units.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';

const cookies = suite('address cookie');

const HERE = { address: '10.0.0.7', port: 5000 };
const jar = (secret: number): AddressCookie =>
  new AddressCookie(new Uint8Array(32).fill(secret), swiftPrimitives);

cookies('it is good for the address and port that it was made for, and for no other', () => {
  const mine = jar(1).make(HERE, instant(0));
  assert.is(mine.length, COOKIE_SIZE);
  assert.ok(jar(1).isValid(mine, HERE, instant(0)));
  assert.not(jar(1).isValid(mine, { ...HERE, address: '10.0.0.8' }, instant(0)));
  assert.not(jar(1).isValid(mine, { ...HERE, port: 5001 }, instant(0)));
  assert.not(jar(1).isValid(mine.subarray(1), HERE, instant(0)));
});

cookies('it is good for at least 60 and at most 120 seconds', () => {
  for (const made of [0, 1, 59_999, 60_000, 90_000]) {
    const mine = jar(1).make(HERE, instant(made));
    assert.ok(jar(1).isValid(mine, HERE, instant(made + 60_000)), `${made}`);
    assert.not(jar(1).isValid(mine, HERE, instant(made + 120_000)), `${made}`);
  }
});

cookies('a new secret, which an agent draws whenever it starts, ends all cookies', () => {
  assert.not(jar(2).isValid(jar(1).make(HERE, instant(0)), HERE, instant(0)));
});

cookies.run();

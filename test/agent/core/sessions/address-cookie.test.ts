import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AddressCookie } from '../../../../agent/core/sessions/address-cookie.ts';
import { COOKIE_SIZE } from '../../../../protocol/limits.ts';
import { instant } from '../../../../protocol/units.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';

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

/** What is asked for is given at once, and how often it was asked for is told. */
const serve = (mine: AddressCookie, minutes: readonly number[]): number => {
  let drawn = 0;
  for (const minute of minutes) {
    const now = instant(minute * 60_000);
    if (mine.wantsSecret(now)) mine.renew(new Uint8Array(32).fill(100 + ++drawn), now);
  }
  return drawn;
};

const minutesTo = (last: number): readonly number[] =>
  Array.from({ length: last + 1 }, (_, i) => i);

cookies('its secret serves an hour, counted when somebody is heard', () => {
  assert.is(serve(jar(1), minutesTo(59)), 0);
  assert.is(serve(jar(1), minutesTo(60)), 1);
  assert.is(serve(jar(1), minutesTo(240)), 4);
  assert.is(serve(jar(1), [0, 1000]), 1, 'a quiet night wants one secret');
  const unanswered = jar(1);
  const asked = minutesTo(240).filter((minute) => unanswered.wantsSecret(instant(minute * 60_000)));
  assert.is(asked.length, 4, 'it is asked for again');
});

cookies('who knows a secret makes no cookies with it two minutes after the next one', () => {
  const mine = jar(1);
  serve(mine, minutesTo(60));
  const stolen = jar(1);
  const good = (minute: number): boolean => {
    const now = instant(minute * 60_000);
    return mine.isValid(stolen.make(HERE, now), HERE, now);
  };
  assert.ok(good(60), 'in the minute that it is replaced in');
  assert.not(good(61));
  assert.not(good(62));
});

cookies('a cookie is good as long as any when its secret is replaced', () => {
  for (const made of [58, 59, 59.99, 60, 60.5, 60.999, 61, 61.5, 62]) {
    const mine = jar(1);
    serve(mine, minutesTo(Math.min(60, Math.floor(made))));
    const cookie = mine.make(HERE, instant(made * 60_000));
    serve(
      mine,
      minutesTo(62).filter((minute) => minute > made && minute <= made + 1),
    );
    assert.ok(mine.isValid(cookie, HERE, instant((made + 1) * 60_000)), `${made}`);
    assert.not(mine.isValid(cookie, HERE, instant((made + 2) * 60_000)), `${made}`);
  }
});

cookies('secrets that are done with are overwritten', () => {
  const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const mine = new AddressCookie(first, swiftPrimitives);
  mine.renew(second, instant(0));
  mine.wantsSecret(instant(60_000));
  assert.is(first[0], 1, 'its cookies are good for now');
  mine.wantsSecret(instant(120_000));
  assert.equal([...new Set(first)], [0]);
  assert.is(second[0], 2);
});

cookies.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Past } from '../../../../agent/core/site/past.ts';
import type { RegisterEntry } from '../../../../agent/core/site/register.ts';
import { beatKey, joinedKey } from '../../../../agent/core/site/site-keys.ts';

const past = suite('past of a register');

const [ME, OTHER] = ['a'.repeat(16), 'b'.repeat(16)];

const answer = (revision: number, written: Readonly<Record<string, number>> = {}) => ({
  kind: 'transacted' as const,
  isDone: true,
  revision,
  entries: Object.entries(written).map(
    ([key, at]): RegisterEntry => ({ key, value: new Uint8Array(0), revision: at }),
  ),
});

past('answers come in any order, and twice', () => {
  const seen = new Past();
  const floor = seen.highest;
  assert.ok(seen.takes(answer(12, { [beatKey(ME)]: 12 }), floor));
  assert.ok(seen.takes(answer(10, { [beatKey(ME)]: 9 }), floor));
  assert.ok(seen.takes(answer(12, { [beatKey(ME)]: 12 }), floor));
  assert.is(seen.highest, 12);
  assert.is(seen.writtenAt(beatKey(ME)), 12);
});

past('an answer is of the register as it was when it was asked, or later', () => {
  const seen = new Past();
  assert.ok(seen.takes(answer(12), seen.highest));
  assert.ok(seen.takes(answer(12), seen.highest));
  assert.not(seen.takes(answer(11), seen.highest));
});

past('a later revision says of a key what is known of it, or later', () => {
  const seen = new Past();
  assert.ok(seen.takes(answer(12, { [beatKey(OTHER)]: 11, [joinedKey(OTHER)]: 3 }), 0));
  assert.ok(seen.takes(answer(12), 0), 'it may have been struck');
  assert.ok(seen.takes(answer(13, { [beatKey(OTHER)]: 13, [joinedKey(OTHER)]: 3 }), 0));
  assert.not(seen.takes(answer(1000, { [beatKey(OTHER)]: 12 }), 0));
  assert.not(seen.takes(answer(1000, { [joinedKey(OTHER)]: 2 }), 0));
});

past('what is refused is not taken in', () => {
  const seen = new Past();
  assert.ok(seen.takes(answer(12, { [beatKey(ME)]: 12 }), 0));
  assert.not(seen.takes(answer(2000, { [beatKey(ME)]: 7, [beatKey(OTHER)]: 1999 }), 0));
  assert.equal([seen.highest, seen.writtenAt(beatKey(OTHER))], [12, 0]);
  seen.forget();
  assert.ok(seen.takes(answer(3, { [beatKey(ME)]: 2 }), seen.highest));
});

past.run();

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Masters } from '../../../../agent/core/activation/masters.ts';
import { LICENSES_MAX } from '../../../../agent/core/licenses/license-shelf.ts';
import { epochSeconds } from '../../../../protocol/units.ts';

const ONE = 'https://one.example';
const ANSWER = { ok: true, bytes: new Uint8Array(), version: null } as const;
const say = (code: 'unreachable' | 'not-a-master' | 'busy') =>
  ({ ok: false, code, sentence: `It is ${code}.`, version: null }) as const;

test('when a master was heard last, and since when and why it is not', () => {
  const masters = new Masters();
  const [unasked] = masters.view([ONE, ONE]);
  assert.equal(
    [unasked?.standing, unasked?.heard, unasked?.failure],
    ['unasked', null, null],
    'named twice it is one',
  );
  assert.is(masters.hear(ONE, ANSWER, epochSeconds(10)), 'unasked');
  assert.not(masters.areSilent);
  assert.is(masters.hear(ONE, say('unreachable'), epochSeconds(20)), 'answers');
  masters.hear(ONE, say('not-a-master'), epochSeconds(30));
  assert.ok(masters.areSilent);
  assert.equal(masters.view([ONE]), [
    {
      master: ONE,
      standing: 'silent',
      heard: 10,
      silentSince: 20,
      failure: { at: 30, code: 'not-a-master', sentence: 'It is not-a-master.' },
    },
  ]);
  // Who refuses has answered.
  assert.is(masters.hear(ONE, say('busy'), epochSeconds(40)), 'silent');
  const [heard] = masters.view([ONE]);
  assert.equal(
    [heard?.standing, heard?.heard, heard?.silentSince, heard?.failure?.at],
    ['answers', 40, null, 40],
  );
  masters.hear(ONE, ANSWER, epochSeconds(50));
  assert.is(masters.view([ONE])[0]?.failure?.code, 'busy', 'the last failure is remembered');
});

test('masters whose licenses are gone are forgotten in the end', () => {
  const masters = new Masters();
  masters.hear(ONE, say('unreachable'), epochSeconds(1));
  for (let i = 0; i < LICENSES_MAX; i++) masters.hear(`https://m${i}`, ANSWER, epochSeconds(2));
  assert.not(masters.areSilent);
  assert.is(masters.view([ONE])[0]?.standing, 'unasked');
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeCard } from '../../../../agent/core/site/member-card.ts';
import { beatKey, joinedKey } from '../../../../agent/core/site/site-keys.ts';
import { Witness } from '../../../../agent/core/site/witness.ts';
import { instant, seconds } from '../../../../protocol/units.ts';

const witness = suite('witness');

const [ME, OTHER] = ['a'.repeat(16), 'b'.repeat(16)];
const CARD = encodeCard({
  name: 'other',
  version: '1.0.0',
  port: 24_711,
  addresses: [],
  longest: seconds(60),
});

/** One who reads at these instants what the other has written last at `revision`. */
const reading = (read: Iterable<readonly [at: number, revision: number]>): Witness => {
  const seen = new Witness();
  for (const [at, revision] of read) {
    const entries = [
      { key: joinedKey(OTHER), revision: 1, value: CARD },
      { key: beatKey(OTHER), revision, value: new Uint8Array(0) },
    ];
    seen.learn(entries, 100 + at, instant(at));
  }
  return seen;
};

const deadAt = (seen: Witness, at: number): boolean => seen.silent(ME, instant(at)).length > 0;

witness('who is silent for two seconds is to be found dead', () => {
  const seen = reading([0, 500, 1000, 1500, 2000].map((at) => [at, 2]));
  assert.not(deadAt(seen, 1999));
  assert.is(seen.due(ME, instant(1999)), 2000);
  assert.ok(deadAt(seen, 2000));
});

witness('while the register stands still, nobody is', () => {
  const seen = reading([0, 500].map((at) => [at, 2]));
  assert.not(deadAt(seen, 2500));
  assert.is(seen.due(ME, instant(2500)), undefined);
});

witness('when it goes on, whoever lives has two beats to say so', () => {
  const silent = [
    [0, 2],
    [500, 2],
    [2600, 2],
    [3100, 2],
  ] as const;
  assert.is(reading(silent).due(ME, instant(3100)), 3600);
  assert.not(deadAt(reading(silent), 3599));
  assert.ok(deadAt(reading(silent), 3600));
  const back = reading([...silent, [3590, 3]]);
  assert.not(deadAt(back, 4500));
});

witness('but nobody is found dead sooner than two seconds after his word was read', () => {
  const seen = reading([
    [0, 2],
    [500, 2],
    [2100, 3],
    [2600, 3],
    [3100, 3],
    [3600, 3],
    [4100, 3],
  ]);
  assert.not(deadAt(seen, 4099));
  assert.ok(deadAt(seen, 4100));
});

witness.run();

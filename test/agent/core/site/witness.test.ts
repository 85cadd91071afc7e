import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeCard, markCard } from '../../../../agent/core/site/member-card.ts';
import { beatKey, deadKey, joinedKey } from '../../../../agent/core/site/site-keys.ts';
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

/** The seats of a dead member whose card was so at these instants are nobody's at `goneAt`. */
const isGoneAt = (
  goneAt: number,
  cards: Iterable<readonly [at: number, revision: number, card: Uint8Array]>,
): boolean => {
  const seen = new Witness();
  for (const [at, revision, value] of cards) {
    seen.learn([{ key: deadKey(OTHER), revision, value }], 100 + at, instant(at));
  }
  return seen.gone(instant(goneAt)).has(OTHER);
};
/** Ten seconds in which it renews, a term, and no more than five for clocks. */
const GONE_MS = 75_000;

witness('what is written on the card of a dead member does not begin its death anew', () => {
  const told = markCard(CARD, { since: 7, told: ME, isForgotten: false });
  const forgotten = markCard(CARD, { since: 7, told: ME, isForgotten: true });
  const cards = [
    [0, 7, CARD],
    [20_000, 8, told],
    [40_000, 11, forgotten],
  ] as const;
  assert.not(isGoneAt(70_000, cards));
  assert.ok(isGoneAt(GONE_MS, cards));
  assert.ok(isGoneAt(GONE_MS, [cards[0], cards[2]]), 'also where one of them was not seen');
});

witness('who has come back unseen and died again has been dead since then alone', () => {
  const again = [
    [0, 7, CARD],
    [40_000, 11, CARD],
  ] as const;
  assert.not(isGoneAt(GONE_MS, again));
  const forgotten = markCard(CARD, { since: 11, told: null, isForgotten: true });
  assert.not(isGoneAt(GONE_MS, [again[0], [40_000, 12, forgotten]]));
  assert.ok(isGoneAt(40_000 + GONE_MS, [again[0], [40_000, 12, forgotten]]));
});

witness.run();

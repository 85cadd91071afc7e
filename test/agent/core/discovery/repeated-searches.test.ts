import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RepeatedSearches } from '../../../../agent/core/discovery/repeated-searches.ts';
import { SPOKEN } from '../../../../protocol/offers.ts';
import { buildDiscover } from '../../../../protocol/packet.ts';
import { instant } from '../../../../protocol/units.ts';

const search = (number: number): Uint8Array => {
  const nonce = new Uint8Array(16);
  new DataView(nonce.buffer).setUint32(12, number);
  return buildDiscover({ nonce, versions: SPOKEN, product: null });
};

test('only the same search that comes again later is in vain', () => {
  const searches = new RepeatedSearches();
  assert.not.ok(searches.hear(search(1), instant(0)));
  assert.not.ok(searches.hear(search(1), instant(49)), 'by another address, at once');
  assert.ok(searches.hear(search(1), instant(50)));
  assert.not.ok(searches.hear(search(2), instant(50)), 'another one');
  assert.not.ok(searches.hear(search(1), instant(10_000)), 'one that is long over');
  assert.not.ok(searches.hear(new Uint8Array(100), instant(10_000)));
  assert.not.ok(searches.hear(new Uint8Array(100), instant(10_100)), 'no search at all');
});

test('a flood of searches pushes out the oldest only', () => {
  const searches = new RepeatedSearches();
  for (let i = 0; i < 65; i++) searches.hear(search(i), instant(0));
  assert.not.ok(searches.hear(search(0), instant(100)), 'forgotten');
  assert.ok(searches.hear(search(64), instant(100)));
});

test.run();

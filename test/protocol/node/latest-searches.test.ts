import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LatestSearches } from '../../../protocol/node/latest-searches.ts';

const search = (number: number): Uint8Array => Uint8Array.of(number);

test('a search is asked again though others are asked between', () => {
  const searches = new LatestSearches();
  assert.not.ok(searches.note(search(1), 0));
  assert.not.ok(searches.note(search(2), 1));
  assert.ok(searches.note(search(1), 2));
  for (let i = 10; i < 26; i++) searches.note(search(i), 3);
  assert.not.ok(searches.note(search(2), 4), 'sixteen others were asked since');
});

test('who was found now is asked what was asked a moment ago, and nothing older', () => {
  const searches = new LatestSearches();
  searches.note(search(1), 0);
  searches.note(search(2), 4000);
  assert.equal(searches.current(4999), [search(1), search(2)]);
  assert.equal(searches.current(5000), [search(2)]);
  assert.equal(searches.current(9000), []);
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { didYouMean, nearestWord } from '../../../../agent/core/rules/nearest-word.ts';

const nearest = suite('nearest word');

const VERBS = ['group', 'reserve', 'exclude', 'limit'];

nearest('forgives wrong, missing, extra and swapped letters', () => {
  for (const word of ['reserv', 'resreve', 'rezerve', 'reseerve', 'RESERVE', 'reesrvee']) {
    assert.is(nearestWord(word, VERBS), 'reserve', word);
  }
  assert.is(nearestWord('usr', ['host', 'user']), 'user');
});

nearest('a word that is like nothing has none', () => {
  assert.is(nearestWord('foo', VERBS), undefined);
  assert.is(nearestWord('grp', VERBS), undefined, 'a short word is forgiven one mistake');
  assert.is(nearestWord('rseervve1', VERBS), undefined);
  assert.is(nearestWord('x', []), undefined);
});

nearest('of several the nearest', () => {
  assert.is(nearestWord('teams', ['steams', 'team-2', 'teams', 'team']), 'teams');
  assert.is(nearestWord('label', ['lapels', 'labels']), 'labels');
  assert.is(nearestWord('teamx', ['team1', 'team2']), 'team1', 'the first of equals');
});

nearest('speaks only when there is something to say', () => {
  assert.is(didYouMean('limt', VERBS), ' Did you mean "limit"?');
  assert.is(didYouMean('foo', VERBS), '');
});

nearest.run();

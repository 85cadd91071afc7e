import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitsPattern, foldName, namePattern } from '../../../../agent/core/rules/name-pattern.ts';

const pattern = suite('name pattern');

const fits = (name: string, glob: string): boolean =>
  fitsPattern(foldName(name), namePattern(glob));

pattern('neither case nor the encoding of an accent matters', () => {
  assert.ok(fits('ALICE', 'alice'));
  assert.ok(fits('alice', 'Alice'));
  assert.ok(fits('Jose\u0301', 'jos\u00e9'));
  assert.ok(fits('WS-17', 'ws-*'));
  assert.not.ok(fits('alice2', 'alice'));
});

pattern('* is any text, ? is one character, all else itself', () => {
  assert.ok(fits('', '*'));
  assert.ok(fits('ws-', 'ws-*'));
  assert.not.ok(fits('xws-1', 'ws-*'));
  assert.ok(fits('a.b', 'a.b'));
  assert.not.ok(fits('axb', 'a.b*'));
  assert.ok(fits('ws-1', 'ws-?'));
  assert.not.ok(fits('ws-', 'ws-?'));
  assert.not.ok(fits('ws-12', 'ws-?'));
  assert.ok(fits('aXbXc', 'a*b*c'));
  assert.not.ok(fits('aXbX', 'a*b*c'));
});

pattern('does what the regular expression does', () => {
  const letters = (set: string) =>
    fc.array(fc.constantFrom(...set), { maxLength: 10 }).map((all) => all.join(''));
  fc.assert(
    fc.property(letters('ab'), letters('ab*?'), (name, glob) => {
      const source = glob.replaceAll('*', '.*').replaceAll('?', '.');
      assert.is(fits(name, glob), new RegExp(`^${source}$`).test(name));
    }),
    { numRuns: 2_000 },
  );
});

pattern('a spiteful pattern takes no longer than a plain one', () => {
  // A backtracking expression would not come back from this one.
  assert.not.ok(fits('a'.repeat(128), `${'*a'.repeat(31)}*b`));
});

pattern.run();

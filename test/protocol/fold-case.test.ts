import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foldCase } from '../../protocol/fold-case.ts';

const names = suite('folded names');

/** Letters that do strange things when their case changes. */
const anyName = fc.string({
  unit: fc.constantFrom('a', 'A', 'İ', 'ı', 'ß', 'ẞ', 'Σ', 'ς', 'é', 'e\u0301'),
  maxLength: 6,
});

names('folding twice changes nothing, and accents may be put together either way', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      assert.is(foldCase(foldCase(name)), foldCase(name));
      assert.is(foldCase(name.normalize('NFD')), foldCase(name.normalize('NFC')));
    }),
  );
  assert.is(foldCase('ACME\\Zoë'), foldCase('acme\\ZOE\u0308'));
  assert.is.not(foldCase('anna'), foldCase('ana'));
});

names.run();

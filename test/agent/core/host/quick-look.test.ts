import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quickLook } from '../../../../agent/core/host/quick-look.ts';

const test = suite('quick look');

const PATTERNS = [
  /^QEMU/,
  /\bVBOX\b/,
  /^(UML|User Mode)$/i,
  / XEN_*( |$)/i,
  /^virt-\d|\(Q35/,
  /^0{2}:1/,
];
const PIECES = ['QEMU', 'VBOX', 'uml', ' xen__', 'virt-3', '(Q35', '00:1', '\n', ' ', 'x', ''];

const rules = fc.subarray(PATTERNS).map((some) => some.map((pattern) => ({ pattern })));
const values = fc.array(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((all) => all.join('')),
);

test('it never says no where a rule fits', () => {
  fc.assert(
    fc.property(rules, values, (some, all) => {
      const fits = some.some(({ pattern }) => all.some((value) => pattern.test(value)));
      if (fits) assert.ok(quickLook(some)(all));
    }),
  );
});

test('it says no where nothing is like any', () => {
  const look = quickLook(PATTERNS.map((pattern) => ({ pattern })));
  assert.not(look(['Intel', 'AMD', '']));
  assert.not(look([]));
});

test.run();

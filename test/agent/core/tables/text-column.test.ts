import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TextColumn } from '../../../../agent/core/tables/text-column.ts';

const text = fc
  .oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat(300).map((length) => 'x'.repeat(length)),
  )
  .map((one) => one.replaceAll('\0', ''));
const change = fc.tuple(fc.nat(20), fc.option(text));

test('a slot has the text that it was given last, whatever happens to others', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const column = new TextColumn();
      const model = new Map<number, string>();
      for (const [slot, to] of changes) {
        if (to === null) column.clear(slot);
        else column.set(slot, to);
        model.set(slot, to ?? '');
        for (const [other, expected] of model) assert.is(column.get(other), expected);
      }
    }),
  );
});

test('texts of every length round the steps between shelves are whole', () => {
  const column = new TextColumn();
  for (let length = 0; length <= 300; length++) column.set(length, 'y'.repeat(length));
  for (let length = 0; length <= 300; length++) assert.is(column.get(length), 'y'.repeat(length));
  assert.is(column.get(1000), '');
});

test.run();

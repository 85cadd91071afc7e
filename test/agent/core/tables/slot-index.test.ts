import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BytesColumn } from '../../../../agent/core/tables/columns.ts';
import { SlotIndex } from '../../../../agent/core/tables/slot-index.ts';
import { bytesToHex } from '../../../../protocol/bytes.ts';

const index = suite('slot index');

const KEY_SIZE = 32;
const SEED = new Uint8Array(16).fill(3);

/** A key by number: only the first bytes are hashed, and only the last ones differ in half of them. */
const keyOf = (number: number): Uint8Array => {
  const key = new Uint8Array(KEY_SIZE);
  new DataView(key.buffer).setUint32(number % 2 === 0 ? 0 : KEY_SIZE - 4, number);
  return key;
};

index('does what a map does', () => {
  const move = fc.record({ add: fc.boolean(), number: fc.nat(120) });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 300 }), (moves) => {
      const keys = new BytesColumn(KEY_SIZE);
      const real = new SlotIndex(keys, SEED);
      const model = new Map<string, number>();
      for (const { add, number } of moves) {
        const key = keyOf(number);
        const known = model.get(bytesToHex(key));
        if (add && known === undefined) {
          keys.set(number, key);
          real.add(number);
          model.set(bytesToHex(key), number);
        } else if (!add && known !== undefined) {
          real.remove(known);
          keys.clear(known);
          model.delete(bytesToHex(key));
        }
        assert.is(real.find(key), model.get(bytesToHex(key)) ?? -1);
      }
      for (let number = 0; number <= 120; number++) {
        const key = keyOf(number);
        assert.is(real.find(key), model.get(bytesToHex(key)) ?? -1);
      }
    }),
  );
});

index('finds every one of many keys, and none that has gone', () => {
  const keys = new BytesColumn(KEY_SIZE);
  const real = new SlotIndex(keys, SEED);
  const count = 20_000;
  for (let slot = 0; slot < count; slot++) {
    keys.set(slot, keyOf(2 * slot));
    real.add(slot);
  }
  for (let slot = 0; slot < count; slot += 2) real.remove(slot);
  for (let slot = 0; slot < count; slot++) {
    assert.is(real.find(keyOf(2 * slot)), slot % 2 === 0 ? -1 : slot);
  }
});

index.run();

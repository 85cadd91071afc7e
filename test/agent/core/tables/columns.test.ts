import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BytesColumn,
  float64Column,
  type NumberColumn,
  uint8Column,
  uint32Column,
} from '../../../../agent/core/tables/columns.ts';
import { EndpointColumn } from '../../../../agent/core/tables/endpoint-column.ts';
import type { Endpoint } from '../../../../protocol/endpoint.ts';

const columns = suite('columns');

/** Slots round the seams of the chunks. */
const slot = fc.oneof(fc.nat(10), fc.integer({ min: 4090, max: 4100 }), fc.constant(20_000));

const checkAgainstMap = (make: () => NumberColumn, value: fc.Arbitrary<number>): void => {
  fc.assert(
    fc.property(fc.array(fc.tuple(slot, value)), (moves) => {
      const real = make();
      const model = new Map<number, number>();
      for (const [at, what] of moves) {
        real.set(at, what);
        model.set(at, what);
      }
      for (const at of [0, 4095, 4096, 19_999, 20_000, 1_000_000, ...model.keys()]) {
        assert.is(real.get(at), model.get(at) ?? 0);
      }
    }),
  );
};

columns('numbers come back as they were set, and zero where none was', () => {
  checkAgainstMap(uint8Column, fc.nat(255));
  checkAgainstMap(uint32Column, fc.nat(0xffff_ffff));
  checkAgainstMap(float64Column, fc.double({ noNaN: true, noDefaultInfinity: true }).map(plus0));
});

/** Minus zero is stored as such; it is equal for everybody but `Object.is`. */
const plus0 = (value: number): number => (value === 0 ? 0 : value);

columns('bytes come back as they were set, and no neighbour is touched', () => {
  const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(slot, bytes)), (moves) => {
      const real = new BytesColumn(5);
      const model = new Map<number, Uint8Array>();
      for (const [at, what] of moves) {
        real.set(at, what);
        model.set(at, what);
      }
      for (const [at, what] of model) {
        assert.equal([...real.view(at)], [...what]);
        assert.ok(real.equals(at, what));
        if (!model.has(at + 1)) assert.equal([...real.view(at + 1)], [0, 0, 0, 0, 0]);
      }
    }),
  );
});

columns('a part of a slot can be set and seen', () => {
  const real = new BytesColumn(4);
  real.set(4095, Uint8Array.of(1, 2, 3, 4));
  real.set(4095, Uint8Array.of(9), 2);
  assert.equal([...real.view(4095)], [1, 2, 9, 4]);
  assert.equal([...real.view(4095, 1, 3)], [2, 9]);
  real.clear(4095);
  assert.equal([...real.view(4095)], [0, 0, 0, 0]);
});

columns('an endpoint comes back, whatever kind of address was there before', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('fe80::1%eth0', '::ffff:1.2.3.4'));
  const port = fc.integer({ min: 1, max: 65_535 });
  const endpoint = fc.record({ address, port }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.option(endpoint))), (moves) => {
      const real = new EndpointColumn();
      const model = new Map<number, Endpoint>();
      for (const [at, what] of moves) {
        if (what === null) real.clear(at);
        else real.set(at, what);
        if (what === null) model.delete(at);
        else model.set(at, what);
      }
      for (let at = 0; at <= 3; at++) assert.equal(real.get(at), model.get(at));
    }),
  );
});

columns.run();

import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SeatPool } from '../../../../agent/core/seats/seat-pool.ts';
import { licenseId } from '../../../../protocol/ids.ts';

const pool = suite('seat pool');

const emptyPool = (): SeatPool =>
  new SeatPool(licenseId(new Uint8Array(16)), 'acme-cad', 'generic');

pool('lends what is licensed and not more, whatever happens to its license', () => {
  const move = fc.oneof(
    fc.constantFrom('take', 'recall', 'giveBack'),
    fc.record({ licensed: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 100 }), (moves) => {
      const real = emptyPool();
      let lent = 0;
      for (const one of moves) {
        if (typeof one !== 'string') real.granted = one.licensed;
        else if (one === 'recall') {
          real.recall(1);
          lent++;
        } else if (one === 'take' && real.free > 0) {
          real.take(1);
          lent++;
          assert.ok(lent <= real.licensed);
        } else if (one === 'giveBack' && lent > 0) {
          real.giveBack(1);
          lent--;
        }
        assert.is(real.lent, lent);
        assert.is(real.free, Math.max(0, real.licensed - lent));
      }
    }),
  );
});

pool('a seat beyond the licensed ones is a bug', () => {
  const real = emptyPool();
  assert.throws(() => real.take(1), /beyond/);
  real.granted = 1;
  real.recall(1);
  assert.throws(() => real.take(1), /beyond/);
});

pool('a seat that was not lent cannot come back', () => {
  assert.throws(() => emptyPool().giveBack(1), /not lent/);
});

pool.run();

import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SeatClaims } from '../../../../agent/core/seats/seat-claims.ts';
import { SeatPool } from '../../../../agent/core/seats/seat-pool.ts';
import { licenseId } from '../../../../protocol/ids.ts';

const claims = suite('seat claims');

const newPool = (): SeatPool => {
  const pool = new SeatPool(licenseId(new Uint8Array(16)), 'acme-cad', 'generic');
  pool.granted = 1000;
  return pool;
};

/** A lease as a test remembers it. */
interface Held {
  number: number;
  readonly seats: number;
  readonly share: string | undefined;
}

const move = fc.oneof(
  fc.record({
    kind: fc.constant('join' as const),
    seats: fc.integer({ min: 1, max: 3 }),
    share: fc.constantFrom(undefined, undefined, 'user ann', 'user bob'),
    asked: fc.constantFrom('generic', 'developer'),
    tallies: fc.subarray(['a', 'b', 'c']),
  }),
  fc.record({ kind: fc.constant('leave' as const), which: fc.nat() }),
  fc.record({
    kind: fc.constant('retally' as const),
    which: fc.nat(),
    tallies: fc.subarray(['a', 'b', 'c']),
  }),
);

claims('no seat is counted anew when rules are, and every tally is that of the claims', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const real = new SeatClaims();
      const pool = newPool();
      const held: Held[] = [];
      for (const one of moves) {
        const lent = pool.lent;
        if (one.kind === 'join') {
          const { seats, share, asked, tallies } = one;
          const parts = [{ pool, seats }];
          const [known] = share === undefined ? [] : real.shared(share);
          const number = known ?? real.open({ parts, asked, overdraft: false, share, tallies });
          real.join(number, 'lend');
          held.push({ number, seats, share });
        } else {
          const lease = held[one.which % Math.max(1, held.length)];
          if (lease === undefined) continue;
          if (one.kind === 'leave') {
            real.leave(lease.number);
            held.splice(held.indexOf(lease), 1);
          } else {
            lease.number = real.retally(lease.number, one.tallies);
            assert.is(pool.lent, lent, 'rules lend nothing');
            assert.equal(real.get(lease.number).tallies, one.tallies);
          }
        }
        checkSums(real, pool, held);
      }
      for (const { number } of held) real.leave(number);
      assert.is(pool.lent, 0);
      for (const key of ['a', 'b', 'c']) assert.is(real.tally(key), 0);
    }),
  );
});

const checkSums = (real: SeatClaims, pool: SeatPool, held: readonly Held[]): void => {
  const tallies = new Map<string, number>();
  const seen = new Set<number>();
  let lent = 0;
  for (const { number, share } of held) {
    if (share !== undefined && seen.has(number)) continue;
    seen.add(number);
    const claim = real.get(number);
    const seats = claim.parts.reduce((sum, part) => sum + part.seats, 0);
    lent += seats;
    for (const key of claim.tallies) tallies.set(key, (tallies.get(key) ?? 0) + seats);
  }
  assert.is(pool.lent, lent);
  for (const key of ['a', 'b', 'c']) assert.is(real.tally(key), tallies.get(key) ?? 0, key);
};

claims('a plain claim becomes one of its own when rules count it, and plain again', () => {
  const real = new SeatClaims();
  const pool = newPool();
  const plain = { parts: [{ pool, seats: 1 }], asked: 'generic', overdraft: false };
  const number = real.open({ ...plain, share: undefined, tallies: [] });
  real.join(number, 'lend');
  real.join(number, 'lend');
  const own = real.retally(number, ['limit/1']);
  assert.ok(real.isPlain(number) && !real.isPlain(own));
  assert.equal([real.leasesOf(number), real.leasesOf(own), pool.lent], [1, 1, 2]);
  assert.is(real.retally(own, []), number);
  assert.equal([real.leasesOf(number), real.tally('limit/1')], [2, 0]);
});

claims('those who share a claim keep it', () => {
  const real = new SeatClaims();
  const pool = newPool();
  const claim = { parts: [{ pool, seats: 2 }], asked: 'generic', overdraft: false, tallies: [] };
  const number = real.open({ ...claim, share: 'ann' });
  real.join(number, 'lend');
  real.join(number, 'lend');
  assert.is(real.retally(number, ['limit/1']), number);
  assert.equal(real.shared('ann'), [number]);
  assert.equal([real.leasesOf(number), real.tally('limit/1'), pool.lent], [2, 2, 2]);
});

claims.run();

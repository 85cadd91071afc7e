import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lendableOf, type Need, planShares } from '../../../../agent/core/site/share-plan.ts';
import {
  decodeShares,
  encodeShares,
  type Share,
} from '../../../../agent/core/site/share-record.ts';

const plan = suite('share plan');

const ALL = new Set(['a', 'b', 'c']);

const share = (member: string, seats: number, wanted = 0, since = 0): Share => ({
  member,
  seats,
  wanted,
  since,
});

const need = (terms: Partial<Need>): Need => ({
  me: 'a',
  total: 10,
  lent: 0,
  demand: 0,
  spare: 1,
  isQuiet: false,
  alive: ALL,
  gone: new Set<string>(),
  ...terms,
});

plan('who has nothing takes what it likes to have free', () => {
  assert.equal(planShares([], need({ spare: 2 })), [share('a', 2)]);
});

plan('what is waited for is taken of what nobody has', () => {
  const shares = [share('a', 3), share('b', 4)];
  assert.equal(planShares(shares, need({ lent: 3, demand: 3 })), [
    share('a', 6),
    share('b', 4, 0, 0),
  ]);
});

plan('where nothing is left it is wanted, behind who wanted before', () => {
  const shares = [share('a', 3), share('b', 3), share('c', 4, 1, 7)];
  const planned = planShares(shares, need({ lent: 3, demand: 2 }));
  assert.equal(planned, [share('a', 3, 2, 8), share('b', 3), share('c', 4, 1, 7)]);
});

plan('idle seats go to who has wanted for longest', () => {
  const shares = [share('a', 6), share('b', 2, 3, 9), share('c', 2, 4, 5)];
  const planned = planShares(shares, need({ lent: 1 }));
  assert.equal(planned, [share('a', 1), share('b', 3, 2, 9), share('c', 6)]);
});

plan('what was idle for long goes back, and a little is kept', () => {
  assert.is(planShares([share('a', 8)], need({ lent: 1, spare: 1 })), undefined);
  const planned = planShares([share('a', 8)], need({ lent: 1, spare: 1, isQuiet: true }));
  assert.equal(planned, [share('a', 2)]);
});

plan('the seats of the dead are nobody’s when nobody holds one any more', () => {
  const shares = [share('a', 5), share('b', 5)];
  assert.is(planShares(shares, need({ lent: 4, alive: new Set(['a']) })), undefined);
  const gone = new Set(['b']);
  const planned = planShares(shares, need({ lent: 5, demand: 2, alive: new Set(['a']), gone }));
  assert.equal(planned, [share('a', 8)]);
});

plan('who is dead wants nothing', () => {
  const shares = [share('a', 5), share('b', 5, 3, 1)];
  const planned = planShares(shares, need({ lent: 1, alive: new Set(['a']) }));
  assert.equal(planned, [share('a', 5), share('b', 5)]);
});

plan('of fewer seats than are shared those who come last lend fewer', () => {
  const shares = [share('b', 4), share('a', 4), share('c', 4)];
  assert.equal(
    ['a', 'b', 'c', 'd'].map((me) => lendableOf(shares, me, 6)),
    [4, 2, 0, 0],
  );
});

const members = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
const world = fc
  .tuple(members, fc.array(fc.nat(6), { minLength: 4 }), fc.array(fc.nat(3), { minLength: 4 }))
  .map(([names, seats, wanted]) =>
    names.map((name, i) =>
      share(name, seats[i] ?? 0, wanted[i] ?? 0, (wanted[i] ?? 0) > 0 ? i + 1 : 0),
    ),
  );

plan('no plan shares more than there is, takes from others, or gives what is lent', () => {
  fc.assert(
    fc.property(
      world,
      fc.nat(8),
      fc.nat(4),
      fc.nat(3),
      fc.boolean(),
      (shares, extra, demand, spare, isQuiet) => {
        const sum = shares.reduce((all, { seats }) => all + seats, 0);
        const own = shares.find(({ member }) => member === 'a')?.seats ?? 0;
        const lent = own > 0 ? extra % (own + 1) : 0;
        const alive = new Set(['a', ...shares.map(({ member }) => member)]);
        const total = sum + extra;
        const planned = planShares(shares, need({ total, lent, demand, spare, isQuiet, alive }));
        if (planned === undefined) return;
        assert.ok(planned.reduce((all, { seats }) => all + seats, 0) <= total);
        assert.ok((planned.find(({ member }) => member === 'a')?.seats ?? 0) >= lent);
        for (const { member, seats } of shares) {
          if (member === 'a') continue;
          assert.ok((planned.find((one) => one.member === member)?.seats ?? 0) >= seats);
        }
      },
    ),
    { numRuns: 500 },
  );
});

plan('a plan that was carried out is followed by none, where nothing has changed', () => {
  fc.assert(
    fc.property(
      world,
      fc.nat(8),
      fc.nat(4),
      fc.nat(3),
      fc.boolean(),
      (shares, extra, demand, spare, isQuiet) => {
        const total = shares.reduce((all, { seats }) => all + seats, 0) + extra;
        const alive = new Set(['a', ...shares.map(({ member }) => member)]);
        const same = need({ total, demand, spare, isQuiet, alive });
        const planned = planShares(shares, same);
        if (planned === undefined) return;
        const kept = decodeShares(encodeShares(planned)) ?? [];
        assert.is(
          planShares(kept, same),
          undefined,
          JSON.stringify([shares, planned, planShares(kept, same)]),
        );
      },
    ),
    { numRuns: 500 },
  );
});

plan('a value that is no record is refused', () => {
  assert.is(decodeShares(new Uint8Array([1, 2, 3])), undefined);
  assert.equal(decodeShares(encodeShares([share('b', 2, 1, 1), share('c', 0)])), [
    share('b', 2, 1, 1),
  ]);
});

plan.run();

import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Rules } from '../../../../agent/core/rules/rules.ts';
import { takenUp } from '../../../../agent/core/rules/taken-up.ts';
import { withheldSeats } from '../../../../agent/core/rules/withheld-seats.ts';
import { asker, rulesOf } from './rules-rig.ts';

const withheld = suite('withheld seats');

type Free = Readonly<Record<string, number>>;

const kept = (rules: Rules, user: string, className: string, free: Free, held: Free = {}): number =>
  withheldSeats(
    rules,
    asker(user),
    { product: 'p', class: className },
    { free: (one) => free[one] ?? 0, taken: (key) => held[key] ?? 0 },
  );

withheld('what is not taken up yet is kept from others and not from those it is for', () => {
  const rules = rulesOf('reserve 2 p for user ann');
  assert.is(kept(rules, 'bob', 'generic', { generic: 5 }), 2);
  assert.is(kept(rules, 'bob', 'generic', { generic: 5 }, { 'reserve/1': 1 }), 1);
  assert.is(kept(rules, 'bob', 'generic', { generic: 5 }, { 'reserve/1': 7 }), 0);
  assert.is(kept(rules, 'bob', 'generic', { generic: 1 }), 1, 'never more than there are');
  assert.is(kept(rules, 'ann', 'generic', { generic: 5 }), 0);
  assert.is(kept(rules, 'bob', 'dev', { dev: 3, generic: 1 }), 2, 'of whatever class is asked for');
  assert.is(kept(rulesOf('reserve 2 q for user ann'), 'bob', 'dev', { dev: 3 }), 0);
});

withheld('a class keeps its own seats first, and generic ones for the rest', () => {
  const rules = rulesOf('reserve 2 p/dev for user ann');
  assert.is(kept(rules, 'bob', 'dev', { dev: 3, generic: 2 }), 2);
  assert.is(kept(rules, 'bob', 'exec', { dev: 2, exec: 1, generic: 2 }), 0);
  assert.is(kept(rules, 'bob', 'exec', { dev: 1, exec: 1, generic: 2 }), 1);
  assert.is(kept(rules, 'bob', 'generic', { dev: 0, generic: 2 }), 2);
  assert.is(kept(rules, 'ann', 'dev', { dev: 1, generic: 1 }), 0);
  assert.is(kept(rules, 'ann', 'exec', { exec: 0, generic: 2 }), 2, 'that is no seat of dev');
  const two = rulesOf('reserve 2 p/dev for user ann', 'reserve 2 p/dev for user eve');
  assert.is(kept(two, 'bob', 'exec', { dev: 3, generic: 2 }), 1);
  const generic = rulesOf('reserve 1 p/generic for user ann');
  assert.is(kept(generic, 'bob', 'dev', { dev: 2, generic: 2 }), 1);
  assert.is(kept(generic, 'bob', 'generic', { generic: 2 }), 1);
});

withheld(
  'where there are too few seats an earlier line comes first, and none blocks another',
  () => {
    const rules = rulesOf('reserve 3 p for user ann', 'reserve 3 p for user eve');
    assert.is(kept(rules, 'ann', 'generic', { generic: 4 }), 1, 'the last one is for eve');
    assert.is(kept(rules, 'ann', 'generic', { generic: 3 }), 0);
    assert.is(kept(rules, 'eve', 'generic', { generic: 4 }), 3);
    assert.is(kept(rules, 'eve', 'generic', { generic: 3 }), 3);
    assert.is(kept(rules, 'eve', 'generic', { generic: 1 }, { 'reserve/1': 3 }), 0);
    assert.is(kept(rules, 'ann', 'generic', { generic: 2 }, { 'reserve/1': 3 }), 2);
  },
);

/* --- A small model of lending, with its own idea of what each rule means. --- */

const CLASSES = ['dev', 'exec', 'generic'] as const;
type ClassName = (typeof CLASSES)[number];
const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;

interface Lease {
  readonly user: string;
  readonly asked: ClassName;
  readonly from: ClassName;
}

interface Wish {
  readonly line: string;
  readonly kind: 'reserve' | 'limit' | 'exclude';
  readonly count: number;
  readonly each: boolean;
  readonly fits: (user: string, asked: string) => boolean;
}

class Model {
  readonly rules: Rules;
  readonly free: Record<ClassName, number>;
  leases: readonly Lease[] = [];
  readonly wishes: readonly Wish[];

  constructor(wishes: readonly Wish[], free: Record<ClassName, number>) {
    this.wishes = wishes;
    this.rules = rulesOf(...wishes.map(({ line }) => line));
    this.free = { ...free };
  }

  copy(): Model {
    const other = new Model(this.wishes, this.free);
    other.leases = this.leases;
    return other;
  }

  /** As lending does it: exclusions, limits, reservations, then its class before generic. */
  acquire(user: string, asked: ClassName): boolean {
    const target = { product: 'p', class: asked };
    const held = this.tallies();
    const tally = (key: string): number => held.get(key) ?? 0;
    const taken = takenUp(this.rules.reservations(target), held);
    const free = (one: string): number => this.free[one as ClassName] ?? 0;
    if (this.rules.excludes(asker(user), target) !== undefined) return false;
    const limits = this.rules.limits(asker(user), target);
    if (limits.some(({ key, most }) => tally(key) >= most)) return false;
    const all = asked === 'generic' ? free(asked) : free(asked) + free('generic');
    const less = withheldSeats(this.rules, asker(user), target, {
      free,
      taken: (key) => taken.get(key) ?? 0,
    });
    assert.ok(less >= 0 && less <= all);
    if (all - less < 1) return false;
    const from = this.free[asked] > 0 ? asked : 'generic';
    this.free[from]--;
    this.leases = [...this.leases, { user, asked, from }];
    return true;
  }

  tallies(): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    for (const { user, asked } of this.leases) {
      for (const key of this.rules.tallies(asker(user), { product: 'p', class: asked })) {
        held.set(key, (held.get(key) ?? 0) + 1);
      }
    }
    return held;
  }

  release(index: number): void {
    const lease = this.leases[index % this.leases.length];
    if (lease === undefined) return;
    this.free[lease.from]++;
    this.leases = this.leases.filter((one) => one !== lease);
  }

  held({ fits }: Wish, user?: string): number {
    return this.leases.filter(
      (lease) => fits(lease.user, lease.asked) && (user === undefined || user === lease.user),
    ).length;
  }

  /** A seat counts for one reservation: who fits fewer chooses first, and takes the first with room. */
  unmet(wish: Wish): number {
    if (wish.kind !== 'reserve') return 0;
    const left = new Map(this.wishes.map((one) => [one, one.kind === 'reserve' ? one.count : 0]));
    const fitting = this.leases
      .map(({ user, asked }) => {
        const lines = [...left.keys()].filter((one) => one.kind === 'reserve');
        return lines.filter(({ fits }) => fits(user, asked)).map((one) => this.wishes.indexOf(one));
      })
      .sort((one, other) => one.length - other.length || (one.join() < other.join() ? -1 : 1));
    for (const lines of fitting) {
      const line = lines
        .map((at) => this.wishes[at])
        .find((one) => one && (left.get(one) ?? 0) > 0);
      if (line !== undefined) left.set(line, (left.get(line) ?? 0) - 1);
    }
    return left.get(wish) ?? 0;
  }
}

const scopes = fc.constantFrom<ClassName | null>(null, ...CLASSES);
const who = fc.oneof(
  fc.subarray([...USERS], { minLength: 1, maxLength: 3 }),
  fc.constant([...USERS]),
);

/** A rule of its kind for some users; groups are written on the lines behind. */
const wishOf = (
  kind: Wish['kind'],
  count: number,
  className: ClassName | null,
  users: readonly string[],
  each: boolean,
): Wish => {
  const group = `g${users.join('')}`;
  const product = className === null ? 'p' : `p/${className}`;
  const meant = each ? `each user in group ${group}` : `group ${group}`;
  const line =
    kind === 'exclude'
      ? `exclude group ${group} from ${product}`
      : `${kind} ${count} ${product} for ${meant}`;
  const fits = (user: string, asked: string): boolean =>
    users.includes(user) && (className === null || className === asked);
  return { line, kind, count, each, fits };
};

const wishes = fc
  .array(
    fc
      .record({
        kind: fc.constantFrom<Wish['kind']>('reserve', 'reserve', 'limit', 'exclude'),
        count: fc.integer({ min: 1, max: 3 }),
        className: scopes,
        users: who,
        each: fc.boolean(),
      })
      .map(({ kind, count, className, users, each }) =>
        wishOf(kind, count, className, users, each && kind === 'limit'),
      ),
    { maxLength: 5 },
  )
  .map((all) => [...new Map(all.map((wish) => [wish.line.replace(/\d+/, 'N'), wish])).values()])
  .map((all) => [...all, ...groupLines(all)]);

/** The lines of the groups that these rules name, as rules that ask for nothing. */
const groupLines = (all: readonly Wish[]): readonly Wish[] => {
  const names = new Set(all.map(({ line }) => /group (\S+)/.exec(line)?.[1] ?? ''));
  return [...names].map((name) => ({
    line: `group ${name} = ${USERS.filter((user) => name.includes(user))
      .map((user) => `user ${user}`)
      .join(', ')}`,
    kind: 'limit',
    count: Number.POSITIVE_INFINITY,
    each: false,
    fits: () => false,
  }));
};

const seats = fc.record({ dev: fc.nat(4), exec: fc.nat(4), generic: fc.nat(4) });
const moves = fc.array(
  fc.oneof(
    fc.record({ user: fc.constantFrom(...USERS), asked: fc.constantFrom(...CLASSES) }),
    fc.record({ user: fc.constantFrom(...USERS), asked: fc.constantFrom(...CLASSES) }),
    fc.nat(20),
  ),
  { minLength: 10, maxLength: 30 },
);

/** Whether the seats suffice for all that is reserved and not taken up, any class asking for `asked`. */
const suffices = (model: Model, reserved: readonly Wish[], asked: ClassName): boolean => {
  const wanted: Record<ClassName, number> = { dev: 0, exec: 0, generic: 0 };
  for (const wish of reserved) {
    const className = CLASSES.find((one) => wish.line.includes(`p/${one} `)) ?? asked;
    wanted[className] += model.unmet(wish);
  }
  const beyond = (one: 'dev' | 'exec'): number => Math.max(0, wanted[one] - model.free[one]);
  return beyond('dev') + beyond('exec') + wanted.generic <= model.free.generic;
};

withheld('limits hold, the excluded hold nothing, and no grant eats what is reserved', () => {
  let granted = 0;
  let refused = 0;
  fc.assert(
    fc.property(wishes, seats, moves, (all, free, steps) => {
      const model = new Model(all, free);
      const sufficed = (): boolean => CLASSES.every((one) => suffices(model, all, one));
      for (const step of steps) {
        const before = sufficed();
        if (typeof step === 'number') {
          model.release(step);
          continue;
        }
        if (model.acquire(step.user, step.asked)) granted++;
        else refused++;
        assert.ok(!before || sufficed(), 'a grant ate a reserved seat');
        for (const wish of all) {
          if (wish.kind === 'exclude') assert.is(model.held(wish), 0);
          if (wish.kind !== 'limit') continue;
          for (const user of wish.each ? USERS : [undefined]) {
            assert.ok(model.held(wish, user) <= wish.count, wish.line);
          }
        }
      }
    }),
    { numRuns: 1_500 },
  );
  assert.ok(granted > 1_000 && refused > 1_000, `${granted} granted, ${refused} refused`);
});

/** Each user has at most one reservation, so that none is taken up by a seat of another. */
const ownReservations = fc
  .array(fc.tuple(fc.nat(3), fc.constantFrom(...CLASSES)), { minLength: 1, maxLength: 4 })
  .map((all) =>
    all.map(([count, className], index) =>
      wishOf('reserve', count + 1, className, [USERS[index] ?? 'u0'], false),
    ),
  );

withheld('whoever has a reservation gets it in full, at any time and in any order', () => {
  let played = 0;
  const order = fc.array(fc.nat(100), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(ownReservations, seats, moves, order, (reserved, free, steps, picks) => {
      const model = new Model([...reserved, ...groupLines(reserved)], free);
      if (!suffices(model, reserved, 'generic')) return;
      played++;
      for (const step of steps) {
        if (typeof step === 'number') model.release(step);
        else model.acquire(step.user, step.asked);
        const future = model.copy();
        for (const pick of picks) {
          const open = reserved.filter((wish) => future.unmet(wish) > 0);
          const wish = open[pick % Math.max(1, open.length)];
          if (wish === undefined) break;
          const className = CLASSES.find((one) => wish.line.includes(`p/${one} `)) ?? 'generic';
          const user = USERS.find((one) => wish.fits(one, className)) ?? '';
          assert.ok(future.acquire(user, className), wish.line);
        }
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(played > 50, `${played} played`);
});

withheld('with too few seats for all, the first line still gets every seat that is free', () => {
  fc.assert(
    fc.property(ownReservations, seats, fc.nat(5), (reserved, free, taken) => {
      const rules = rulesOf(...[...reserved, ...groupLines(reserved)].map(({ line }) => line));
      const first = reserved[0];
      const className = CLASSES.find((one) => first?.line.includes(`p/${one} `)) ?? 'generic';
      const all = free.generic + (className === 'generic' ? 0 : free[className]);
      const unmet = Math.max(0, (first?.count ?? 0) - taken);
      const less = kept(rules, 'u0', className, free, { 'reserve/1': taken });
      assert.ok(all - less >= Math.min(unmet, all));
    }),
  );
});

withheld.run();

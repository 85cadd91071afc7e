/** A small model of lending, with its own idea of what each rule means. */

import fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Rules } from '../../../../agent/core/rules/rules.ts';
import { takenUp } from '../../../../agent/core/rules/taken-up.ts';
import { withheldSeats } from '../../../../agent/core/rules/withheld-seats.ts';
import { asker, rulesOf } from './rules-rig.ts';

export const CLASSES = ['dev', 'exec', 'generic'] as const;
export type ClassName = (typeof CLASSES)[number];
export const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;

interface Lease {
  readonly user: string;
  readonly asked: ClassName;
  readonly from: ClassName;
}

export interface Wish {
  readonly line: string;
  readonly kind: 'reserve' | 'limit' | 'exclude';
  readonly count: number;
  readonly each: boolean;
  readonly fits: (user: string, asked: string) => boolean;
}

export class Model {
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
      kept: this.rules.reservations(target),
      free,
      taken: (key) => taken.get(key) ?? 0,
    }).seats;
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

  /** A seat counts for one reservation: as many as can be, those for one class first. */
  unmet(wish: Wish): number {
    if (wish.kind !== 'reserve') return 0;
    const seatOf = new Map<Lease, readonly [Wish, number]>();
    const cover = (one: Wish, seat: number, tried: Set<Lease>): boolean =>
      this.leases.some((lease) => {
        if (tried.has(lease) || !one.fits(lease.user, lease.asked)) return false;
        tried.add(lease);
        const other = seatOf.get(lease);
        if (other !== undefined && !cover(other[0], other[1], tried)) return false;
        seatOf.set(lease, [one, seat]);
        return true;
      });
    const isForAny = ({ line }: Wish): boolean => !line.includes(' p/');
    const inTurn = [...this.wishes].sort((a, b) => Number(isForAny(a)) - Number(isForAny(b)));
    for (const one of inTurn) {
      if (one.kind !== 'reserve') continue;
      for (let seat = 0; seat < one.count; seat++) cover(one, seat, new Set());
    }
    return wish.count - [...seatOf.values()].filter(([one]) => one === wish).length;
  }
}

const scopes = fc.constantFrom<ClassName | null>(null, ...CLASSES);
const who = fc.oneof(
  fc.subarray([...USERS], { minLength: 1, maxLength: 3 }),
  fc.constant([...USERS]),
);

/** A rule of its kind for some users; groups are written on the lines behind. */
export const wishOf = (
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

export const wishes = fc
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
export const groupLines = (all: readonly Wish[]): readonly Wish[] => {
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

export const seats = fc.record({ dev: fc.nat(4), exec: fc.nat(4), generic: fc.nat(4) });
export const moves = fc.array(
  fc.oneof(
    fc.record({ user: fc.constantFrom(...USERS), asked: fc.constantFrom(...CLASSES) }),
    fc.record({ user: fc.constantFrom(...USERS), asked: fc.constantFrom(...CLASSES) }),
    fc.nat(20),
  ),
  { minLength: 10, maxLength: 30 },
);

/** Whether the seats suffice for all that is reserved and not taken up, any class asking for `asked`. */
export const suffices = (model: Model, reserved: readonly Wish[], asked: ClassName): boolean => {
  const wanted: Record<ClassName, number> = { dev: 0, exec: 0, generic: 0 };
  for (const wish of reserved) {
    const className = CLASSES.find((one) => wish.line.includes(`p/${one} `)) ?? asked;
    wanted[className] += model.unmet(wish);
  }
  const beyond = (one: 'dev' | 'exec'): number => Math.max(0, wanted[one] - model.free[one]);
  return beyond('dev') + beyond('exec') + wanted.generic <= model.free.generic;
};

/**
 * What the licenses on one agent allow, by their text and what was seen of it, beside its own books: which
 * are there, how far its calendar has come, what was superseded, when trials began.
 */

import { SUPERSEDED_PREFIX } from '../../agent/core/seats/allowance.ts';
import { decodeLeaseRecord, type LeaseRecord } from '../../agent/core/seats/lease-record.ts';
import type { SeatClaim } from '../../agent/core/seats/seat-claims.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { GENERIC_CLASS, type License } from '../../protocol/license.ts';
import { seatsAt } from '../../protocol/stages.ts';
import { type EpochSeconds, epochSeconds, type Moment } from '../../protocol/units.ts';
import type { CalendarTruth } from './calendar-truth.ts';
import type { PlannedLicense } from './licenses.ts';

/** Seats from a true time on. */
interface Change {
  readonly at: number;
  readonly seats: number;
}

/** One pool of one license, through all of its life. */
interface PoolTruth {
  readonly license: License;
  readonly class: string;
  readonly index: number;
  /** In the order of time; the first one is from the beginning. */
  readonly changes: Change[];
}

const poolKey = (id: LicenseId, className: string): string => `${id}/${className}`;

export class LicenseTruth {
  readonly #licenses: ReadonlyMap<LicenseId, License>;
  readonly #pools = new Map<string, PoolTruth>();
  readonly #shelf = new Set<LicenseId>();
  /** What was superseded, by what. Nothing undoes it, once it is on the disk. */
  readonly #heirs = new Map<LicenseId, LicenseId>();
  /** By product: when the first lease of a trial was granted that anybody heard of. */
  readonly #trials = new Map<string, EpochSeconds>();
  /** Worked out before, until something changes: roots by pool, and seats of all pools of a root. */
  readonly #roots = new Map<string, string>();
  readonly #seats = new Map<string, number>();
  /** Something has come or gone since the pools were looked at. */
  #isStale = true;
  readonly #calendar: CalendarTruth;

  constructor(licenses: readonly PlannedLicense[], calendar: CalendarTruth) {
    this.#calendar = calendar;
    this.#licenses = new Map(licenses.map(({ license }) => [license.id, license]));
    for (const license of this.#licenses.values()) {
      for (const [index, { class: name }] of license.pools.entries()) {
        const changes = [{ at: Number.NEGATIVE_INFINITY, seats: 0 }];
        this.#pools.set(poolKey(license.id, name), { license, class: name, index, changes });
      }
    }
  }

  /** The agent starts: its calendar is as far as its disk says. */
  booted(durable: ReadonlyMap<string, Uint8Array>): void {
    this.#shelf.clear();
    this.#isStale = true;
    for (const old of this.#heirs.keys())
      if (!durable.has(SUPERSEDED_PREFIX + old)) this.#heirs.delete(old);
    this.#roots.clear();
    this.#seats.clear();
    this.#calendar.booted(durable);
  }

  /** An administrator has let the agent's clock be true: what began in the future begins now. */
  clockReset(wall: EpochSeconds): void {
    this.#isStale = true;
    for (const [product, began] of this.#trials) {
      this.#trials.set(product, epochSeconds(Math.min(began, wall)));
    }
    this.#calendar.reset(wall);
  }

  get #mark(): EpochSeconds {
    return this.#calendar.mark;
  }

  shelved(id: LicenseId): void {
    this.#isStale = true;
    this.#shelf.add(id);
  }

  unshelved(id: LicenseId): void {
    this.#isStale = true;
    this.#shelf.delete(id);
  }

  /** The agent's calendar was looked at, and its licenses may have come or gone. */
  refresh(now: number, moment: Moment): boolean {
    const isLater = this.#calendar.see(moment);
    if (!this.#isStale && !isLater) return false;
    this.#isStale = false;
    this.#succeed();
    let hasChanged = false;
    for (const pool of this.#pools.values()) {
      const seats = this.#seatsOf(pool);
      if (pool.changes.at(-1)?.seats === seats) continue;
      pool.changes.push({ at: now, seats });
      hasChanged = true;
    }
    if (hasChanged) this.#seats.clear();
    return hasChanged;
  }

  #succeed(): void {
    for (const id of this.#shelf) {
      const heir = this.#licenses.get(id);
      if (heir === undefined || this.#mark < heir.starts) continue;
      for (const old of heir.supersedes) {
        if (!this.#shelf.has(old) || this.#heirs.has(old)) continue;
        this.#heirs.set(old, id);
        this.#roots.clear();
        this.#seats.clear();
      }
    }
  }

  /** A license lends while it is here, in its time, and in nobody's place. */
  lendsNow({ id, starts, expires, product, trial }: License): boolean {
    if (!this.#shelf.has(id) || this.#heirs.has(id)) return false;
    if (this.#mark < starts || (expires !== null && this.#mark >= expires)) return false;
    const began = trial === null ? undefined : this.#trials.get(product);
    return began === undefined || trial === null || this.#mark < began + trial;
  }

  #seatsOf({ license, index }: PoolTruth): number {
    const grant = license.pools[index];
    if (grant === undefined || !this.lendsNow(license)) return 0;
    return seatsAt(grant, this.#mark) + grant.overdraft;
  }

  /** The pool in which seats of this one are counted: those of a superseded license in its heir's. */
  rootOf(id: LicenseId, className: string): string {
    const key = poolKey(id, className);
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const root = this.#findRoot(id, className);
    this.#roots.set(key, root);
    return root;
  }

  #findRoot(id: LicenseId, className: string): string {
    const heir = this.#licenses.get(this.#heirs.get(id) ?? id);
    if (heir === undefined || heir.id === id) return poolKey(id, className);
    if (heir.type === 'server') return this.rootOf(heir.id, className);
    const fits = [className, GENERIC_CLASS].find((name) =>
      heir.pools.some((pool) => pool.class === name),
    );
    return fits === undefined ? poolKey(id, className) : this.rootOf(heir.id, fits);
  }

  /** The license that a lease's seats are of; `undefined` for what was never issued. */
  license(id: LicenseId): License | undefined {
    return this.#licenses.get(id);
  }

  isOfType(id: LicenseId, type: License['type']): boolean {
    return this.#licenses.get(id)?.type === type;
  }

  /** Whether a claim is of a license that has no limit, and not only shows it. */
  isUnlimitedClaim({ parts }: SeatClaim): boolean {
    return parts.some(({ pool, seats }) => seats > 0 && this.isOfType(pool.licenseId, 'server'));
  }

  /** Users that may be assigned to a class of a product now. */
  namedSeats(product: string, className: string): number {
    let seats = 0;
    for (const { license, class: name, index } of this.#pools.values()) {
      const grant = license.pools[index];
      const isMeant = license.type === 'named' && license.product === product && name === className;
      if (isMeant && grant !== undefined && this.lendsNow(license)) {
        seats += seatsAt(grant, this.#mark);
      }
    }
    return seats;
  }

  /** Seats of a pool now, with those that the vendor tolerates. */
  seatsNow(
    id: LicenseId,
    className: string,
  ): { readonly seats: number; readonly overdraft: number } {
    const pool = this.#pools.get(poolKey(id, className));
    const grant = pool?.license.pools[pool.index];
    if (pool === undefined || grant === undefined || !this.lendsNow(pool.license)) {
      return { seats: 0, overdraft: 0 };
    }
    return { seats: seatsAt(grant, this.#mark), overdraft: grant.overdraft };
  }

  /**
   * Seats of a product that are left for who asks for a class (`null`: for anything), the tolerated
   * ones among them. `lent`: by license and class.
   */
  seatsLeft(
    product: string,
    className: string | null,
    lent: (id: LicenseId, name: string) => number,
  ): number {
    let left = 0;
    for (const pool of this.#pools.values()) {
      const { license, class: name } = pool;
      const serves = className === null || name === className || name === GENERIC_CLASS;
      if (license.product !== product || !serves) continue;
      left += Math.max(0, this.#seatsOf(pool) - lent(license.id, name));
    }
    return left;
  }

  /** A license without a limit counts its users in a pool of its own. */
  isUnlimited(root: string): boolean {
    return this.#licenses.get(root.split('/')[0] as LicenseId)?.type === 'server';
  }

  /** Seconds. */
  get longestTerm(): number {
    return Math.max(...[...this.#licenses.values()].map(({ term }) => term));
  }

  /** Seats that all pools counted in one have together now. */
  rootSeats(root: string): number {
    const known = this.#seats.get(root);
    if (known !== undefined) return known;
    let seats = 0;
    for (const { license, class: name, changes } of this.#pools.values()) {
      if (this.rootOf(license.id, name) === root) seats += changes.at(-1)?.seats ?? 0;
    }
    this.#seats.set(root, seats);
    return seats;
  }

  /** The most seats that all pools counted in one had together at any time since. */
  mostSince(root: string, since: number): number {
    const pools = [...this.#pools.values()].filter(
      (pool) => this.rootOf(pool.license.id, pool.class) === root,
    );
    const times = pools.flatMap(({ changes }) => changes.map(({ at }) => at));
    const later = [since, ...times.filter((at) => at > since)];
    return Math.max(
      ...later.map((at) => pools.reduce((sum, pool) => sum + seatsWhen(pool, at), 0)),
    );
  }

  /** Why a lease of this record may not be granted or renewed now; `undefined` when it may. */
  faultOf(record: LeaseRecord): string | undefined {
    for (const { licenseId, class: className } of record.parts) {
      const root = this.rootOf(licenseId, className).split('/')[0] as LicenseId;
      const license = this.#licenses.get(root);
      if (license === undefined) return `${root} was never issued`;
      if (!this.#shelf.has(root)) return `${root} was removed`;
      if (this.#heirs.has(root)) return `${root} is superseded`;
      if (!this.lendsNow(license)) return this.#lateness(license);
    }
    return undefined;
  }

  #lateness({ id, starts, expires, trial, product }: License): string {
    const began = trial === null ? 'none' : `${this.#trials.get(product)} + ${trial}`;
    return `${id} is not in force at ${this.#mark}: from ${starts} to ${expires}, trial ${began}`;
  }

  /** Why a lease that was decided on earlier may not be spoken of; `undefined` when it may. */
  removedOf(record: LeaseRecord): string | undefined {
    const roots = record.parts.map((part) => this.rootOf(part.licenseId, part.class).split('/')[0]);
    const gone = roots.find((id) => !this.#shelf.has(id as LicenseId));
    return gone === undefined ? undefined : `${gone} was removed`;
  }

  /** A lease was spoken of: the trials of its licenses have begun, when it was decided on. */
  spoken(record: LeaseRecord): void {
    for (const { licenseId } of record.parts) {
      const license = this.#licenses.get(licenseId);
      if (license === undefined || license.trial === null) continue;
      const { product } = license;
      const began = this.#trials.get(product) ?? record.granted;
      this.#isStale = true;
      this.#trials.set(product, epochSeconds(Math.min(began, record.granted)));
    }
  }
}

const seatsWhen = ({ changes }: PoolTruth, at: number): number =>
  changes.findLast((change) => change.at <= at)?.seats ?? 0;

const records = new WeakMap<Uint8Array, LeaseRecord>();

/** A lease record, decoded once. */
export const recordOf = (value: Uint8Array): LeaseRecord | undefined => {
  const known = records.get(value);
  if (known !== undefined) return known;
  const record = decodeLeaseRecord(value);
  if (record !== undefined) records.set(value, record);
  return record;
};

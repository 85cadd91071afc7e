/** The administrator's rules, ready to be asked. They know nobody's seats: counts are the caller's. */

import { assert } from '../../../protocol/result.ts';
import type { Seconds } from '../../../protocol/units.ts';
import { belongsTo, Groups, type Standing } from './groups.ts';
import {
  type Asker,
  type BorrowRule,
  covers,
  type LimitRule,
  type Reservation,
  type ReserveRule,
  type Rule,
  type RuleLine,
  type SeatRule,
  type Target,
} from './rule.ts';
import { reservedKey } from './taken-up.ts';

/** Whether and how somebody may borrow. */
export interface BorrowRuling {
  readonly allowed: boolean;
  /** `undefined`: as long as the license allows. */
  readonly longest: Seconds | undefined;
  /** Seats that may be borrowed at a time by all that the line is for; `undefined`: any number. */
  readonly seats: number | undefined;
  /** Where to count borrowed seats that `seats` bounds. */
  readonly key: string | undefined;
  /** What decided: for a refusal the first line that names the product. */
  readonly line: RuleLine | undefined;
}

/** What the keys of limits begin with. */
export const LIMIT_PREFIX = 'limit/';

/** At most so many seats may be counted under `key`. */
export interface Limit {
  readonly key: string;
  readonly most: number;
  readonly line: RuleLine;
}

type OfKind<K extends Rule['kind']> = Extract<SeatRule, { readonly kind: K }>;

/** What a limit is called where it counts; no two lines of a file are called alike, and none has a `/`. */
export type NameLine = (line: RuleLine) => string;

const byNumber: NameLine = ({ number }) => String(number);

export class Rules {
  /** Every rule in the order of the lines. */
  readonly all: readonly Rule[];
  readonly #groups: Groups;
  /** By kind and product (`null`: everything), in the order of the lines. */
  readonly #bySubject = new Map<string, SeatRule[]>();
  readonly #reservations = new Map<string, ReserveRule>();
  /** By the start of the keys that they count under. */
  readonly #limits = new Map<string, LimitRule>();
  readonly #limitKeys = new Map<LimitRule, string>();
  /** Who asked last: one request asks many questions for the same asker. */
  #last: { readonly asker: Asker; readonly standing: Standing } | undefined;

  /** Takes rules that parseRules has checked. */
  constructor(all: readonly Rule[], nameLine: NameLine = byNumber) {
    this.all = all;
    this.#groups = new Groups(all.filter((rule) => rule.kind === 'group'));
    for (const rule of all) {
      if (rule.kind === 'group') continue;
      const subject = subjectKey(rule.kind, rule.scope.product);
      const others = this.#bySubject.get(subject);
      if (others === undefined) this.#bySubject.set(subject, [rule]);
      else others.push(rule);
      if (rule.kind === 'reserve') this.#reservations.set(reservedKey([rule.line.number]), rule);
      if (rule.kind === 'limit') {
        const key = `${LIMIT_PREFIX}${nameLine(rule.line)}`;
        this.#limits.set(key, rule);
        this.#limitKeys.set(rule, key);
      }
    }
  }

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  /** The first line that keeps the asker from these seats. */
  excludes(asker: Asker, target: Target): RuleLine | undefined {
    return this.#first('exclude', asker, target)?.line;
  }

  /** The place in the queue: higher first, -100 to 100. */
  priority(asker: Asker, target: Target): number {
    return this.#first('priority', asker, target)?.priority ?? 0;
  }

  /** A client that is idle longer gives up its seat; `undefined`: never. */
  idleLimit(asker: Asker, target: Target): Seconds | undefined {
    return this.#first('idle', asker, target)?.longest;
  }

  borrow(asker: Asker, target: Target): BorrowRuling {
    const rule = this.#first('borrow', asker, target);
    if (rule !== undefined) {
      const { longest, seats, line } = rule;
      const key = seats === undefined ? undefined : keyOf(rule);
      return { allowed: true, longest, seats, key, line };
    }
    const naming = this.#about('borrow', target)[0];
    const none = { longest: undefined, seats: undefined, key: undefined };
    return { allowed: naming === undefined, ...none, line: naming?.line };
  }

  /**
   * Every count that a seat of this target adds to while the asker holds it: each limit that is on
   * it, and one key for all the reservations that it could take up. The same text gives the same keys.
   */
  tallies(asker: Asker, target: Target): readonly string[] {
    const limits = this.limits(asker, target).map(({ key }) => key);
    const fitting = this.#reserving(asker, target);
    if (fitting.length === 0) return limits;
    return [...limits, reservedKey(fitting.map(({ line }) => line.number))];
  }

  /** The reservations that a seat of this target could take up while the asker holds it, by their keys. */
  reservedFor(asker: Asker, target: Target): readonly string[] {
    return this.#reserving(asker, target).map(({ line }) => reservedKey([line.number]));
  }

  #reserving(asker: Asker, target: Target): readonly OfKind<'reserve'>[] {
    const about = this.#about('reserve', target);
    if (about.length === 0) return about;
    const standing = this.standing(asker);
    return about.filter((rule) => belongsTo(rule.who, standing));
  }

  /** All limits on the asker. */
  limits(asker: Asker, target: Target): readonly Limit[] {
    const about = this.#about('limit', target);
    if (about.length === 0) return NO_LIMITS;
    const standing = this.standing(asker);
    return about
      .filter((rule) => belongsTo(rule.who, standing))
      .map((rule) => ({ key: this.#keyOf(rule, standing), most: rule.most, line: rule.line }));
  }

  #keyOf(rule: LimitRule, standing: Standing): string {
    const key = this.#limitKeys.get(rule) ?? '';
    return rule.each === undefined ? key : `${key}/${rule.each}/${standing[rule.each]}`;
  }

  /** The rule that counts under a key of `limits`, where there is one. */
  limitOf(key: string): LimitRule | undefined {
    const end = key.indexOf('/', LIMIT_PREFIX.length);
    return this.#limits.get(end < 0 ? key : key.slice(0, end));
  }

  /**
   * All reservations of the product. One of another class matters too: where the free seats of that
   * class do not cover it, it holds back generic ones.
   */
  reservations({ product }: Pick<Target, 'product'>): readonly Reservation[] {
    const rules = this.#bySubject.get(subjectKey('reserve', product)) ?? [];
    return rules.filter(isKind('reserve')).map((rule) => ({
      key: reservedKey([rule.line.number]),
      seats: rule.seats,
      line: rule.line,
      target: { product, class: rule.scope.class },
    }));
  }

  /** Whether the reservation of this key is for the asker. */
  isFor(key: string, asker: Asker): boolean {
    const rule = this.#reservations.get(key);
    assert(rule !== undefined, `no reservation has the key ${key}`);
    return belongsTo(rule.who, this.standing(asker));
  }

  /** The asker as rules see it. */
  standing(asker: Asker): Standing {
    if (this.#last?.asker === asker) return this.#last.standing;
    const standing = this.#groups.standing(asker);
    this.#last = { asker, standing };
    return standing;
  }

  #first<K extends SeatRule['kind']>(kind: K, asker: Asker, target: Target): OfKind<K> | undefined {
    const about = this.#about(kind, target);
    if (about.length === 0) return undefined;
    const standing = this.standing(asker);
    return about.find(({ who }) => belongsTo(who, standing));
  }

  /** The rules of a kind that have a say on the target, in the order of their lines. */
  #about<K extends SeatRule['kind']>(kind: K, target: Target): readonly OfKind<K>[] {
    // Most administrators have made none, and every acquire asks half a dozen times.
    if (this.isEmpty) return [];
    const named = this.#bySubject.get(subjectKey(kind, target.product)) ?? [];
    const general = this.#bySubject.get(subjectKey(kind, null)) ?? [];
    const about = [...named, ...general]
      .filter(isKind(kind))
      .filter(({ scope }) => covers(scope, target));
    return named.length > 0 && general.length > 0 ? about.sort(byLine) : about;
  }
}

const NO_LIMITS: readonly Limit[] = [];

const isKind =
  <K extends SeatRule['kind']>(kind: K) =>
  (rule: SeatRule): rule is OfKind<K> =>
    rule.kind === kind;

const byLine = (one: Rule, other: Rule): number => one.line.number - other.line.number;

const subjectKey = (kind: SeatRule['kind'], product: string | null): string =>
  product === null ? kind : `${kind} ${product}`;

const keyOf = ({ kind, line }: BorrowRule): string => `${kind}/${line.number}`;

/** Where the administrator has made none. */
export const NO_RULES = new Rules([]);

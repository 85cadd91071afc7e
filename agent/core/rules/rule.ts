/** One line of the rules: what it says, of which seats, for whom. Plain data. */

import type { Seconds } from '../../../protocol/units.ts';
import type { AddressRange } from './address-range.ts';
import type { NamePattern } from './name-pattern.ts';

/** Bytes of the whole file. */
export const RULES_SIZE_MAX = 262_144;
/** Lines that hold a rule. */
export const RULES_MAX = 5_000;
export const GROUPS_MAX = 1_000;
export const MEMBERS_MAX = 10_000;
/** Groups within groups, the outermost counted. */
export const GROUP_DEPTH_MAX = 16;
/** Faults that are told of one file. */
export const FAULTS_MAX = 100;
/** Seconds: ten years. */
export const DURATION_MAX = 315_360_000;
export const PRIORITY_MAX = 100;

/** Where a rule stands: lines count from 1, the text is without its comment. */
export interface RuleLine {
  readonly number: number;
  readonly text: string;
}

/** What is wrong in a line, and what to do about it. */
export interface RuleFault {
  /** 0 where no line is at fault. */
  readonly line: number;
  readonly sentence: string;
}

/** Who asks, as the client says, and where its datagrams come from; `null` where that is unknown. */
export interface Asker {
  readonly user: string;
  readonly host: string;
  readonly application: string;
  readonly address: string | null;
}

/**
 * The seat that is asked for. `class` is the class asked for, even when a generic seat serves it;
 * where none was asked for, the class of the seat about to be lent, or `null` while that is open:
 * then rules about a class say nothing.
 */
export interface Target {
  readonly product: string;
  readonly class: string | null;
}

/** So many seats are kept. `key` names it; `takenUp` says how many are taken up already. */
export interface Reservation {
  readonly key: string;
  readonly seats: number;
  readonly line: RuleLine;
  readonly target: Target;
}

/** The seats that a rule is about: `null` is every product, every class. */
export interface Scope {
  readonly product: string | null;
  readonly class: string | null;
}

export type NameKind = 'user' | 'host' | 'application';

/** For whom a rule is; a group by its folded name. */
export type Who =
  | { readonly kind: 'everyone' | 'nobody' }
  | { readonly kind: NameKind; readonly name: NamePattern }
  | { readonly kind: 'address'; readonly range: AddressRange }
  | { readonly kind: 'group'; readonly name: NamePattern };

/** Who may stand in a group. */
export type Member = Extract<Who, { readonly kind: NameKind | 'address' | 'group' }>;

interface Ruling {
  readonly line: RuleLine;
  readonly scope: Scope;
  readonly who: Who;
}

export interface GroupRule {
  readonly kind: 'group';
  readonly line: RuleLine;
  readonly name: NamePattern;
  readonly members: readonly Member[];
}

export interface ReserveRule extends Ruling {
  readonly kind: 'reserve';
  readonly seats: number;
}

export interface LimitRule extends Ruling {
  readonly kind: 'limit';
  readonly most: number;
  /** Whose seats are counted on their own; `undefined`: all of them together. */
  readonly each: 'user' | 'host' | undefined;
}

export interface BorrowRule extends Ruling {
  readonly kind: 'borrow';
  readonly longest: Seconds | undefined;
  readonly seats: number | undefined;
}

/** A rule about the seats of a product. */
export type SeatRule =
  | ReserveRule
  | LimitRule
  | BorrowRule
  | (Ruling & { readonly kind: 'exclude' })
  | (Ruling & { readonly kind: 'idle'; readonly longest: Seconds | undefined })
  | (Ruling & { readonly kind: 'priority'; readonly priority: number });

export type Rule = GroupRule | SeatRule;

/** Whether a rule about `scope` has a say on `target`. */
export const covers = (scope: Scope, target: Target): boolean =>
  (scope.product === null || scope.product === target.product) &&
  (scope.class === null || scope.class === target.class);

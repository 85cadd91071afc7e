/** What administrators ask of a site; it is the register that answers. */

import type { LicenseId } from '../../../protocol/ids.ts';
import type { MemberId } from './site-keys.ts';
import type { SitePlan } from './site-plan.ts';
import type { SiteView } from './site-view.ts';

export type SiteOperation =
  | { readonly kind: 'site-show' }
  /** What would happen if this box died now. */
  | { readonly kind: 'site-plan' };

/** Shows a dead member no more, and alarms nobody of it, until it comes back. */
export interface SiteForget {
  readonly kind: 'site-forget';
  /** Its name, or its id. */
  readonly member: string;
}

/** Asked by who tells of deaths alone: which there are, and to tell one, or its end, before others do. */
export type SiteDeaths =
  | { readonly kind: 'site-dead' }
  | ({ readonly kind: 'site-tell' } & Telling);

export interface Telling {
  readonly member: MemberId;
  readonly what: 'death' | 'end';
}

export type ToldWhere = 'here' | 'elsewhere' | 'nowhere';

/** A dead member that nobody has forgotten, and where its death is told. */
export interface DeadView {
  readonly id: MemberId;
  readonly name: string;
  readonly told: ToldWhere;
}

/** A member whose death was told and is over: it is back, or forgotten. */
export interface OverView {
  readonly id: MemberId;
  readonly name: string;
  /** Where the end is told. */
  readonly end: ToldWhere;
}

/** What a member has of an allowance, drawn or not. */
export interface AllowancePart {
  readonly license: LicenseId;
  readonly meter: string;
  readonly part: number;
}

export type SiteOutcomes =
  | { readonly kind: 'site-show'; readonly site: SiteView }
  | { readonly kind: 'site-plan'; readonly plan: SitePlan }
  /** `changed`: false where it was forgotten before. `allowances`: what stays with it of them. */
  | {
      readonly kind: 'site-forget';
      readonly member: { readonly id: MemberId; readonly name: string };
      readonly changed: boolean;
      readonly allowances: readonly AllowancePart[];
    }
  /** `null` while nothing is heard of them. */
  | {
      readonly kind: 'site-dead';
      readonly dead: readonly DeadView[] | null;
      readonly over: readonly OverView[];
    }
  | { readonly kind: 'site-tell' };

/**
 * This agent is a site by itself, or its register does not answer; nobody is called so, more than one
 * are, or it is no dead one.
 */
export type SiteRefused =
  | 'no-site'
  | 'no-register'
  | 'no-member'
  | 'several-members'
  | 'living-member';

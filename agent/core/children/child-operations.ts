/** What an administrator can ask for about child licenses, and what is answered. */

import type { ChildPool, ChildState } from '../../../protocol/child-license.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { ChildrenTerms } from '../../../protocol/license.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';

/** What a child is to have. */
export interface ChildWish {
  /** Where the parent answers; `null` where it is never called. */
  readonly parent: string | null;
  /** Seconds; `null` for the term of the parent's license. */
  readonly longest: number | null;
  readonly children: ChildrenTerms | null;
  /** It never calls. */
  readonly silent: boolean;
  /** What `usher hardware --host-code` prints on the child's computer: it is activated by that. */
  readonly hostCode: string | null;
  readonly pools: readonly ChildPool[];
  readonly expires: EpochSeconds | null;
}

/** A change of it: what is left out stays as it is. A class that is named takes the place of its own. */
export interface ChildChange {
  readonly parent: string | null;
  readonly longest: number | null;
  readonly children: ChildrenTerms | null;
  readonly pools: readonly ChildPool[];
  readonly expires: EpochSeconds | null;
}

/** Everywhere `id` is a child license's id, the start of one that fits only it, or its account. */
export type ChildOperation =
  /** `license`: a license's id or the start of one; `account`: the client's name, new here. */
  | {
      readonly kind: 'child-create';
      readonly license: string;
      readonly account: string;
      readonly wish: ChildWish;
    }
  | { readonly kind: 'child-list' }
  | { readonly kind: 'child-show'; readonly id: string }
  | { readonly kind: 'child-update'; readonly id: string; readonly change: ChildChange }
  | { readonly kind: 'child-suspend'; readonly id: string }
  | { readonly kind: 'child-resume'; readonly id: string }
  | { readonly kind: 'child-remove'; readonly id: string }
  /** Its newest text, to be added at the child. */
  | { readonly kind: 'child-block'; readonly id: string }
  /** Answers requests that were carried here: a text with one block or several. */
  | { readonly kind: 'child-answer'; readonly text: string };

export interface ChildPoolView extends ChildPool {
  /** Seats that the child can have now: as it is wanted, as far as they are there. */
  readonly now: number;
  /** Seats that it is to have now: more where the license has shrunk. */
  readonly wanted: number;
  /** Seats that are kept from being lent here for it: more while a decrease is under way. */
  readonly allotted: number;
}

export interface ChildView {
  readonly id: LicenseId;
  /** The license whose seats it has. */
  readonly license: LicenseId;
  readonly product: string;
  readonly account: string;
  readonly state: ChildState;
  readonly parent: string | null;
  readonly longest: number;
  readonly children: ChildrenTerms | null;
  readonly silent: boolean;
  readonly hostCode: string | null;
  readonly pools: readonly ChildPoolView[];
  readonly expires: EpochSeconds | null;
  readonly created: EpochSeconds;
  /** Its agent's computer and version, as it calls them; `null` before it is active. */
  readonly hostName: string | null;
  readonly version: string | null;
  /** When it called last. */
  readonly seen: EpochSeconds | null;
  /** It has taken the last change. */
  readonly upToDate: boolean;
  /** When the last of what was promised to it ends unless it calls; `null` for never, or for nothing. */
  readonly ends: EpochSeconds | null;
}

/** A license that was asked for in a request and not given. */
export interface ChildRefusal {
  readonly license: LicenseId;
  readonly code: string;
  readonly sentence: string;
}

export type ChildOutcomes =
  | { readonly kind: 'child-list'; readonly children: readonly ChildView[] }
  | { readonly kind: 'child-show'; readonly child: ChildView }
  | { readonly kind: 'child-update'; readonly child: ChildView }
  | { readonly kind: 'child-suspend'; readonly child: ChildView }
  | { readonly kind: 'child-resume'; readonly child: ChildView }
  | { readonly kind: 'child-remove'; readonly child: ChildView }
  /** `text`: the block. */
  | { readonly kind: 'child-create'; readonly child: ChildView; readonly text: string }
  | { readonly kind: 'child-block'; readonly child: ChildView; readonly text: string }
  /** `text`: the blocks of the responses. */
  | {
      readonly kind: 'child-answer';
      readonly text: string;
      readonly refusals: readonly ChildRefusal[];
    };

/** Why an operation about child licenses is refused. */
export type ChildRefused =
  /** The license allows no children, or not so many, or not so deep. */
  | 'children-forbidden'
  /** What the child is to have does not fit together, or not with the license. */
  | 'child-terms'
  /** The seats are not there, now or at a later stage. */
  | 'too-few-seats'
  /** The license of the parent does not lend now. */
  | 'parent-inactive'
  /** It was removed. */
  | 'child-removed'
  /** The text is no request, or not a genuine one. */
  | 'bad-call';

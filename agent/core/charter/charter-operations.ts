/** How those who keep the texts that a site has in common ask to have one changed for all members. */

import type { CharterKind } from './charter-record.ts';

/** Asked by the text's keeper alone, before it changes anything here. */
export interface CharterOffer {
  readonly kind: 'shared-offer';
  readonly what: CharterKind;
  readonly bytes: Uint8Array;
  /** The text that the change was made of: another one in its place is not overwritten. */
  readonly was: Uint8Array;
  /** Who asks for it; empty where it is what this member has brought along. */
  readonly who: string;
}

/**
 * The agent is about to leave its site: licenses that are added or removed here from now on are so here
 * alone.
 */
export interface SiteLeave {
  readonly kind: 'site-leave';
}

/** All members will have it so; this one goes its own way. */
export type CharterOutcomes = { readonly kind: 'shared-offer' } | SiteLeave;

/** Another member was faster, or the text is too long for the register. */
export type CharterRefused = 'site-changed' | 'site-too-much';

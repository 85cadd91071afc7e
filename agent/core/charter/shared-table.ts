/** A table that all members of a site have alike, each in its own store: what its keeper asks of it. */

import type { Change } from '../change-queue.ts';
import type { CharterKind } from './charter-record.ts';

/** How far what is here is from what the site has. */
export interface TableDifference {
  /** There is something here that the site does not have, and has never had. */
  readonly isOwn: boolean;
  /** How much goes here, and how much comes or is changed. */
  readonly goes: number;
  readonly comes: number;
  /** The change that brings what is here nearer, by so much as was asked for: what goes first. */
  readonly step: () => Change;
}

/** `After`: a part of the table as a planned change will leave it. */
export interface SharedTable<After> {
  readonly what: CharterKind;
  /** All that is here, with a planned change made: the same text wherever the same is there. */
  text(after?: After): Uint8Array;
  /**
   * `common`: what the site had when both were alike last. `most`: what one step may change.
   * `undefined`: this version cannot read the site's text.
   */
  compare(text: Uint8Array, common: Uint8Array, most: number): TableDifference | undefined;
}

/**
 * What the core asks of the register of its site, and what it is answered: the only words between the
 * two. The register is one for all members, and linearizable: whoever reads after a write was answered
 * sees it. Keys are below the site's own prefix, which the edge puts before them.
 */

/** Bytes of a value. */
export const REGISTER_VALUE_MAX = 65_536;
/** Entries of one answer: where there are more the ask is answered `refused`. */
export const REGISTER_ENTRIES_MAX = 8192;

/** Every change of the register has a revision, each above those before. */
export type Revision = number;

/** The key was written last at this revision; 0: it is not there. */
export interface RegisterCompare {
  readonly key: string;
  readonly revision: Revision;
  /** At this one or later. */
  readonly orLater?: true;
}

/** `value: null` deletes. */
export interface RegisterWrite {
  readonly key: string;
  readonly value: Uint8Array | null;
  /** All keys that begin so are deleted. */
  readonly isPrefix?: true;
}

/** The entries whose keys begin so; with `since`, only those that were written at it or later. */
export interface RegisterRead {
  readonly prefix: string;
  readonly since: Revision;
}

export interface RegisterEntry {
  readonly key: string;
  readonly value: Uint8Array;
  /** At which it was written last. */
  readonly revision: Revision;
}

/**
 * All writes, if all compares hold, else none; then the reads, in either case. Every ask is answered
 * once, by the edge if need be: with `silent` when nobody has answered in time. One that may have come
 * to the register is never sent a second time, but where it only reads.
 */
export interface RegisterAsk {
  readonly compares: readonly RegisterCompare[];
  readonly writes: readonly RegisterWrite[];
  readonly reads: readonly RegisterRead[];
}

export type RegisterAnswer =
  /** `revision`: of the register when it was done. Entries of all reads, each key once. */
  | {
      readonly kind: 'transacted';
      readonly isDone: boolean;
      readonly revision: Revision;
      readonly entries: readonly RegisterEntry[];
      /** Who of the register has answered, and since which election: where it tells, for people alone. */
      readonly by?: string;
    }
  /** Nothing was done, and asking the same again is of no use. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** No answer: nobody knows whether it was done, or will be yet. */
  | { readonly kind: 'silent'; readonly sentence: string };

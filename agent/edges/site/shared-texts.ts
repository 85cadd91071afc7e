/** Hands what the core takes over from the site's register to those who keep such texts here. */

import type { TakeShared } from '../../core/charter/charter-effects.ts';
import type { CharterKind } from '../../core/charter/charter-record.ts';

/** Calls back when it is done; what is not is asked for again, later. */
export type TakeText = (asked: TakeShared, done: () => void) => void;

export class SharedTexts {
  readonly #keepers = new Map<CharterKind, TakeText>();
  /** What was asked before its keeper was there. */
  readonly #waiting = new Map<CharterKind, readonly [TakeShared, () => void]>();

  keep(kind: CharterKind, keeper: TakeText): void {
    this.#keepers.set(kind, keeper);
    const waiting = this.#waiting.get(kind);
    this.#waiting.delete(kind);
    if (waiting !== undefined) keeper(...waiting);
  }

  take(asked: TakeShared, done: () => void): void {
    const keeper = this.#keepers.get(asked.what);
    if (keeper === undefined) this.#waiting.set(asked.what, [asked, done]);
    else keeper(asked, done);
  }
}

/** What was asked around of late, by the sessions that share a socket. */

import { equalBytes } from '../bytes.ts';
import { timerMs } from './clock.ts';

/** Searches remembered. */
const SEARCHES_MAX = 16;
/** Milliseconds: a search that was silent for longer is over. */
const CURRENT_MS = 5000;

export class LatestSearches {
  #searches: { readonly bytes: Uint8Array; readonly at: number }[] = [];

  /** Whether the same was asked before, by what is remembered. */
  note(bytes: Uint8Array, now = timerMs()): boolean {
    const others = this.#searches.filter((one) => !equalBytes(one.bytes, bytes));
    const isAgain = others.length < this.#searches.length;
    this.#searches = [...others, { bytes, at: now }].slice(-SEARCHES_MAX);
    return isAgain;
  }

  /** What somebody still waits to have answered. */
  current(now = timerMs()): readonly Uint8Array[] {
    return this.#searches.flatMap(({ bytes, at }) => (now - at < CURRENT_MS ? bytes : []));
  }
}

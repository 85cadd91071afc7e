/**
 * Notices who searches in vain: a discover that comes again has had no answer that its client could
 * hear. Firewalls of clients drop answers to broadcasts, and let mDNS in.
 */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { DISCOVER_SIZE } from '../../../protocol/limits.ts';
import { between, type Instant } from '../../../protocol/units.ts';

/** One datagram comes by several addresses at once; what comes later than this was sent again. */
const AGAIN_MS = 50;
/** A search is over after this long. */
const FORGET_MS = 10_000;
const SEARCHES_MAX = 64;
/** Bytes that tell one search from another: the head, and the nonce. */
const HEAD_SIZE = 24;

export class RepeatedSearches {
  readonly #heardAt = new Map<string, Instant>();

  /** Whether the datagram is a discover that was heard before. */
  hear(bytes: Uint8Array, now: Instant): boolean {
    if (bytes.length !== DISCOVER_SIZE) return false;
    const key = bytesToHex(bytes.subarray(0, HEAD_SIZE));
    const before = this.#heardAt.get(key);
    if (before !== undefined && between(before, now) < FORGET_MS) {
      return between(before, now) >= AGAIN_MS;
    }
    const [oldest] = this.#heardAt.keys();
    if (this.#heardAt.size >= SEARCHES_MAX && oldest !== undefined) this.#heardAt.delete(oldest);
    this.#heardAt.delete(key);
    this.#heardAt.set(key, now);
    return false;
  }
}

/**
 * Watches over the verdict on the host. It is looked at again when a seat is asked for and the last
 * look is older than the shortest term, so that no license lends for longer than a term on a host
 * that has become another one; an agent that lends nothing looks at nothing. What a look costs and
 * whether the whole machine is read again is the edge's business.
 */

import { TERM_MIN } from '../../../protocol/limits.ts';
import {
  between,
  type Instant,
  type Millis,
  seconds,
  secondsToMillis,
} from '../../../protocol/units.ts';
import type { Effect } from '../effects.ts';
import type { HostVerdict } from './host-verdict.ts';
import type { HostCase, JudgedHost } from './judged-host.ts';

/** A verdict this old is not lent on; no longer than the shortest term that a license can have. */
export const LOOK_EVERY: Millis = secondsToMillis(seconds(TERM_MIN));

/** Before the host has been judged nothing is known of it. */
const UNJUDGED: HostVerdict = { verdict: 'unknown', score: 0, evidence: [], host: 'unknown' };

export class HostWatch {
  #refused: readonly HostCase[];
  #host: JudgedHost;
  #lookedAt: Instant | undefined;
  #looking = false;

  constructor(refused: readonly HostCase[]) {
    this.#refused = refused;
    this.#host = { ...UNJUDGED, refused };
  }

  get host(): JudgedHost {
    return this.#host;
  }

  /** Refuses these hosts from now on. */
  refuse(refused: readonly HostCase[]): void {
    this.#refused = refused;
    this.#host = { ...this.#host, refused };
  }

  /** Whether a seat may be lent on the verdict as it stands. */
  isFresh(now: Instant): boolean {
    return this.#lookedAt !== undefined && between(this.#lookedAt, now) < LOOK_EVERY;
  }

  /** Asks for a look, unless one is under way. */
  look(effects: Effect[]): void {
    if (this.#looking) return;
    this.#looking = true;
    effects.push({ kind: 'look-at-host' });
  }

  /** Takes in what a look has found, and says so when it is not what the one before had found. */
  judged(verdict: HostVerdict, now: Instant, effects: Effect[]): void {
    const before = this.#lookedAt === undefined ? undefined : this.#host;
    this.#looking = false;
    this.#lookedAt = now;
    this.#host = { ...verdict, refused: this.#refused };
    if (before === undefined || isSame(before, verdict)) return;
    const evidence = verdict.evidence.slice(0, NOTED_MAX);
    effects.push({
      kind: 'note',
      note: { kind: 'host-changed', from: before.verdict, to: verdict.verdict, evidence },
    });
  }
}

/** Most evidence named in a note: the weightiest comes first. */
const NOTED_MAX = 3;

const isSame = (one: HostVerdict, other: HostVerdict): boolean =>
  one.verdict === other.verdict && one.host === other.host;

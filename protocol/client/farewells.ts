/** Releases on their way to agents whose seat, or place in the queue, is not wanted any more. */

import { type Instant, instant, type Moment } from '../units.ts';
import { isSame, type KnownAgent } from './agent-list.ts';
import { Asking } from './asking.ts';
import { type Heard, isFrom } from './heard.ts';
import type { Jitter } from './jitter.ts';
import { askAgainAfter, insistAfter } from './pace.ts';
import type { Voice } from './voice.ts';

/** Releases sent without an answer when the session wants to end: the seat is left to lapse. */
const LAST_MAX = 4;
/** Releases sent without an answer while the session goes on: for a quarter of a minute. */
const BESIDE_MAX = 6;
/** The same to an agent that is away and may come back with the seat counted: some five minutes. */
const AWAY_MAX = 15;

/** A try that is later than this is not made. */
const STALE_MS = 60_000;

interface Farewell {
  readonly asking: Asking;
  /** Tries that are left. */
  left: number;
}

export class Farewells {
  readonly #voice: Voice;
  readonly #jitter: Jitter;
  #farewells: Farewell[] = [];
  /** The session waits for them and for nothing else. */
  #isLast = false;

  constructor(voice: Voice, jitter: Jitter) {
    this.#voice = voice;
    this.#jitter = jitter;
  }

  get isEmpty(): boolean {
    return this.#farewells.length === 0;
  }

  get agents(): readonly KnownAgent[] {
    return this.#farewells.map(({ asking }) => asking.agent);
  }

  nextWake(): Instant {
    return instant(
      this.#farewells.reduce((least, { asking }) => Math.min(least, asking.againAt), LATEST),
    );
  }

  /** Sends a release, and again until the agent has answered or is given up. */
  say(agent: KnownAgent, at: Moment, isAway = false): void {
    this.forget(agent);
    const request = { kind: 'release', id: this.#voice.nextId() } as const;
    const asking = new Asking(this.#voice, agent, request, at.mono);
    const farewell = { asking, left: isAway ? AWAY_MAX : BESIDE_MAX };
    if (this.#isLast) farewell.left = LAST_MAX;
    if (this.#send(farewell, at)) this.#farewells.push(farewell);
  }

  /** An agent is asked for a seat again: its release would only cross that. */
  forget(agent: KnownAgent): void {
    this.#farewells = this.#farewells.filter(({ asking }) => !isSame(asking.agent, agent));
  }

  /** The session waits for nothing else from now on: a few quick tries more. */
  hurry(at: Moment): void {
    this.#isLast = true;
    for (const farewell of this.#farewells) {
      farewell.left = Math.min(farewell.left, LAST_MAX - 1);
      farewell.asking.againAt = instant(Math.min(farewell.asking.againAt, at.mono + 800));
    }
  }

  keep(at: Moment): void {
    this.#farewells = this.#farewells.filter((farewell) => {
      const late = at.mono - farewell.asking.againAt;
      if (late < 0) return true;
      // After a sleep the agent may have forgotten the session, and the cookie is no good any more.
      return late < STALE_MS && farewell.left > 0 && this.#send(farewell, at);
    });
  }

  hear(heard: Heard, at: Moment): void {
    this.#farewells = this.#farewells.filter(({ asking }) => {
      if (heard.reply.id !== asking.request.id || !isFrom(heard, asking.agent)) return true;
      if (heard.reply.kind !== 'new-epoch') return false;
      asking.adoptEpoch(heard.nonce, at.mono);
      return true;
    });
  }

  #send(farewell: Farewell, at: Moment): boolean {
    farewell.left--;
    return farewell.asking.send(at.mono, (attempts) =>
      this.#isLast ? askAgainAfter(attempts) : insistAfter(attempts, this.#jitter.next()),
    );
  }
}

/** Later than anything. */
const LATEST = Number.MAX_VALUE;

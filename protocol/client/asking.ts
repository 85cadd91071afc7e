/** A request on its way: sent again, under the same id, until it is answered. */

import type { Request } from '../requests.ts';
import { after, type Instant, type Millis } from '../units.ts';
import type { KnownAgent } from './agent-list.ts';
import { askAgainAfter } from './pace.ts';
import type { Voice } from './voice.ts';

export class Asking {
  readonly agent: KnownAgent;
  /** What is sent: under one id, always the same but for a ticket. */
  request: Request;
  readonly firstSentAt: Instant;
  /** When it is to be sent again. */
  againAt: Instant;
  readonly #voice: Voice;
  #attempts = 0;

  constructor(voice: Voice, agent: KnownAgent, request: Request, now: Instant) {
    this.#voice = voice;
    this.agent = agent;
    this.request = request;
    this.firstSentAt = now;
    this.againAt = now;
  }

  /** How often it was sent since it was last answered. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Sends it (again). False when it cannot be said at all. */
  send(now: Instant, pace: (attempts: number) => Millis = askAgainAfter): boolean {
    this.againAt = after(now, pace(++this.#attempts));
    return this.#voice.greet(this.agent, this.request);
  }

  /** It was answered, but is not done: it is to be sent again at a time. */
  postpone(againAt: Instant): void {
    this.#attempts = 0;
    this.againAt = againAt;
  }

  /** The agent has started anew: number the request from its new epoch, and send it at once. */
  adoptEpoch(nonce: Uint8Array, now: Instant): void {
    this.#voice.link.adoptEpoch(this.agent, nonce);
    this.againAt = now;
  }
}

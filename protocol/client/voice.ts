/** What a session says, collected for its driver: sealed, numbered, and told to the application. */

import { encodeRequest } from '../packet.ts';
import type { Request } from '../requests.ts';
import type { AgentLink } from './agent-link.ts';
import type { KnownAgent } from './agent-list.ts';
import type { SeatEffect, SeatState } from './seat-events.ts';

export class Voice {
  readonly link: AgentLink;
  #lastId: number;
  #effects: SeatEffect[] = [];

  /** Requests get the ids above `lastId`. */
  constructor(link: AgentLink, lastId: number) {
    this.link = link;
    this.#lastId = lastId;
  }

  get lastId(): number {
    return this.#lastId;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /**
   * Says a request as a hello: its agent may not know the session, or not know it any more. False
   * when it cannot be said: it is too long, or the agent's key is unusable.
   */
  greet(agent: KnownAgent, request: Request): boolean {
    const body = encodeRequest(request);
    const bytes = body && this.link.hello(agent, body);
    if (bytes === undefined) return false;
    this.#effects.push({ kind: 'send', to: agent.endpoint, bytes });
    return true;
  }

  /** Says a request to an agent that knows the session. */
  say(agent: KnownAgent, request: Request): boolean {
    const body = encodeRequest(request);
    const bytes = body && this.link.request(agent, body);
    if (bytes === undefined) return false;
    this.#effects.push({ kind: 'send', to: agent.endpoint, bytes });
    return true;
  }

  askAround(bytes: Uint8Array): void {
    this.#effects.push({ kind: 'ask-around', bytes });
  }

  tell(state: SeatState): void {
    this.#effects.push({ kind: 'state', state });
  }

  /** All that was said since the last time. */
  take(): SeatEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

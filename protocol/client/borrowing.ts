/** The request to take a held seat along, insisted on until it is answered. */

import type { RefusalCode } from '../refusal.ts';
import { after, type Instant, type Millis, type Moment, secondsToMillis } from '../units.ts';
import type { KnownAgent } from './agent-list.ts';
import { Asking } from './asking.ts';
import { type Heard, isFrom } from './heard.ts';
import type { Jitter } from './jitter.ts';
import { askAgainAfter, insistAfter } from './pace.ts';
import type { SeatEvent, SeatState } from './seat-events.ts';
import type { Voice } from './voice.ts';

/** Quick repetitions, before it is taken more easily. */
const QUICK_MAX = 5;

export type BorrowEvent = Extract<SeatEvent, { kind: 'borrow' }>;
/** How it ended, as it is told. */
export type BorrowEnd = Extract<SeatState, { kind: 'borrowed' | 'borrow-refused' }>;

export const borrowRefused = (code: RefusalCode): BorrowEnd => ({ kind: 'borrow-refused', code });

interface BorrowingParts {
  readonly voice: Voice;
  readonly jitter: Jitter;
}

export class Borrowing {
  readonly #asking: Asking;
  readonly #jitter: Jitter;
  /** Before when the seat may be believed in, if it is given along. */
  readonly #until: Instant;

  constructor(parts: BorrowingParts, agent: KnownAgent, event: BorrowEvent, at: Moment) {
    const { voice, jitter } = parts;
    const { kind, duration, hostCode } = event;
    const request = { kind, id: voice.nextId(), duration, hostCode } as const;
    this.#jitter = jitter;
    this.#asking = new Asking(voice, agent, request, at.mono);
    this.#until = after(at.mono, secondsToMillis(duration));
  }

  get wakeAt(): Instant {
    return this.#asking.againAt;
  }

  /** Asks (again) when that is due. Says how it ended when it cannot even be asked. */
  keep(at: Moment): BorrowEnd | undefined {
    if (at.mono < this.#asking.againAt) return undefined;
    const pace = (attempts: number): Millis =>
      attempts <= QUICK_MAX ? askAgainAfter(attempts) : insistAfter(attempts, this.#jitter.next());
    return this.#asking.send(at.mono, pace) ? undefined : borrowRefused('bad-request');
  }

  hear(heard: Heard, at: Moment): BorrowEnd | undefined {
    const { reply } = heard;
    const { request, agent } = this.#asking;
    if (reply.id !== request.id || !isFrom(heard, agent)) return undefined;
    switch (reply.kind) {
      case 'borrowed':
        return { kind: 'borrowed', token: reply.token, until: this.#until };
      case 'refused':
        return borrowRefused(reply.code);
      case 'new-epoch':
        this.#asking.adoptEpoch(heard.nonce, at.mono);
        return undefined;
      default:
        return undefined;
    }
  }
}

/** Drives one seat's session with the real clock, timer and socket, and is the application's seat. */

import { bytesToBase64 } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import type { LeaseId } from '../ids.ts';
import type { Clock } from '../node/clock.ts';
import { DeadlineTimer } from '../node/timer.ts';
import type { RefusalCode } from '../refusal.ts';
import { assert, unreachable } from '../result.ts';
import { type Instant, isUint32, type Seconds, seconds } from '../units.ts';
import type { AcquireRequest } from './acquire-request.ts';
import { callOut } from './call-out.ts';
import { type LineSocket, performOnLine } from './line.ts';
import type { Seat, SeatNews } from './seat.ts';
import { SeatError } from './seat-error.ts';
import type { AgentSeen, SeatEffect, SeatEvent, SeatState } from './seat-events.ts';
import type { SeatSession } from './seat-session.ts';
import { explainEnding, explainFailure, explainLoss } from './sentences.ts';

/** How often a held seat's clock is looked at, so that a sleep past the term is noticed at once. */
const LOOK_EVERY_MS = 2000;

/** A promise with its two ends outside (Promise.withResolvers, which Node 20 does not have). */
const defer = <T>() => {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((keep, breakIt) => {
    resolve = keep;
    reject = breakIt;
  });
  return { promise, resolve, reject };
};

/** `lost`: the agent may have lent it along, and nobody has heard. */
export type BorrowAnswer =
  | { readonly kind: 'token'; readonly token: Uint8Array }
  | { readonly kind: 'refused'; readonly code: RefusalCode }
  | { readonly kind: 'lost' };

export interface SeatSurroundings {
  readonly clock: Clock;
  readonly socket: LineSocket;
  /** Hears every datagram of the connection until the returned function is called. */
  readonly listen: (listener: (bytes: Uint8Array, from: Endpoint) => void) => () => void;
  /** Whether this seat has something to wait for that the process must not end before. */
  readonly setBusy: (busy: boolean) => void;
  readonly onHeldAt: (endpoint: Endpoint) => void;
  /** The seat is done with the connection. */
  readonly onEnd: () => Promise<void>;
}

export class SeatDriver implements Seat {
  readonly product: string;
  readonly #session: SeatSession;
  readonly #signal: AbortSignal | undefined;
  readonly #onPlace: ((place: number) => void) | undefined;
  readonly #around: SeatSurroundings;
  readonly #timer: DeadlineTimer;
  readonly #lost = new AbortController();
  readonly #listeners = new Set<(news: SeatNews) => void>();
  readonly #stopListening: () => void;
  readonly #acquired = defer<Seat>();
  readonly #ended = defer<void>();
  #borrowed: ((answer: BorrowAnswer) => void) | undefined;
  #held: Extract<SeatState, { kind: 'held' }> | undefined;
  #busy = false;

  constructor(
    session: SeatSession,
    request: Pick<AcquireRequest, 'product' | 'signal' | 'wait'>,
    around: SeatSurroundings,
  ) {
    this.product = request.product;
    this.#session = session;
    this.#signal = request.signal;
    this.#onPlace = typeof request.wait === 'function' ? request.wait : undefined;
    this.#around = around;
    this.#timer = new DeadlineTimer({
      now: () => around.clock.now().mono,
      onDue: () => this.#feed({ kind: 'wake' }),
      lookEvery: LOOK_EVERY_MS,
    });
    this.#stopListening = around.listen((bytes, from) => {
      if (session.concerns(bytes)) this.#feed({ kind: 'datagram', from, bytes });
    });
  }

  /** Resolves with this seat when it is held. */
  async acquire(): Promise<Seat> {
    const abort = (): void => this.#feed({ kind: 'release' });
    this.#setBusy(true);
    this.#signal?.addEventListener('abort', abort, { once: true });
    this.#feed({ kind: 'start' });
    try {
      return await this.#acquired.promise;
    } finally {
      this.#signal?.removeEventListener('abort', abort);
    }
  }

  get id(): LeaseId {
    return this.#session.leaseId;
  }

  get class(): string {
    return this.#granted.class;
  }

  get weight(): number {
    return this.#granted.weight;
  }

  get overdraft(): boolean {
    return this.#granted.overdraft;
  }

  get licenses(): Seat['licenses'] {
    const [first, ...others] = this.#granted.licenses;
    return [first.license, ...others.map(({ license }) => license)];
  }

  get signer(): string {
    return bytesToBase64(this.#granted.licenses[0].vendor);
  }

  get agent(): AgentSeen {
    return this.#granted.agent;
  }

  get isHeld(): boolean {
    const { until } = this.#session;
    return until !== undefined && this.#around.clock.now().mono < until;
  }

  get until(): Date {
    return this.#toDate(this.#session.until ?? this.#around.clock.now().mono);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  onNews(listener: (news: SeatNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reportIdle(idle: number): void {
    const whole = Math.floor(idle);
    if (!isUint32(whole)) throw new TypeError(`Not a number of seconds: ${idle}`);
    this.#feed({ kind: 'idle', seconds: seconds(whole) });
  }

  /** The proofs of the licenses behind it. */
  get proofs(): readonly Uint8Array[] {
    return [...new Set(this.#granted.licenses.map(({ proof }) => proof))];
  }

  /** Takes the held seat along. With a token the seat is over here, and not given back. */
  async borrow(duration: Seconds, hostCode: Uint8Array): Promise<BorrowAnswer> {
    const answer = new Promise<BorrowAnswer>((resolve) => {
      this.#borrowed = resolve;
    });
    this.#setBusy(true);
    this.#feed({ kind: 'borrow', duration, hostCode });
    if (this.#session.isOver) this.#borrowed?.({ kind: 'lost' });
    return answer;
  }

  async release(): Promise<void> {
    if (!this.#session.isOver) {
      this.#setBusy(true);
      this.#feed({ kind: 'release' });
    }
    await this.#ended.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  get #granted(): Extract<SeatState, { kind: 'held' }> {
    assert(this.#held !== undefined, 'a seat is given out before it is held');
    return this.#held;
  }

  #toDate(instant: Instant): Date {
    return new Date(Date.now() + (instant - this.#around.clock.now().mono));
  }

  #feed(event: SeatEvent): void {
    if (this.#session.isOver) return;
    const effects = this.#session.step(event, this.#around.clock.now());
    for (const effect of effects) this.#perform(effect);
    if (this.#session.isOver) this.#end();
  }

  #perform(effect: SeatEffect): void {
    if (effect.kind === 'state') this.#enter(effect.state);
    else performOnLine(effect, this.#around.socket, this.#timer);
  }

  #enter(state: SeatState): void {
    switch (state.kind) {
      case 'seeking':
        return;
      case 'waiting':
        return callOut(() => this.#onPlace?.(state.ahead + 1));
      case 'held': {
        const again = this.#held !== undefined;
        this.#held = state;
        this.#around.onHeldAt(state.agent.endpoint);
        if (again) return this.#report({ kind: 'held', until: this.#toDate(state.until) });
        this.#setBusy(false);
        return this.#acquired.resolve(this);
      }
      case 'unreachable':
        return this.#report({ kind: 'unreachable', until: this.#toDate(state.until) });
      case 'ending': {
        const [explanation, until] = [explainEnding(state.code), this.#toDate(state.until)];
        return this.#report({ kind: 'ending', explanation, until });
      }
      case 'lost':
        return this.#lose(state);
      case 'borrowed':
        return this.#borrowed?.({ kind: 'token', token: state.token });
      case 'borrow-refused':
        return this.#borrowed?.({ kind: 'refused', code: state.code });
      case 'released':
        return this.#acquired.reject(this.#signal?.reason ?? new Error('The seat was released.'));
      case 'failed':
        return this.#acquired.reject(new SeatError(explainFailure(state.failure, this.product)));
      default:
        return unreachable(state);
    }
  }

  #lose({ agent, code, regaining }: Extract<SeatState, { kind: 'lost' }>): void {
    const explanation = explainLoss(agent, code);
    if (!regaining) this.#lost.abort(new SeatError(explanation));
    this.#report({ kind: 'lost', explanation, regaining });
    this.#borrowed?.({ kind: 'lost' });
  }

  #report(news: SeatNews): void {
    for (const listener of this.#listeners) callOut(() => listener(news));
  }

  #setBusy(busy: boolean): void {
    if (this.#busy === busy) return;
    this.#busy = busy;
    this.#timer.hold(busy);
    this.#around.setBusy(busy);
  }

  #end(): void {
    this.#timer.clear();
    this.#stopListening();
    this.#setBusy(false);
    void this.#around.onEnd().then(this.#ended.resolve);
  }
}

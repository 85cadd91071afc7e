/** Drives an errand with the real clock, timer and socket. */

import type { Endpoint } from '../endpoint.ts';
import type { Clock } from '../node/clock.ts';
import type { SeekerSocket } from '../node/seeker-socket.ts';
import { DeadlineTimer } from '../node/timer.ts';
import { assert } from '../result.ts';
import type { Errand, ErrandEffect, ErrandEnd, ErrandEvent, Question } from './errand.ts';
import { LicenseProof } from './license-proof.ts';
import { performOnLine } from './line.ts';

export interface ErrandSurroundings {
  readonly clock: Clock;
  readonly socket: SeekerSocket;
  /** Hears every datagram of the connection until the returned function is called. */
  readonly listen: (listener: (bytes: Uint8Array, from: Endpoint) => void) => () => void;
  /** Whether there is something to wait for that the process must not end before. */
  readonly setBusy: (busy: boolean) => void;
  readonly onEnd: () => Promise<void>;
}

export class ErrandDriver implements AsyncDisposable {
  readonly #errand: Errand;
  readonly #around: ErrandSurroundings;
  readonly #timer: DeadlineTimer;
  readonly #stopListening: () => void;
  #told: ((end: ErrandEnd) => void) | undefined;

  constructor(errand: Errand, around: ErrandSurroundings) {
    this.#errand = errand;
    this.#around = around;
    this.#timer = new DeadlineTimer({
      now: () => around.clock.now().mono,
      onDue: () => this.#feed({ kind: 'wake' }),
    });
    this.#stopListening = around.listen((bytes, from) => {
      if (errand.concerns(bytes)) this.#feed({ kind: 'datagram', from, bytes });
    });
  }

  /** Asks one question; the next one when this has been answered. */
  async ask(question: Question): Promise<ErrandEnd> {
    assert(this.#told === undefined, 'two questions at a time');
    this.#around.setBusy(true);
    try {
      return await new Promise<ErrandEnd>((resolve) => {
        this.#told = resolve;
        this.#feed({ kind: 'ask', question });
      });
    } finally {
      this.#told = undefined;
      this.#timer.clear();
      this.#around.setBusy(false);
    }
  }

  /** The proof of a license of the agent that answered; `undefined` when it does not show it. */
  async fetch(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const proof = new LicenseProof();
    while (proof.bytes === undefined) {
      const end = await this.ask({ kind: 'document', hash, offset: proof.offset });
      if (end.kind !== 'answered' || end.reply.kind !== 'piece') return undefined;
      if (!proof.add(end.reply)) return undefined;
    }
    return proof.bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    this.#timer.clear();
    await this.#around.onEnd();
  }

  #feed(event: ErrandEvent): void {
    for (const effect of this.#errand.step(event, this.#around.clock.now().mono)) {
      this.#perform(effect);
    }
  }

  #perform(effect: ErrandEffect): void {
    if (effect.kind === 'end') this.#told?.(effect.end);
    else performOnLine(effect, this.#around.socket, this.#timer);
  }
}

/** Keeps a seat while a command runs, says what becomes of it, and tries to get a lost one back. */

import type { Seat, SeatNews } from '../../protocol/client/client.ts';
import { endpointToText } from '../../protocol/endpoint.ts';
import { renderTime } from './columns.ts';

/** Between two tries to get a lost seat back. */
const TRY_AGAIN_MS = 10_000;

export interface SeatKeeperOptions {
  readonly acquire: (signal: AbortSignal) => Promise<Seat>;
  /** Says one line to the user. */
  readonly say: (line: string) => void;
}

export class SeatKeeper implements AsyncDisposable {
  readonly #options: SeatKeeperOptions;
  readonly #done = new AbortController();
  #seat: Seat;
  #search: Promise<void> | undefined;
  #stop: (() => void) | undefined;

  constructor(seat: Seat, options: SeatKeeperOptions) {
    this.#seat = seat;
    this.#options = options;
    this.#watch();
  }

  /** Calls back instead of trying to get a lost seat back. */
  onLost(stop: () => void): void {
    this.#stop = stop;
  }

  #watch(): void {
    this.#seat.onNews((news) => this.#hear(news));
  }

  #hear(news: SeatNews): void {
    const { say } = this.#options;
    switch (news.kind) {
      case 'held':
        return say('The license agent answers again.');
      case 'unreachable': {
        const until = renderTime(Math.floor(news.until.getTime() / 1000));
        return say(`The license agent does not answer; the seat is held until ${until}.`);
      }
      case 'lost': {
        const { code, sentence, administrator } = news.explanation;
        say(`${sentence} ${administrator}`);
        if (this.#stop !== undefined) return this.#stop();
        // Who takes a seat from one wants it for another: asking at once would take it back.
        if (code === 'disconnected') return say('The command runs on without a seat.');
        this.#search = this.#getBack();
      }
    }
  }

  async #getBack(): Promise<void> {
    const { signal } = this.#done;
    while (!signal.aborted) {
      const seat = await this.#options.acquire(signal).catch(() => undefined);
      if (seat !== undefined) {
        this.#seat = seat;
        const { agent } = seat;
        const origin = agent === null ? 'a new license' : endpointToText(agent.endpoint);
        this.#options.say(`Seat ${seat.id} held again, from ${origin}.`);
        return this.#watch();
      }
      await pause(TRY_AGAIN_MS, signal);
    }
  }

  /** Gives back whichever seat is held. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#done.abort();
    await this.#search;
    await this.#seat.release();
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

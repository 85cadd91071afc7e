/** Keeps a seat while a command runs, says what becomes of it, and gives it back. */

import type { Seat, SeatNews } from '../../protocol/client/client.ts';
import { endpointToText } from '../../protocol/endpoint.ts';
import { renderTime } from './columns.ts';

export class SeatKeeper implements AsyncDisposable {
  readonly #seat: Seat;
  /** Says one line to the user. */
  readonly #say: (line: string) => void;
  #last: SeatNews['kind'] = 'held';
  #origin: string;
  #stop: (() => void) | undefined;

  constructor(seat: Seat, say: (line: string) => void) {
    this.#seat = seat;
    this.#say = say;
    this.#origin = originOf(seat);
    seat.onNews((news) => this.#hear(news));
  }

  /** Calls back when the seat is lost. */
  onLost(stop: () => void): void {
    this.#stop = stop;
  }

  #hear(news: SeatNews): void {
    switch (news.kind) {
      case 'held':
        this.#say(this.#describeHeld());
        break;
      case 'unreachable':
        this.#say(
          `The license agent does not answer; the seat is held until ${timeOf(news.until)}.`,
        );
        break;
      case 'ending': {
        const { sentence, administrator } = news.explanation;
        this.#say(`${sentence} ${administrator} The seat is held until ${timeOf(news.until)}.`);
        break;
      }
      case 'lost':
        this.#lose(news);
        break;
    }
    this.#last = news.kind;
  }

  #describeHeld(): string {
    const { id } = this.#seat;
    const before = this.#origin;
    this.#origin = originOf(this.#seat);
    if (this.#last === 'lost') return `Seat ${id} held again, from ${this.#origin}.`;
    if (this.#last === 'ending') return `Seat ${id} is renewed after all.`;
    if (this.#origin !== before) return `Seat ${id} held from ${this.#origin} from now on.`;
    return 'The license agent answers again.';
  }

  #lose({ explanation, regaining }: Extract<SeatNews, { kind: 'lost' }>): void {
    this.#say(`${explanation.sentence} ${explanation.administrator}`);
    if (this.#stop !== undefined) return this.#stop();
    this.#say(
      regaining
        ? 'The command runs on while a seat is looked for again.'
        : 'The command runs on without a seat.',
    );
  }

  /** Gives the seat back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#seat.release();
  }
}

const timeOf = (date: Date): string => renderTime(Math.floor(date.getTime() / 1000));

const originOf = ({ agent }: Seat): string =>
  agent === null ? "this computer's own license" : endpointToText(agent.endpoint);

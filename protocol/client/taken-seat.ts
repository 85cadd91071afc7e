/** A borrowed seat in the application's hands: no agent, no socket, held to the token's end. */

import { bytesToBase64 } from '../bytes.ts';
import type { LeaseId } from '../ids.ts';
import type { StoredSeat } from '../node/borrow-store.ts';
import type { Clock } from '../node/clock.ts';
import type { Unlock } from '../node/process-lock.ts';
import { DeadlineTimer } from '../node/timer.ts';
import type { Result } from '../result.ts';
import { after, type EpochSeconds, epochSeconds, type Instant, instant, millis } from '../units.ts';
import { explainBorrowFault, explainTrouble } from './borrow-sentences.ts';
import type { BelievedSeat, BorrowFault } from './borrowed-seat.ts';
import { callOut } from './call-out.ts';
import type { Seat, SeatNews } from './seat.ts';
import { SeatError } from './seat-error.ts';
import type { AgentSeen } from './seat-events.ts';
import type { Explanation } from './sentences.ts';

/** How often the file is looked at: the seat may have been extended. */
const LOOK_EVERY_MS = 30_000;
/** How often a running application has the date remembered. */
const REMEMBER_EVERY_SECONDS = 1800;

export interface TakenSeatParts {
  readonly stored: StoredSeat;
  readonly believed: BelievedSeat;
  readonly clock: Clock;
  /** This process does not use it any more. */
  readonly unuse: Unlock;
  /** Judges what is stored at a date. */
  readonly judge: (wall: EpochSeconds) => Result<BelievedSeat, BorrowFault>;
}

/** A day and time in the user's own spelling. */
export const dateText = (seconds: EpochSeconds): string =>
  new Date(seconds * 1000).toLocaleString();

export class TakenSeat implements Seat {
  readonly #parts: TakenSeatParts;
  readonly #timer: DeadlineTimer;
  readonly #lost = new AbortController();
  readonly #listeners = new Set<(news: SeatNews) => void>();
  /** From where time is counted on the clock that nobody sets. */
  readonly #from: { readonly mono: Instant; readonly wall: EpochSeconds };
  #believed: BelievedSeat;
  #rememberedAt: EpochSeconds;
  #isOver = false;

  constructor(parts: TakenSeatParts) {
    this.#parts = parts;
    this.#believed = parts.believed;
    const { mono, wall } = parts.clock.now();
    const seenAt = parts.stored.record.borrowing?.seenAt ?? wall;
    // A clock that was corrected backwards does not move the end.
    this.#from = { mono, wall: epochSeconds(Math.max(wall, seenAt)) };
    this.#rememberedAt = this.#from.wall;
    this.#timer = new DeadlineTimer({
      now: () => parts.clock.now().mono,
      onDue: () => this.#look(),
      lookEvery: LOOK_EVERY_MS,
    });
    this.#timer.hold(false);
    this.#watch();
  }

  get id(): LeaseId {
    return this.#parts.stored.id;
  }

  get product(): string {
    return this.#believed.token.product;
  }

  get class(): string {
    return this.#believed.class;
  }

  get weight(): number {
    const { parts } = this.#believed.token;
    const counted = parts.filter(({ pool }) => pool !== null);
    return Math.max(
      1,
      counted.reduce((sum, { seats }) => sum + seats, 0),
    );
  }

  get overdraft(): boolean {
    return false;
  }

  get licenses(): Seat['licenses'] {
    const [first, ...others] = this.#believed.licenses;
    return [first.license, ...others.map(({ license }) => license)];
  }

  get signer(): string {
    return bytesToBase64(this.#believed.licenses[0].vendor);
  }

  /** The one that lent it along; it need not be in reach. */
  get agent(): AgentSeen {
    return this.#parts.stored.record.agent;
  }

  get isHeld(): boolean {
    return !this.#isOver && this.#parts.clock.now().mono < this.#end;
  }

  get until(): Date {
    return new Date(this.#believed.until * 1000);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  onNews(listener: (news: SeatNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nobody else could have a seat that is away. */
  reportIdle(): void {}

  /** Ends this use; the seat stays borrowed. */
  async release(): Promise<void> {
    if (!this.#isOver) this.#finish();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  get #end(): Instant {
    const left = Math.max(0, this.#believed.until - this.#from.wall);
    return after(this.#from.mono, millis(left * 1000));
  }

  /** The date by the clock that nobody sets. */
  get #wall(): EpochSeconds {
    const elapsed = this.#parts.clock.now().mono - this.#from.mono;
    return epochSeconds(Math.min(0xffff_ffff, this.#from.wall + Math.floor(elapsed / 1000)));
  }

  #watch(): void {
    const now = this.#parts.clock.now().mono;
    this.#timer.set(instant(Math.min(this.#end, now + LOOK_EVERY_MS)));
  }

  #look(): void {
    const { stored, judge } = this.#parts;
    const before = this.#believed.until;
    if (!stored.refresh() || stored.record.state !== 'borrowed') {
      return this.#lose(explainTrouble('not-borrowed'));
    }
    const judged = judge(this.#wall);
    if (judged.ok) this.#believed = judged.value;
    if (!this.isHeld) {
      const { until, token } = this.#believed;
      return this.#lose(explainBorrowFault({ kind: 'ended', until }, token.product, dateText));
    }
    if (this.#believed.until !== before) this.#report({ kind: 'held', until: this.until });
    if (this.#wall - this.#rememberedAt >= REMEMBER_EVERY_SECONDS) this.#remember();
    this.#watch();
  }

  #lose(explanation: Explanation): void {
    this.#finish();
    this.#lost.abort(new SeatError(explanation));
    this.#report({ kind: 'lost', explanation, regaining: false });
  }

  #finish(): void {
    this.#isOver = true;
    this.#timer.clear();
    this.#remember();
    this.#parts.unuse();
  }

  /** Notes the date, so that turning the clock back does not bring it back; unless another changes the seat. */
  #remember(): void {
    this.#rememberedAt = this.#wall;
    const { stored } = this.#parts;
    const unlock = tryToLock(stored);
    if (unlock === undefined) return;
    if (stored.refresh()) noteDate(stored, this.#wall);
    unlock();
  }

  #report(news: SeatNews): void {
    for (const listener of this.#listeners) callOut(() => listener(news));
  }
}

/** Notes a date as seen with a seat; under its lock. */
export const noteDate = (stored: StoredSeat, wall: EpochSeconds): void => {
  const { borrowing } = stored.record;
  if (borrowing === null || wall <= borrowing.seenAt) return;
  try {
    stored.change({ borrowing: { ...borrowing, seenAt: wall } });
  } catch {
    // A full disk takes no seat away; the date is noted when there is room.
  }
};

const tryToLock = (stored: StoredSeat): Unlock | undefined => {
  try {
    return stored.lock();
  } catch {
    return undefined;
  }
};

/** Gives borrowed seats back, whenever their agents can be reached. */

import type { BorrowStore, StoredSeat } from '../node/borrow-store.ts';
import type { Clock } from '../node/clock.ts';
import type { Unlock } from '../node/process-lock.ts';
import { explainTrouble, explainUnkept } from './borrow-sentences.ts';
import type { ErrandEnd, ErrandOptions } from './errand.ts';
import type { ErrandDriver } from './errand-driver.ts';
import { SeatError } from './seat-error.ts';
import { type Explanation, explainFailure } from './sentences.ts';

/** How long another process's change is waited for. */
const LOCK_PATIENCE_MS = 5000;
const LOCK_AGAIN_MS = 50;

export interface BorrowDeskParts {
  /** `undefined` for a user without a home. */
  readonly store: BorrowStore | undefined;
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly clock: Clock;
  /** Opens a conversation with the agent of a seat, under its session. */
  readonly openErrand: (
    options: Pick<ErrandOptions, 'product' | 'agent' | 'secret' | 'sent' | 'lastId'>,
  ) => Promise<ErrandDriver>;
}

/** A borrowed seat as people see it. */
export interface BorrowedSeat {
  readonly id: string;
  readonly product: string;
  readonly class: string;
  /** The name of the agent that lent it along. */
  readonly agent: string;
  /** The public key of the vendor of the license behind it, in base64; `null` for one not believed. */
  readonly signer: string | null;
  /** On the clock of this computer; `null` for one that is not believed. */
  readonly until: Date | null;
  /** `returning`: it is to be given back, and the agent does not know yet. */
  readonly state: 'borrowed' | 'returning';
  /** Why it cannot be used; `null` when it can. */
  readonly fault: Explanation | null;
}

/** What came of a return: `pending` is tried again whenever the library is used. */
export interface ReturnedSeat {
  readonly id: string;
  readonly product: string;
  readonly kind: 'returned' | 'pending';
  /** Why it is pending; `null` when it is not. */
  readonly explanation: Explanation | null;
}

export class BorrowReturns {
  readonly #parts: BorrowDeskParts;
  #retrying: Promise<void> | undefined;

  constructor(parts: BorrowDeskParts) {
    this.#parts = parts;
  }

  /** Gives one seat back. Rejects with a `SeatError` when it is in use. */
  async giveBack(stored: StoredSeat): Promise<ReturnedSeat> {
    const unlock = await lockOf(stored);
    try {
      const { id, record } = stored;
      if (!stored.refresh()) throw new SeatError(explainTrouble('not-borrowed'));
      if (stored.isUsed) throw new SeatError(explainTrouble('borrowed-in-use'));
      const explanation = await this.giveUp(stored);
      const kind = explanation === null ? 'returned' : 'pending';
      return { id, product: record.product, kind, explanation };
    } finally {
      unlock();
    }
  }

  /**
   * Believes in the seat no more, on disk first, then tells its agent. Why the agent
   * does not know; `null` when it does. Under the seat's lock.
   */
  async giveUp(stored: StoredSeat): Promise<Explanation | null> {
    await this.keep(() => stored.change({ state: 'returning' }));
    const { product } = stored.record;
    try {
      await using errand = await this.resume(stored);
      const end = await errand.ask({ kind: 'release', returns: true });
      if (end.kind === 'failed' && !isGone(end)) return explainFailure(end.failure, product);
    } catch (error) {
      if (error instanceof SeatError) return error.explanation;
      throw error;
    }
    stored.remove();
    return null;
  }

  /** Tries returns again that no agent has heard of; does not wait for them. */
  retry(): void {
    this.#retrying ??= this.#retryAll()
      .catch(() => {})
      .finally(() => {
        this.#retrying = undefined;
      });
  }

  async #retryAll(): Promise<void> {
    for (const stored of this.#parts.store?.list().seats ?? []) {
      // One that is being asked for is locked by who asks; one that is not was left behind.
      if (!isAway(stored)) continue;
      const unlock = stored.lock();
      if (unlock === undefined) continue;
      try {
        if (stored.refresh() && isAway(stored)) await this.giveUp(stored);
      } finally {
        unlock();
      }
    }
  }

  /** Takes up the session of a seat again; that is on disk before anything is said. */
  resume(stored: StoredSeat): Promise<ErrandDriver> {
    const resumed = stored.resume();
    if (resumed === undefined) throw new SeatError(explainTrouble('borrowed-worn-out'));
    const { product, secret, agent } = stored.record;
    return this.#parts.openErrand({ product, agent, secret, ...resumed });
  }

  /** Writes to disk, and says it in words when that cannot be. */
  async keep<T>(write: () => T): Promise<T> {
    try {
      return write();
    } catch (error) {
      throw unkept(this.#parts.store?.folder ?? '', error);
    }
  }
}

/** Nobody believes in it (yet, or any more). */
const isAway = ({ record }: StoredSeat): boolean => record.state !== 'borrowed';

/** These say nothing of the seat: the return is tried again. */
const UNDECIDED: readonly string[] = ['store-failing', 'busy', 'bad-request'];

/** The agent has the seat no more, or never had it. */
const isGone = ({ failure }: Extract<ErrandEnd, { kind: 'failed' }>): boolean =>
  failure.kind === 'refused' && !UNDECIDED.includes(failure.code);

/** The lock of a seat, waited for a while. Rejects with a `SeatError`. */
export const lockOf = async (stored: StoredSeat): Promise<Unlock> => {
  for (let waited = 0; waited < LOCK_PATIENCE_MS; waited += LOCK_AGAIN_MS) {
    const unlock = lockNow(stored);
    if (unlock !== undefined) return unlock;
    await new Promise((resolve) => setTimeout(resolve, LOCK_AGAIN_MS));
  }
  throw new SeatError(explainTrouble('borrowed-busy'));
};

const lockNow = (stored: StoredSeat): Unlock | undefined => {
  try {
    return stored.lock();
  } catch (error) {
    throw unkept(stored.path, error);
  }
};

const unkept = (path: string, error: unknown): SeatError => {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return new SeatError(explainUnkept(path, code));
};

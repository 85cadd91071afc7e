/** Borrows, uses, extends and returns the seats that this user has with this computer. */

import { openBorrowToken } from '../borrow-token.ts';
import { bytesToBase64, bytesToHex, equalBytes } from '../bytes.ts';
import { matchHostCode } from '../host-code.ts';
import { KEY_SIZE } from '../limits.ts';
import type { StoredSeat } from '../node/borrow-store.ts';
import { systemEntropy } from '../node/entropy.ts';
import { nativePrimitives } from '../node/native-primitives.ts';
import type { SeatWish } from '../requests.ts';
import { err, type Result } from '../result.ts';
import { hashDocument } from '../signed-document.ts';
import type { EpochSeconds, Seconds } from '../units.ts';
import {
  type BorrowDeskParts,
  type BorrowedSeat,
  BorrowReturns,
  lockOf,
  type ReturnedSeat,
} from './borrow-returns.ts';
import { explainBorrowFault, explainTrouble } from './borrow-sentences.ts';
import {
  type BelievedSeat,
  type BorrowFault,
  type Borrowing,
  judgeBorrowing,
} from './borrowed-seat.ts';
import { fetchMissing } from './fetch-proofs.ts';
import type { Seat } from './seat.ts';
import type { SeatDriver } from './seat-driver.ts';
import { SeatError } from './seat-error.ts';
import { type Explanation, explainEnding, explainFailure } from './sentences.ts';
import { dateText, noteDate, TakenSeat } from './taken-seat.ts';

export class BorrowDesk {
  readonly #parts: BorrowDeskParts;
  #hostCode: Promise<Uint8Array> | undefined;
  readonly #returns: BorrowReturns;

  constructor(parts: BorrowDeskParts) {
    this.#parts = parts;
    this.#returns = new BorrowReturns(parts);
  }

  /** Tries returns again that no agent has heard of; does not wait for them. */
  retryReturns(): void {
    this.#returns.retry();
  }

  /** The borrowed seats of this user, and a sentence for each file that cannot be read. */
  async list(): Promise<{ seats: readonly BorrowedSeat[]; troubles: readonly string[] }> {
    const { seats = [], troubles = [] } = this.#parts.store?.list() ?? {};
    const hostCode = seats.length > 0 ? await this.#readHostCode() : new Uint8Array(0);
    const kept = seats.filter(({ record }) => record.state !== 'asking');
    return { seats: kept.map((stored) => this.#describe(stored, hostCode)), troubles };
  }

  /** A borrowed seat that covers the wish, in use from now on; else why there is none. */
  async use(wish: SeatWish): Promise<Seat | Explanation | undefined> {
    let explanation: Explanation | undefined;
    for (const stored of this.#ofProduct(wish.product)) {
      const used = await this.#useOne(stored, wish).catch((error: unknown) => {
        if (error instanceof SeatError) return error.explanation;
        throw error;
      });
      if (used !== undefined && 'product' in used) return used;
      explanation ??= used;
    }
    return explanation;
  }

  async #useOne(stored: StoredSeat, wish: SeatWish): Promise<Seat | Explanation | undefined> {
    const hostCode = await this.#readHostCode();
    const judge = (wall: EpochSeconds) => this.#judge(stored, wish, hostCode, wall);
    const { clock } = this.#parts;
    const unlock = await lockOf(stored);
    try {
      if (!stored.refresh() || stored.record.state !== 'borrowed') return undefined;
      const { wall } = clock.now();
      const judged = judge(wall);
      if (!judged.ok) return explainBorrowFault(judged.error, wish.product, dateText);
      const believed = judged.value;
      const alone = believed.isForOneProcess;
      const unuse = await this.#returns.keep(() => stored.use({ alone }));
      if (unuse === undefined) return explainTrouble('borrowed-in-use');
      noteDate(stored, wall);
      return new TakenSeat({ stored, believed, clock, unuse, judge });
    } finally {
      unlock();
    }
  }

  /** Borrows a seat, or extends the borrowed one that covers the wish. */
  async borrow(
    wish: SeatWish,
    duration: Seconds,
    takeSeat: (secret: Uint8Array) => Promise<SeatDriver>,
  ): Promise<BorrowedSeat> {
    const { store, clock } = this.#parts;
    if (store === undefined) throw new SeatError(explainTrouble('no-home'));
    const hostCode = await this.#readHostCode();
    if (!matchHostCode(hostCode, hostCode).matches) {
      throw new SeatError(explainTrouble('host-unknown'));
    }
    const { wall } = clock.now();
    const held = this.#ofProduct(wish.product).find(
      (stored) => this.#judge(stored, wish, hostCode, wall).ok,
    );
    if (held !== undefined) return this.#extendOne(held, duration);
    const secret = systemEntropy(KEY_SIZE);
    const seat = await takeSeat(secret);
    const { agent, product } = seat;
    const record = {
      state: 'asking',
      product,
      secret,
      resumes: 0,
      agent,
      borrowing: null,
    } as const;
    const kept = await this.#returns
      .keep(() => store.add(record))
      .catch(async (error: unknown) => {
        await seat.release();
        throw error;
      });
    try {
      return await this.#takeAlong(kept.seat, seat, { wish, duration, hostCode });
    } finally {
      kept.unlock();
    }
  }

  async #takeAlong(
    stored: StoredSeat,
    seat: SeatDriver,
    how: { readonly wish: SeatWish; readonly duration: Seconds; readonly hostCode: Uint8Array },
  ): Promise<BorrowedSeat> {
    const { wish, duration, hostCode } = how;
    const askedAt = this.#parts.clock.now().wall;
    const answer = await seat.borrow(duration, hostCode);
    if (answer.kind === 'refused') {
      await seat.release();
      stored.remove();
      throw new SeatError(explainEnding(answer.code));
    }
    if (answer.kind === 'lost') {
      await this.#returns.giveUp(stored);
      throw new SeatError(explainEnding('not-held'));
    }
    const { token } = answer;
    const signer = signerOf(token, stored) ?? new Uint8Array(KEY_SIZE);
    const proofs = await this.#proofsFor(stored, token, seat.proofs);
    const borrowing = { token, signer, proofs, askedAt, seenAt: askedAt };
    return this.#accept(stored, borrowing, wish);
  }

  /** What a token names may be newer than what the seat was proven with. */
  async #proofsFor(
    stored: StoredSeat,
    token: Uint8Array,
    known: readonly Uint8Array[],
  ): Promise<readonly Uint8Array[]> {
    const opened = openBorrowToken(token, nativePrimitives);
    if (!opened.ok) return known;
    const { parts } = opened.value.token;
    const hashes = new Set(known.map((one) => bytesToHex(hashDocument(one, nativePrimitives))));
    if (parts.every(({ document }) => hashes.has(bytesToHex(document)))) return known;
    await using errand = await this.#returns.resume(stored);
    return fetchMissing(errand, parts, known);
  }

  /** Keeps a token that is believed; gives a seat back that is not. */
  async #accept(
    stored: StoredSeat,
    borrowing: Borrowing,
    wish: SeatWish | null,
  ): Promise<BorrowedSeat> {
    const hostCode = await this.#readHostCode();
    const judged = judgeBorrowing(borrowing, wish, {
      vendorKeys: this.#parts.vendorKeys,
      hostCode,
      wall: this.#parts.clock.now().wall,
      primitives: nativePrimitives,
    });
    if (judged.ok) {
      await this.#returns.keep(() => stored.change({ state: 'borrowed', borrowing }));
      return this.#describe(stored, hostCode);
    }
    if (stored.record.state === 'asking') await this.#returns.giveUp(stored);
    throw new SeatError(explainBorrowFault(judged.error, stored.record.product, dateText));
  }

  /** Has a borrowed seat end `duration` from now. `which`: its id, or its product. */
  async extend(which: string, duration: Seconds): Promise<BorrowedSeat> {
    const [stored] = this.#find(which).filter(({ record }) => record.state === 'borrowed');
    if (stored === undefined) throw new SeatError(explainTrouble('not-borrowed'));
    return this.#extendOne(stored, duration);
  }

  async #extendOne(stored: StoredSeat, duration: Seconds): Promise<BorrowedSeat> {
    const unlock = await lockOf(stored);
    try {
      const isThere = stored.refresh() && stored.record.state === 'borrowed';
      const { borrowing, product } = stored.record;
      const opened = borrowing && openBorrowToken(borrowing.token, nativePrimitives);
      if (!isThere || borrowing === null || !opened?.ok) {
        throw new SeatError(explainTrouble('not-borrowed'));
      }
      await using errand = await this.#returns.resume(stored);
      const askedAt = this.#parts.clock.now().wall;
      // The agent goes by the code that it has seen, whatever was changed in this computer since.
      const { hostCode, from } = opened.value.token;
      const end = await errand.ask({ kind: 'borrow', duration, hostCode });
      if (end.kind === 'failed') throw new SeatError(explainFailure(end.failure, product));
      const token = end.reply.kind === 'borrowed' ? end.reply.token : new Uint8Array(0);
      const signer = signerOf(token, stored);
      const isSame = signer !== undefined && equalBytes(signer, borrowing.signer);
      const later = openBorrowToken(token, nativePrimitives);
      if (!isSame || !later.ok) {
        throw new SeatError(explainBorrowFault({ kind: 'forged' }, product, dateText));
      }
      stored.change({ agent: end.agent });
      const proofs = await fetchMissing(errand, later.value.token.parts, borrowing.proofs);
      const anew = later.value.token.from === from ? borrowing.askedAt : askedAt;
      return await this.#accept(stored, { ...borrowing, token, proofs, askedAt: anew }, null);
    } finally {
      unlock();
    }
  }

  /** Gives borrowed seats back. `which`: the id of one, or the product of several. */
  async giveBack(which: string): Promise<readonly ReturnedSeat[]> {
    const found = this.#find(which).filter(({ record }) => record.state !== 'asking');
    if (found.length === 0) throw new SeatError(explainTrouble('not-borrowed'));
    const returned: ReturnedSeat[] = [];
    for (const stored of found) returned.push(await this.#returns.giveBack(stored));
    return returned;
  }

  #ofProduct(product: string): readonly StoredSeat[] {
    const seats = this.#parts.store?.list().seats ?? [];
    return seats.filter(({ record }) => record.state === 'borrowed' && record.product === product);
  }

  #find(which: string): readonly StoredSeat[] {
    const seats = this.#parts.store?.list().seats ?? [];
    return seats.filter(({ id, record }) => id === which || record.product === which);
  }

  #judge(
    { record }: StoredSeat,
    wish: SeatWish | null,
    hostCode: Uint8Array,
    wall: EpochSeconds,
  ): Result<BelievedSeat, BorrowFault> {
    const { vendorKeys } = this.#parts;
    if (record.borrowing === null) return err({ kind: 'forged' });
    const situation = { vendorKeys, hostCode, wall, primitives: nativePrimitives };
    return judgeBorrowing(record.borrowing, wish, situation);
  }

  #describe(stored: StoredSeat, hostCode: Uint8Array): BorrowedSeat {
    const { product, agent, state } = stored.record;
    const judged = this.#judge(stored, null, hostCode, this.#parts.clock.now().wall);
    return {
      id: stored.id,
      product,
      class: judged.ok ? judged.value.class : '',
      signer: judged.ok ? bytesToBase64(judged.value.licenses[0].vendor) : null,
      agent: agent.name,
      until: judged.ok ? new Date(judged.value.until * 1000) : null,
      state: state === 'borrowed' ? state : 'returning',
      fault: judged.ok ? null : explainBorrowFault(judged.error, product, dateText),
    };
  }

  #readHostCode(): Promise<Uint8Array> {
    this.#hostCode ??= import('../node/host-components.ts').then((host) => host.readHostCode());
    return this.#hostCode;
  }
}

/** The key that signed a token for this very session and agent; `undefined` for any other token. */
const signerOf = (token: Uint8Array, { record }: StoredSeat): Uint8Array | undefined => {
  const opened = openBorrowToken(token, nativePrimitives);
  if (!opened.ok) return undefined;
  const { clientKey, agentKey, product } = opened.value.token;
  const ownKey = nativePrimitives.agreementKeys(record.secret).publicKey;
  const isOurs = equalBytes(clientKey, ownKey) && equalBytes(agentKey, record.agent.key);
  return isOurs && product === record.product ? opened.value.signer : undefined;
};

/**
 * A borrowed seat on a client's computer: believed offline by the computer's calendar, and given
 * back or prolonged by another process than the one that borrowed it.
 */

import { openBorrowToken } from '../../protocol/borrow-token.ts';
import { judgeBorrowing } from '../../protocol/client/borrowed-seat.ts';
import type { Question } from '../../protocol/client/errand.ts';
import type { SeatLicenses } from '../../protocol/client/seat-events.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import { type EpochSeconds, type Seconds, seconds } from '../../protocol/units.ts';
import type { Belief } from './belief.ts';
import { type ClientParts, ErrandRun } from './errand-run.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { Violation } from './world.ts';

/** A session that is taken up again numbers from so much higher: nobody knows how far it came. */
const NUMBERS_APART = 10_000;
/** Before an agent that did not answer is asked again, in milliseconds. */
const AGAIN_AFTER = 5000;

/** What the process that borrowed leaves on the disk. */
export interface Packed {
  readonly wish: SeatWish;
  readonly token: Uint8Array;
  readonly licenses: SeatLicenses;
  readonly vendorKey: Uint8Array;
  readonly hostCode: Uint8Array;
  readonly secret: Uint8Array;
  readonly clientKey: Uint8Array;
  readonly storeKey: string;
  readonly lastNumber: number;
  /** The computer's date when it was asked for. */
  readonly askedAt: EpochSeconds;
}

export class Luggage {
  readonly #parts: ClientParts;
  readonly #packed: Packed;
  readonly #agentKey: Uint8Array;
  /** Another agent of its site, maybe. */
  readonly #returnsTo: Uint8Array;
  /** Believed before this date of the computer's calendar. */
  #until: EpochSeconds;
  #resumes = 0;
  #errand: ErrandRun | undefined;
  /** Nobody believes in it any more: the agent is to be told, or is not to be found. */
  #isReturning = false;
  #isDone = false;

  /** Throws a `Violation` when a token that was given under seal is not believed. */
  constructor(parts: ClientParts, packed: Packed, returnsTo?: Uint8Array) {
    this.#parts = parts;
    this.#packed = packed;
    const until = this.#judge(packed.token, packed.askedAt);
    if (until === undefined) throw new Violation('a token that was given is believed', parts.name);
    this.#until = until;
    const opened = openBorrowToken(packed.token, swiftPrimitives);
    this.#agentKey = opened.ok ? opened.value.token.agentKey : new Uint8Array(32);
    this.#returnsTo = returnsTo ?? this.#agentKey;
  }

  /** Nothing is left to be done with it. */
  get isDone(): boolean {
    return this.#isDone;
  }

  belief(): Belief | undefined {
    if (this.#isReturning || this.#parts.host.moment().wall >= this.#until) return undefined;
    const { licenses, clientKey, storeKey } = this.#packed;
    const license: LicenseId = licenses[0].license.id;
    const until = this.#parts.host.clock.trueTimeOfWall(this.#until);
    return { name: `luggage of ${this.#parts.name}`, until, license, clientKey, storeKey };
  }

  /** The end of the token, or `undefined` where it is not believed (any more). */
  #judge(token: Uint8Array, askedAt: EpochSeconds): EpochSeconds | undefined {
    const { wish, licenses, vendorKey, hostCode } = this.#packed;
    const opened = openBorrowToken(token, swiftPrimitives);
    if (!opened.ok) return undefined;
    const borrowing = {
      token,
      signer: opened.value.signer,
      proofs: licenses.map(({ proof }) => proof),
      askedAt,
      seenAt: askedAt,
    };
    const situation = {
      vendorKeys: [vendorKey],
      hostCode,
      // When it was asked for: an answer that took long may come after its own end.
      wall: askedAt,
      primitives: swiftPrimitives,
    };
    const judged = judgeBorrowing(borrowing, wish, situation);
    if (judged.ok) return judged.value.until;
    // Superseded meanwhile: the token names a license that this computer has not seen.
    const { error } = judged;
    if (error.kind === 'untrusted') return askedAt;
    throw new Violation('a token that was given is believed', JSON.stringify(error));
  }

  /** From now on it is not believed, and its agent is told until it has heard. */
  giveBack(): void {
    if (this.#isReturning) return;
    this.#isReturning = true;
    this.#parts.world.note(`${this.#parts.name} returns its luggage`);
    this.#errand?.drop();
    this.#tellAgent();
  }

  #tellAgent(): void {
    this.#ask({ kind: 'release', returns: true }, 6000, (reply) => {
      if (reply?.kind === 'released') this.#isDone = true;
      else this.#parts.world.in(AGAIN_AFTER, () => this.#tellAgent());
    });
  }

  prolong(duration: Seconds): void {
    if (this.#isReturning || this.#errand !== undefined || this.belief() === undefined) return;
    const { host, world, name } = this.#parts;
    const askedAt = host.moment().wall;
    world.note(`${name} prolongs its luggage`);
    const { hostCode } = this.#packed;
    this.#ask({ kind: 'borrow', duration: seconds(duration), hostCode }, 4000, (reply) => {
      if (reply?.kind !== 'borrowed' || this.#isReturning) return;
      const until = this.#judge(reply.token, askedAt);
      if (until === undefined || until <= this.#until) return;
      this.#until = until;
      world.isDirty = true;
    });
  }

  #ask(question: Question, patience: number, hear: (reply: Reply | undefined) => void): void {
    const { host } = this.#parts;
    if (host.isAsleep) {
      return host.setTimer(host.mono(), () => this.#ask(question, patience, hear));
    }
    const { wish, secret, lastNumber } = this.#packed;
    const last = lastNumber + NUMBERS_APART * ++this.#resumes;
    const key = question.kind === 'release' ? this.#returnsTo : this.#agentKey;
    const asked = {
      product: wish.product,
      agent: { key, endpoint: undefined },
      patience,
      secret,
      sent: last,
      lastId: last,
    };
    this.#errand = new ErrandRun(this.#parts, asked, question, (end) => {
      this.#errand = undefined;
      hear(end.kind === 'answered' ? end.reply : undefined);
    });
  }
}

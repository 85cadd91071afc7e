/**
 * Borrowed seats of a site. A seat that is taken along is moved from its member's block to a record of
 * its own, in a transaction that is answered before anybody hears of it: whatever becomes of the
 * member, it counts until it is given back, once, or its time is over. Every change compares and writes
 * one key besides, so each is decided on by all the loans there are. They are made one after the other.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { RefusalCode } from '../../../protocol/refusal.ts';
import { after, type Instant, type Millis, type Moment, millis } from '../../../protocol/units.ts';
import type { LeaseBook } from '../seats/lease-book.ts';
import type { ClaimPart } from '../seats/seat-claims.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Situation } from '../situation.ts';
import type { Block } from './block.ts';
import type { Blocks } from './blocks.ts';
import type { CoveredSeats } from './covered-seats.ts';
import { type KnownLoan, LOAN_READS } from './loan-book.ts';
import { askFor, type LoanChange, type LoanChangeParts, touchAsk } from './loan-change.ts';
import { encodeLoan, type LoanRecord } from './loan-record.ts';
import type { RegisterAnswer, RegisterAsk, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { grantsEnd } from './site-times.ts';

/** Loans of a site at a time. */
const LOANS_MAX = 2000;
/** Who asked has given up by then. */
const PATIENCE: Millis = millis(8000);

export interface LoansParts extends LoanChangeParts {
  readonly calls: RegisterCalls;
  readonly blocks: Blocks;
  readonly book: LeaseBook;
  readonly sessions: SessionTable;
  readonly covered: CoveredSeats;
}

/** What a loan is to become, by what it is now; and what is done when it has, or cannot. */
export interface LoanOrder {
  readonly key: string;
  readonly clientKey: Uint8Array;
  /** `null`: it is over. */
  readonly wanted: (known: KnownLoan | undefined) => LoanRecord | null;
  readonly refuse: (at: Moment) => RefusalCode | undefined;
  readonly settle: (code: RefusalCode | undefined, situation: Situation) => void;
}

interface Job extends LoanOrder {
  readonly until: Instant;
  /** What the register was asked for: it may have been done unheard. */
  readonly asked: (Uint8Array | null)[];
  /** What was asked for may be done yet. */
  isDoubtful: boolean;
  /** It takes back what is written down of reservations. */
  isLowering: boolean;
}

/** A loan that is made, of which nobody hears yet. */
interface Unspoken extends Pick<Job, 'key' | 'settle'> {
  readonly until: Instant;
}

export class Loans {
  readonly #parts: LoansParts;
  #jobs: readonly Job[] = [];
  #unspoken: readonly Unspoken[] = [];
  #isAsking = false;
  /** Of no use before the next beat. */
  #isResting = false;
  #mustRead = false;
  #isNews = false;

  constructor(parts: LoansParts) {
    this.#parts = parts;
  }

  /** Whether a loan is being changed: until then nothing else is decided about it. */
  isChanging(key: string): boolean {
    const isOf = (one: Pick<Job, 'key'>): boolean => one.key === key;
    return this.#jobs.some(isOf) || this.#unspoken.some(isOf);
  }

  /** Whether there is something that the register could be asked. */
  get isWaiting(): boolean {
    return this.#jobs.length > 0 && !this.#isAsking && !this.#isResting;
  }

  add(order: LoanOrder, now: Instant): void {
    const until = after(now, PATIENCE);
    const job = { ...order, until, asked: [], isDoubtful: false, isLowering: false };
    this.#jobs = [...this.#jobs, job];
  }

  /** To be asked for all loans and their pools before anything is decided on. */
  read(): void {
    this.#mustRead = true;
  }

  /** To be called once a beat. */
  beat(): void {
    this.#isResting = false;
  }

  /** Whether loans have changed since this was asked last. */
  takeNews(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }

  /** `fence`: of this member; 0 while seats of an agent are counted that is to join. */
  keep(situation: Situation, fence: Revision | undefined): void {
    const { mono } = situation.at;
    const due = this.#unspoken.filter(({ until }) => mono >= until);
    this.#unspoken = this.#unspoken.filter(({ until }) => mono < until);
    for (const { settle } of due) settle(undefined, situation);
    for (const job of this.#jobs) {
      if (mono >= job.until && !job.isDoubtful) this.#finish(job, 'busy', situation);
    }
    while (!this.#isAsking && !this.#isResting && fence !== undefined) {
      const [job] = this.#jobs;
      if (this.#mustRead || this.#parts.loans.isStale) return this.#read();
      if (job === undefined || !this.#advance(job, fence, situation)) return;
    }
  }

  #read(): void {
    this.#mustRead = false;
    const blocks = this.#jobs.flatMap((job) => this.#blocksOf(job));
    const reads = [...LOAN_READS, ...blocks.flatMap((block) => block.reads)];
    this.#ask({ compares: [], writes: [], reads }, () => {});
  }

  #blocksOf(job: Job): readonly Block[] {
    return this.#claimOf(job).map(({ pool }) => this.#parts.blocks.blockOf(pool.counting));
  }

  #slotOf({ clientKey }: LoanOrder): number {
    const { sessions, book } = this.#parts;
    const slot = sessions.find(clientKey);
    return slot >= 0 && book.holds(slot) ? slot : -1;
  }

  #claimOf(job: LoanOrder): readonly ClaimPart[] {
    const slot = this.#slotOf(job);
    return slot < 0 ? [] : this.#parts.book.claim(slot).parts;
  }

  /** Goes on with a job; `false`: it waits for something. */
  #advance(job: Job, fence: Revision, situation: Situation): boolean {
    const { loans } = this.#parts;
    const known = loans.get(job.key);
    const isDone = job.asked.some((value) => isSame(value, known));
    if (isDone) return this.#finish(job, undefined, situation);
    const wanted = job.wanted(known);
    const isFull = wanted !== null && known === undefined && loans.size >= LOANS_MAX;
    const code = job.refuse(situation.at) ?? (isFull ? 'borrow-limit' : undefined);
    if (code === undefined) {
      const value = wanted && encodeLoan(wanted);
      if (isSame(value, known)) return this.#finish(job, undefined, situation);
      const asked = this.#askFor(job, wanted, known, fence);
      if (asked !== 'no-seat') return asked === 'asked';
    }
    if (!job.isDoubtful) return this.#finish(job, code ?? 'no-seat', situation);
    this.#ask(touchAsk(loans.revision), (answer) => {
      if (answer.kind === 'transacted') job.isDoubtful = false;
    });
    return false;
  }

  #askFor(
    job: Job,
    wanted: LoanRecord | null,
    known: KnownLoan | undefined,
    fence: Revision,
  ): 'asked' | 'wait' | 'no-seat' {
    const { covered, blocks } = this.#parts;
    const slot = this.#slotOf(job);
    const isNew = known === undefined || wanted?.requestId !== known.record.requestId;
    const isTaken = wanted !== null && wanted.parts.length > 0 && isNew && slot >= 0;
    const wasApart = covered.has(slot);
    const isApart = isTaken && covered.cover(slot, wanted.parts);
    const claim = this.#claimOf(job);
    // Before it has joined the others go by nothing that it has written down.
    const product = isApart && fence > 0 ? wanted.product : undefined;
    const lowered = product === undefined ? NOTHING : blocks.reserves.lowered(product, fence);
    const change = { key: job.key, known, wanted, fence, claim, isApart };
    const made =
      typeof lowered === 'string' ? lowered : askFor(this.#parts, { ...change, lowered });
    if (typeof made === 'string') {
      // What was asked for before may be done yet.
      if (!wasApart) covered.uncover(slot);
      return made;
    }
    job.asked.push(wanted && encodeLoan(wanted));
    job.isLowering ||= typeof lowered !== 'string' && lowered.size > 0;
    for (const block of made.blocks) blocks.limit(block);
    this.#ask(made.ask, (answer) => {
      job.isDoubtful = answer.kind === 'silent';
      for (const block of made.blocks) block.answered(answer.kind === 'silent');
    });
    this.#isNews = true;
    return 'asked';
  }

  #ask(ask: RegisterAsk, take: (answer: RegisterAnswer) => void): void {
    const { calls, blocks, loans } = this.#parts;
    this.#isAsking = true;
    calls.ask(ask, (answer, { at }) => {
      this.#isAsking = false;
      if (answer.kind === 'transacted') {
        this.#isNews = loans.learn(answer.entries, at) || this.#isNews;
        this.#isNews = blocks.learn(answer, false, at.mono) || this.#isNews;
      } else this.#isResting = true;
      take(answer);
    });
  }

  /** Always `true`: there may be another to go on with. */
  #finish(job: Job, code: RefusalCode | undefined, situation: Situation): boolean {
    const { covered, loans } = this.#parts;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    const slot = this.#slotOf(job);
    const known = loans.get(job.key);
    const isCounted = known !== undefined && known.record.parts.length > 0;
    if (slot >= 0 && (!isCounted || loans.slotOf(known) !== slot)) covered.uncover(slot);
    this.#isNews = true;
    if (code !== undefined || !job.isLowering) job.settle(code, situation);
    else this.#unspoken = [...this.#unspoken, { ...job, until: grantsEnd(situation.at.mono) }];
    return true;
  }
}

const NOTHING: LoanChange['lowered'] = new Map();

const isSame = (value: Uint8Array | null, known: KnownLoan | undefined): boolean =>
  value === null || known === undefined
    ? value === null && known === undefined
    : equalBytes(value, known.value);

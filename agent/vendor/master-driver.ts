/** Joins the master's core to its store and clock: every answer is on the disk before it is told. */

import type { CallRefusal, MasterCall } from '../../protocol/master-call.ts';
import type { Clock } from '../../protocol/node/clock.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { err, type Result } from '../../protocol/result.ts';
import type { Moment } from '../../protocol/units.ts';
import type { Write } from '../core/write.ts';
import { systemReason } from '../system-reason.ts';
import { LastingWrites } from './lasting-writes.ts';
import { AuditCheck, type AuditReport, type NotedLine } from './master/audit-check.ts';
import { AUDIT_END, auditKey, readAuditLine } from './master/audit-line.ts';
import { ENDS_KEY } from './master/audit-log.ts';
import type { Bearer } from './master/bearer.ts';
import type { Master, Settled } from './master/master.ts';
import type { BookEntry } from './master/master-book.ts';
import {
  type Caller,
  type MasterOperation,
  type MasterOutcome,
  refused,
} from './master/master-operations.ts';

export interface MasterStore {
  readonly write: (writes: readonly Write[]) => Promise<void>;
  /** At most `most` entries from the key `from` on, before `to`. */
  readonly between: (from: string, to: string, most: number) => Promise<readonly BookEntry[]>;
}

/** Lines of the audit that are read at a time. */
const LINES_AT_ONCE = 1000;

interface Named {
  /** `null` for staff. */
  readonly customerName: string | null;
}

export class MasterDriver {
  readonly #master: Master;
  readonly #store: MasterStore;
  readonly #writes: LastingWrites;
  readonly #clock: Clock;
  readonly #complain: (sentence: string) => void;

  constructor(
    master: Master,
    store: MasterStore,
    clock: Clock,
    complain: (sentence: string) => void,
  ) {
    this.#master = master;
    this.#store = store;
    this.#writes = new LastingWrites(store);
    this.#clock = clock;
    this.#complain = complain;
  }

  get now(): Moment {
    return this.#clock.now();
  }

  /** Who somebody is that has signed in, with the name of the customer. */
  visitor<T extends { readonly customer: string | null }>(visitor: T): T & Named {
    return { ...visitor, customerName: this.#master.customerName(visitor.customer ?? '') };
  }

  async call(call: MasterCall, bearer: Bearer): Promise<Result<Uint8Array, CallRefusal>> {
    const answer = await this.#last(this.#master.call(call, bearer, this.now));
    return answer ?? err({ code: 'unavailable', sentence: UNWRITTEN });
  }

  async operate(asked: MasterOperation, caller: Caller): Promise<MasterOutcome> {
    const outcome = await this.#last(this.#master.operate(asked, caller, this.now));
    return outcome ?? refused('unavailable', UNWRITTEN);
  }

  /** Lines of the audit after one of this number; the last ones where that is `null`. */
  async audit(after: number | null, most: number, caller: Caller): Promise<MasterOutcome> {
    if (caller.customer !== null) return refused('forbidden', 'This is for the vendor alone.');
    const { first, last } = this.#master.lines;
    const from = after ?? Math.max(0, last - most);
    const entries = await this.#store.between(auditKey(from + 1), AUDIT_END, most);
    const lines = entries.flatMap(([, value]) => readAuditLine(value)?.line ?? []);
    return { kind: 'audit', lines, first, last };
  }

  /** Proves the audit from its first line to its last; `noted`: a line that is known from elsewhere. */
  async checkAudit(noted: NotedLine | undefined, caller: Caller): Promise<MasterOutcome> {
    if (caller.customer !== null) return refused('forbidden', 'This is for the vendor alone.');
    for (;;) {
      const { first } = this.#master.lines;
      const report = await this.#proveAudit(noted);
      // Where the oldest lines went meanwhile, it has to be done anew.
      if (first === this.#master.lines.first) return { kind: 'audit-check', report };
    }
  }

  async #proveAudit(noted: NotedLine | undefined): Promise<AuditReport> {
    const [found] = await this.#store.between(ENDS_KEY, `${ENDS_KEY}\0`, 1);
    const check = new AuditCheck({ primitives: nativePrimitives, ends: found?.[1], noted });
    for (let from = auditKey(0); ; ) {
      const entries = await this.#store.between(from, AUDIT_END, LINES_AT_ONCE);
      for (const [, value] of entries) check.take(value);
      const last = entries.at(-1);
      if (last === undefined) return check.report();
      from = `${last[0]}\0`;
    }
  }

  /** Writes down what the core wants written, whoever has asked for it. */
  async keep(writes: readonly Write[]): Promise<void> {
    await this.#writes.commit(writes);
  }

  async tick(): Promise<void> {
    await this.#last({ answer: true, writes: this.#master.tick(this.now) });
  }

  /** The answer, once it lasts; `undefined` where the disk does not take it. */
  async #last<T>({ answer, writes }: Settled<T>): Promise<T | undefined> {
    try {
      await this.#writes.commit(writes);
      return answer;
    } catch (error) {
      this.#complain(`What was decided cannot be written: ${systemReason(error)}.`);
      return undefined;
    }
  }
}

const UNWRITTEN = 'The master cannot write down what it decides: ask again later.';

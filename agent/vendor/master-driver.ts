/** Joins the master's core to its store and clock: every answer is on the disk before it is told. */

import type { CallRefusal, MasterCall } from '../../protocol/master-call.ts';
import type { Clock } from '../../protocol/node/clock.ts';
import { err, type Result } from '../../protocol/result.ts';
import type { Moment } from '../../protocol/units.ts';
import type { Write } from '../core/write.ts';
import { systemReason } from '../system-reason.ts';
import { LastingWrites } from './lasting-writes.ts';
import { AUDIT_END, auditKey, readAuditLine } from './master/audit-line.ts';
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
    const { audit: last } = this.#master.status(this.now);
    const from = after ?? Math.max(0, last - most);
    const entries = await this.#store.between(auditKey(from + 1), AUDIT_END, most);
    const lines = entries.flatMap(([, value]) => readAuditLine(value) ?? []);
    return { kind: 'audit', lines, last };
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

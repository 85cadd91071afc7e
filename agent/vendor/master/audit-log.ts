/**
 * The master's own log: each line has the hash of the one before, and both ends of it are signed with
 * each change. It is bounded: the oldest lines go, a thousand at a time, and where it begins is signed.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import { keyId } from '../../../protocol/ids.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import type { Write } from '../../core/write.ts';
import { type AuditEnds, encodeEnds, openEnds } from './audit-ends.ts';
import {
  type AuditLine,
  auditKey,
  auditNumber,
  encodeAuditLine,
  hashAuditLine,
  NO_HASH,
} from './audit-line.ts';

/** Beneath it are the signed ends. */
export const ENDS_KEY = 'meta/audit';

/** Lines that go at a time: of the last of each so many the hash is in memory. */
export const AUDIT_BLOCK = 1000;
/** Some 25 MB. */
const LINES_MAX = 100_000;

export interface AuditLogParts {
  readonly primitives: Primitives;
  /** With which the ends are signed. */
  readonly keys: KeyPair;
  readonly linesMax?: number;
}

interface Last {
  readonly number: number;
  readonly hash: Uint8Array;
}

const NOTHING: Last = { number: 0, hash: NO_HASH };

export class AuditLog {
  readonly #parts: AuditLogParts;
  /** The last that was given up. */
  #start = NOTHING;
  #last = NOTHING;
  /** By number: where the log can begin. */
  readonly #blocks = new Map<number, Uint8Array>();
  #writes: Write[] = [];
  /** What the next line is to say of the ends as they were found. */
  #remark: string | undefined;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
  }

  /** The numbers of the first line that is kept, and of the last. */
  get first(): number {
    return this.#start.number + 1;
  }

  get last(): number {
    return this.#last.number;
  }

  /** Takes up an entry of the store, in any order; `undefined` for one of another kind. */
  load(key: string, value: Uint8Array): boolean | undefined {
    if (key === ENDS_KEY) return this.#loadEnds(value);
    const number = auditNumber(key);
    if (number === undefined) return undefined;
    const isBlock = number % AUDIT_BLOCK === 0;
    if (!isBlock && number < this.#last.number) return Number.isInteger(number);
    const hash = hashAuditLine(value, this.#parts.primitives);
    if (isBlock) this.#blocks.set(number, hash);
    if (number > this.#last.number) this.#last = { number, hash };
    return Number.isInteger(number);
  }

  /** What was signed has the last word on what follows it: what was altered or cut off shows so. */
  #loadEnds(value: Uint8Array): boolean {
    const { primitives, keys } = this.#parts;
    const ends = openEnds(value, primitives);
    if (ends === undefined) {
      this.#remark = 'the ends of this log were not signed as they should be';
      return true;
    }
    this.#start = ends.start;
    if (ends.last.number >= this.#last.number) this.#last = ends.last;
    // Another key goes on with it, and says so.
    if (!equalBytes(ends.signer, keys.publicKey)) {
      const signer = keyId(primitives.sha512, ends.signer);
      this.#remark = `this log up to line ${ends.last.number} was signed with the key ${signer}`;
    }
    return true;
  }

  tell(line: Omit<AuditLine, 'number'>): void {
    const detail = this.#remark;
    this.#remark = undefined;
    if (detail !== undefined) {
      this.#add({ at: line.at, kind: 'master', who: 'the master', license: null, detail });
    }
    this.#add(line);
  }

  #add(line: Omit<AuditLine, 'number'>): void {
    const number = this.#last.number + 1;
    const value = encodeAuditLine({ ...line, number }, this.#last.hash);
    const hash = hashAuditLine(value, this.#parts.primitives);
    this.#last = { number, hash };
    if (number % AUDIT_BLOCK === 0) this.#blocks.set(number, hash);
    this.#writes.push({ key: auditKey(number), value });
    this.#giveUp();
  }

  #giveUp(): void {
    const { linesMax = LINES_MAX } = this.#parts;
    const next = this.#start.number - (this.#start.number % AUDIT_BLOCK) + AUDIT_BLOCK;
    const hash = this.#blocks.get(next);
    if (this.#last.number - next < linesMax || hash === undefined) return;
    for (let number = this.first; number <= next; number++) {
      this.#writes.push({ key: auditKey(number), value: null });
    }
    this.#blocks.delete(next);
    this.#start = { number: next, hash };
  }

  /** What has come and gone since this was asked last, with the ends: to be written in one piece. */
  takeWrites(): readonly Write[] {
    if (this.#writes.length === 0) return [];
    const { keys, primitives } = this.#parts;
    const ends: AuditEnds = { start: this.#start, last: this.#last };
    const writes = [...this.#writes, { key: ENDS_KEY, value: encodeEnds(ends, keys, primitives) }];
    this.#writes = [];
    return writes;
  }
}

/** Proves the master's log line by line, or says where it does not hold. */

import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { openEnds } from './audit-ends.ts';
import { hashAuditLine, NO_HASH, readAuditLine } from './audit-line.ts';

/** A line and its hash that were noted elsewhere. */
export interface NotedLine {
  readonly number: number;
  readonly hash: string;
}

export interface AuditReport {
  readonly lines: number;
  /** The number of the first line that is kept; 0 where there is none. */
  readonly first: number;
  /** Of the last one. */
  readonly head: NotedLine;
  /** What does not hold, the first thing found. */
  readonly fault: string | null;
}

export interface AuditCheckParts {
  readonly primitives: Primitives;
  /** The stored ends; `undefined` where there are none. */
  readonly ends: Uint8Array | undefined;
  readonly noted: NotedLine | undefined;
}

export class AuditCheck {
  readonly #primitives: Primitives;
  readonly #ends: ReturnType<typeof openEnds>;
  readonly #noted: NotedLine | undefined;
  readonly #hasEnds: boolean;
  #number: number;
  #hash: Uint8Array;
  #lines = 0;
  #fault: string | null = null;

  constructor({ primitives, ends, noted }: AuditCheckParts) {
    this.#primitives = primitives;
    this.#hasEnds = ends !== undefined;
    this.#ends = ends && openEnds(ends, primitives);
    this.#noted = noted;
    this.#number = this.#ends?.start.number ?? 0;
    this.#hash = this.#ends?.start.hash ?? NO_HASH;
    if (this.#hasEnds && this.#ends === undefined) this.#found('its ends are not signed');
    this.#meet();
  }

  /** Takes the next line, in the order of the store. Those behind the end came meanwhile. */
  take(bytes: Uint8Array): void {
    const read = readAuditLine(bytes);
    const next = this.#number + 1;
    if (read === undefined) return this.#found(`line ${next} makes no sense`);
    const { number } = read.line;
    if (this.#ends !== undefined && number > this.#ends.last.number) return;
    if (number !== next) this.#found(gapText(next, number - 1));
    else if (!equalBytes(read.previous, this.#hash)) {
      this.#found(`line ${number - 1} was altered, or line ${number} was put in its place`);
    }
    this.#number = number;
    this.#hash = hashAuditLine(bytes, this.#primitives);
    this.#lines++;
    this.#meet();
  }

  /** A line whose hash is known from elsewhere. */
  #meet(): void {
    const last = this.#ends?.last;
    const isLast = last?.number === this.#number;
    if (isLast && !equalBytes(last.hash, this.#hash)) {
      this.#found(`line ${this.#number} was altered`);
    }
    const noted = this.#noted?.number === this.#number ? this.#noted : undefined;
    if (noted !== undefined && noted.hash !== bytesToHex(this.#hash)) {
      this.#found(`line ${this.#number} is another one than was noted`);
    }
  }

  /** What was found, when every line was taken. */
  report(): AuditReport {
    const last = this.#ends?.last.number ?? 0;
    if (!this.#hasEnds && this.#lines > 0) this.#found('its signed ends are gone');
    if (this.#number < last) this.#found(gapText(this.#number + 1, last));
    const start = this.#ends?.start.number ?? 0;
    const { number = start } = this.#noted ?? {};
    if (number < start) this.#found(`line ${number} was given up for want of room`);
    if (number > this.#number) this.#found(gapText(this.#number + 1, number));
    const head = { number: this.#number, hash: bytesToHex(this.#hash) };
    const first = this.#lines === 0 ? 0 : start + 1;
    return { lines: this.#lines, first, head, fault: this.#fault };
  }

  #found(fault: string): void {
    this.#fault ??= fault;
  }
}

const gapText = (from: number, to: number): string => {
  if (to < from) return `line ${from - 1} is there twice, or out of its place`;
  return from === to ? `line ${from} is gone` : `lines ${from} to ${to} are gone`;
};

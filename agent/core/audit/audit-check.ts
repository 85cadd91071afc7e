/** Proves a chain of audit records, or says where it does not hold. */

import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { decodeAuditRecord, hashAuditRecord, NO_HASH } from './audit-record.ts';
import { type AuditSeal, openSeal } from './audit-seal.ts';

export interface AuditEnds {
  /** As stored; none where nothing was given up yet. */
  readonly start: Uint8Array | undefined;
  readonly head: Uint8Array | undefined;
  readonly publicKey: Uint8Array;
  /** A head that was noted elsewhere. */
  readonly noted?: { readonly sequence: number; readonly hash: string } | undefined;
}

export interface AuditReport {
  readonly records: number;
  readonly deeds: number;
  readonly leases: number;
  /** Of the first and the last record; `null` where there is none. */
  readonly first: { readonly sequence: number; readonly at: number } | null;
  readonly last: { readonly sequence: number; readonly at: number; readonly hash: string } | null;
  /** The newest record that the agent's key has signed for, with all before it. */
  readonly signedTo: number;
  /** What does not hold, the first thing found. */
  readonly fault: string | null;
}

export class AuditCheck {
  readonly #primitives: Primitives;
  readonly #ends: AuditEnds;
  readonly #head: AuditSeal | undefined;
  #fault: string | null = null;
  #next = 1;
  #hash = NO_HASH;
  #first: AuditReport['first'] = null;
  #last: AuditReport['last'] = null;
  #counts = { records: 0, deeds: 0, leases: 0 };
  #isHeadSeen = false;
  #isNotedSeen = false;

  constructor(ends: AuditEnds, primitives: Primitives) {
    this.#ends = ends;
    this.#primitives = primitives;
    const { head, publicKey } = ends;
    this.#head = head && openSeal('head', head, publicKey, primitives);
    if (head !== undefined && this.#head === undefined) {
      this.#found('the head was not signed with the key of this agent');
    }
    this.#begin();
    this.#meetSeals(this.#next - 1);
  }

  #begin(): void {
    const { start, publicKey } = this.#ends;
    if (start === undefined) return;
    const seal = openSeal('start', start, publicKey, this.#primitives);
    if (seal === undefined) {
      return this.#found('where the records begin was not signed with the key of this agent');
    }
    this.#next = seal.sequence + 1;
    this.#hash = seal.hash;
  }

  /** Takes the next record, in the order of the store. */
  take(bytes: Uint8Array): void {
    const record = decodeAuditRecord(bytes);
    if (record === undefined) return this.#found(`record ${this.#next} makes no sense`);
    const { sequence, at, previous, deeds, leases } = record;
    if (sequence !== this.#next) this.#foundGap(sequence);
    else if (!equalBytes(previous, this.#hash)) {
      const before = sequence - 1;
      const what =
        before < (this.#first?.sequence ?? sequence)
          ? `record ${sequence} does not follow what was before it`
          : `record ${before} was altered, or record ${sequence} was put in its place`;
      this.#found(what);
    }
    this.#hash = hashAuditRecord(bytes, this.#primitives);
    this.#next = sequence + 1;
    this.#first ??= { sequence, at };
    this.#last = { sequence, at, hash: bytesToHex(this.#hash) };
    this.#counts.records++;
    this.#counts.deeds += deeds.length;
    this.#counts.leases += leases.length;
    this.#meetSeals(sequence);
  }

  #foundGap(sequence: number): void {
    const [from, to] = [this.#next, sequence - 1];
    if (to < from) return this.#found(`record ${sequence} is there twice, or out of its place`);
    this.#found(from === to ? `record ${from} is gone` : `records ${from} to ${to} are gone`);
  }

  #meetSeals(sequence: number): void {
    const { noted } = this.#ends;
    if (this.#head?.sequence === sequence) {
      this.#isHeadSeen = true;
      if (!equalBytes(this.#head.hash, this.#hash)) this.#found(`record ${sequence} was altered`);
    }
    if (noted?.sequence === sequence) {
      this.#isNotedSeen = true;
      if (noted.hash !== bytesToHex(this.#hash)) {
        this.#found(`record ${sequence} is another one than was noted`);
      }
    }
  }

  /** What was found, when every record was taken. */
  report(): AuditReport {
    const { noted, head } = this.#ends;
    if (head === undefined && this.#counts.records > 0) this.#found('the signed head is gone');
    if (this.#head !== undefined && !this.#isHeadSeen) {
      this.#found(cutText(this.#next, this.#head.sequence));
    }
    if (noted !== undefined && !this.#isNotedSeen) {
      this.#found(
        noted.sequence < this.#next
          ? `record ${noted.sequence} was given up for want of room`
          : cutText(this.#next, noted.sequence),
      );
    }
    return {
      ...this.#counts,
      first: this.#first,
      last: this.#last,
      signedTo: this.#head?.sequence ?? 0,
      fault: this.#fault,
    };
  }

  #found(fault: string): void {
    this.#fault ??= fault;
  }
}

const cutText = (from: number, to: number): string =>
  from >= to ? `record ${to} is gone` : `the end was cut off: records ${from} to ${to} are gone`;

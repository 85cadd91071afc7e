/**
 * Keeps the audit: with each batch of the store goes a record of the leases in it and of what was
 * asked meanwhile, in one piece with the batch, so that neither is ever there without the other.
 */

import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import {
  AUDIT_PREFIX,
  DEEDS_MAX,
  type Deed,
  decodeAuditRecord,
  encodeAuditRecord,
  hashAuditRecord,
  NO_HASH,
  plainDeed,
} from '../../core/audit/audit-record.ts';
import { encodeSeal, openSeal } from '../../core/audit/audit-seal.ts';
import { LEASE_PREFIX } from '../../core/seats/lease-record.ts';
import type { Write } from '../../core/write.ts';
import type { StoreEntry } from '../store-reading.ts';
import type { BatchWitness } from '../store-writer.ts';
import {
  HEAD_KEY,
  isRecordKey,
  packSegment,
  readSegmentKey,
  recordKey,
  type SegmentName,
  START_KEY,
  segmentKey,
} from './audit-store.ts';

export interface AuditBounds {
  /** Bytes of all sealed segments. */
  readonly bytesMax: number;
}

/** With some 60 bytes a grant, half a million of them. */
const BOUNDS: AuditBounds = { bytesMax: 33_554_432 };
/** Bytes of leases in one record, and of records that are sealed: a backup carries 64 KiB a value. */
const RECORD_BYTES = 20_000;
const OPEN_BYTES = 24_000;
/** While seats are lent the head is signed this often. */
const SIGN_EVERY_MS = 1000;
/** Deeds that wait while nothing can be written. */
const DEEDS_WAITING_MAX = 1000;

export interface AuditClerkParts {
  readonly primitives: Primitives;
  /** The agent's Ed25519 keys. */
  readonly keys: KeyPair;
  readonly wall: () => EpochSeconds;
  /** In milliseconds; only differences count. */
  readonly now: () => number;
  readonly bounds?: AuditBounds;
  /** The keys were just made: what is in the store was signed by another agent, if it is there. */
  readonly isNewAgent?: boolean;
}

interface Open {
  readonly sequence: number;
  readonly previous: Uint8Array;
  readonly bytes: Uint8Array;
}

interface Segment {
  readonly key: string;
  readonly size: number;
}

interface State {
  readonly sequence: number;
  readonly hash: Uint8Array;
  /** Records that are not in a segment yet, oldest first. */
  readonly open: readonly Open[];
  readonly openBytes: number;
  /** Oldest first. */
  readonly segments: readonly Segment[];
  readonly segmentBytes: number;
}

const EMPTY: State = {
  sequence: 0,
  hash: NO_HASH,
  open: [],
  openBytes: 0,
  segments: [],
  segmentBytes: 0,
};

export class AuditClerk implements BatchWitness {
  readonly #parts: AuditClerkParts;
  #state = EMPTY;
  #next = EMPTY;
  #deeds: Deed[] = [];
  #taken = 0;
  #lost = 0;
  #signedAt = Number.NEGATIVE_INFINITY;
  /** The chain of a former agent is not taken over yet. */
  #isTakingOver = false;

  constructor(parts: AuditClerkParts) {
    this.#parts = parts;
  }

  /** The newest record: its number, and its hash, which stands for all before it. */
  get head(): { readonly sequence: number; readonly hash: Uint8Array } {
    return this.#state;
  }

  /** Bytes of what is sealed. */
  get bytes(): number {
    return this.#state.segmentBytes;
  }

  /** Takes up what the store holds, in the order of its keys, an entry once or more often. */
  restored(entries: readonly StoreEntry[]): void {
    for (const [key, value] of entries) {
      if (!key.startsWith(AUDIT_PREFIX)) continue;
      if (readSegmentKey(key) !== undefined) this.#restoreSegment(key, value.length);
      else if (isRecordKey(key)) this.#restoreRecord(value);
      else if (key === HEAD_KEY) this.#restoreHead(value);
    }
    this.#next = this.#state;
  }

  #restoreSegment(key: string, size: number): void {
    const { segments, segmentBytes } = this.#state;
    // In the order of the keys: it was here before.
    if ((segments.at(-1)?.key ?? '') >= key) return;
    const more = { segments: [...segments, { key, size }], segmentBytes: segmentBytes + size };
    this.#state = { ...this.#state, ...more };
  }

  #restoreRecord(value: Uint8Array): void {
    const record = decodeAuditRecord(value);
    if (record === undefined) return;
    const { sequence, previous } = record;
    const { open, openBytes } = this.#state;
    const bytes = value.slice();
    if ((open.at(-1)?.sequence ?? 0) >= sequence) return;
    // What was signed has the last word on what follows it: what was altered or cut off shows so.
    const isNews = sequence > this.#state.sequence;
    const hash = isNews ? hashAuditRecord(bytes, this.#parts.primitives) : this.#state.hash;
    this.#state = {
      ...this.#state,
      sequence: Math.max(sequence, this.#state.sequence),
      hash,
      open: [...open, { sequence, previous: previous.slice(), bytes }],
      openBytes: openBytes + bytes.length,
    };
  }

  /** The first entry by its key: the chain goes on from there, or from records after it. */
  #restoreHead(value: Uint8Array): void {
    const { keys, primitives } = this.#parts;
    const seal = openSeal('head', value, keys.publicKey, primitives);
    if (seal === undefined) {
      this.#isTakingOver = this.#parts.isNewAgent === true;
      return;
    }
    const { sequence, hash } = seal;
    if (sequence > this.#state.sequence) {
      this.#state = { ...this.#state, sequence, hash: hash.slice() };
    }
  }

  /** Something was asked, or came of it: it is written with the next batch. */
  add(deed: Deed): void {
    if (this.#deeds.length < DEEDS_WAITING_MAX) this.#deeds.push(plainDeed(deed));
    else this.#lost++;
  }

  alongside(writes: readonly Write[]): readonly Write[] {
    this.#next = this.#state;
    const start = this.#takeOver();
    this.#taken = Math.min(DEEDS_MAX, this.#deeds.length);
    const deeds = this.#deeds.slice(0, this.#taken);
    const chunks = chunksOf(leasesIn(writes));
    if (deeds.length === 0 && chunks.length === 0) return [];
    const audited = this.#state.openBytes >= OPEN_BYTES ? this.#sealOpen() : [];
    const records = (chunks.length === 0 ? [[]] : chunks).map((leases, i) =>
      this.#append(i === 0 ? deeds : [], leases),
    );
    return [
      ...start,
      ...audited,
      ...records,
      ...this.#sign(deeds.length > 0 || audited.length > 0),
    ];
  }

  settled(isWritten: boolean): void {
    if (!isWritten) return;
    this.#state = this.#next;
    // A batch that was begun before the store was read takes nothing over.
    if (this.#taken > 0) this.#isTakingOver = false;
    this.#deeds.splice(0, this.#taken);
    this.#taken = 0;
    if (this.#lost === 0) return;
    const detail = `${this.#lost} could not be written and are not here`;
    this.#lost = 0;
    this.add({ who: 'agent', what: 'audit-lost', detail });
  }

  /** An adopted agent goes on with the chain of the former one, and says so under its own key. */
  #takeOver(): readonly Write[] {
    if (!this.#isTakingOver) return [];
    const detail = `records to ${this.#state.sequence} were signed with the key of a former agent`;
    if (this.#deeds[0]?.what !== 'audit-taken-over') {
      this.#deeds.unshift({ who: 'agent', what: 'audit-taken-over', detail });
    }
    const first = readSegmentKey(this.#state.segments[0]?.key ?? '');
    return first === undefined || first.first <= 1 ? [] : [this.#startWith(first)];
  }

  #startWith({ first, previous }: SegmentName): Write {
    const { primitives, keys, wall } = this.#parts;
    const seal = { sequence: first - 1, hash: previous, at: wall() };
    return { key: START_KEY, value: encodeSeal('start', seal, keys, primitives) };
  }

  #append(deeds: readonly Deed[], leases: readonly Uint8Array[]): Write {
    const { hash, open, openBytes } = this.#next;
    const { primitives, wall } = this.#parts;
    const sequence = this.#next.sequence + 1;
    const bytes = encodeAuditRecord({ sequence, at: wall(), previous: hash, deeds, leases });
    this.#next = {
      ...this.#next,
      sequence,
      hash: hashAuditRecord(bytes, primitives),
      open: [...open, { sequence, previous: hash, bytes }],
      openBytes: openBytes + bytes.length,
    };
    return { key: recordKey(sequence), value: bytes };
  }

  /** Packs the records so far into a segment, and gives up the oldest ones for which there is no room. */
  #sealOpen(): readonly Write[] {
    const { open, segments, segmentBytes } = this.#next;
    const [first] = open;
    if (first === undefined) return [];
    const key = segmentKey(first.sequence, first.previous);
    const value = packSegment(open.map(({ bytes }) => bytes));
    const segment = { key, size: value.length };
    this.#next = {
      ...this.#next,
      open: [],
      openBytes: 0,
      segments: [...segments, segment],
      segmentBytes: segmentBytes + value.length,
    };
    const forget = open.map(({ sequence }) => ({ key: recordKey(sequence), value: null }));
    return [{ key, value }, ...forget, ...this.#giveUp()];
  }

  #giveUp(): readonly Write[] {
    const { bounds = BOUNDS } = this.#parts;
    const { segments } = this.#next;
    let left = this.#next.segmentBytes;
    let count = 0;
    while (left > bounds.bytesMax && count < segments.length - 1)
      left -= segments[count++]?.size ?? 0;
    const first = readSegmentKey(segments[count]?.key ?? '');
    if (count === 0 || first === undefined) return [];
    this.#next = { ...this.#next, segments: segments.slice(count), segmentBytes: left };
    const gone = segments.slice(0, count).map(({ key }) => ({ key, value: null }));
    return [...gone, this.#startWith(first)];
  }

  #sign(isWanted: boolean): readonly Write[] {
    const { primitives, keys, now, wall } = this.#parts;
    if (!isWanted && now() - this.#signedAt < SIGN_EVERY_MS) return [];
    this.#signedAt = now();
    const { sequence, hash } = this.#next;
    const value = encodeSeal('head', { sequence, hash, at: wall() }, keys, primitives);
    return [{ key: HEAD_KEY, value }];
  }
}

const leasesIn = (writes: readonly Write[]): readonly Uint8Array[] =>
  writes.flatMap(({ key, value }) =>
    value !== null && key.startsWith(LEASE_PREFIX) ? [value] : [],
  );

/** In pieces that fit into one record each. */
const chunksOf = (leases: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] => {
  const chunks: Uint8Array[][] = [];
  let size = RECORD_BYTES;
  for (const lease of leases) {
    if (size + lease.length > RECORD_BYTES) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(lease);
    size += lease.length;
  }
  return chunks;
};

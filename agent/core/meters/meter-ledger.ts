/**
 * Countable allowances (runs, hours, pages), drawn down durably and once for each draw id. A draw is
 * planned first and counts for good when its writes are on the disk; meanwhile nobody else can have
 * what it takes. Several may be under way at a time.
 */

import { bytesToHex } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { assert } from '../../../protocol/result.ts';
import type { Write } from '../write.ts';
import {
  DRAW_ID_SIZE,
  DRAW_PARTS_MAX,
  DRAW_PREFIX,
  type DrawPart,
  type DrawRecord,
  drawKey,
  drawWrite,
  METER_PREFIX,
  meterKey,
  meterWrite,
  readDraw,
  readMeter,
} from './meter-record.ts';

/** Draws whose ids are remembered: repeating an older one would draw again. */
export const DRAWS_REMEMBERED = 65_536;

/** A license that a draw may take from. */
export interface MeterSource {
  readonly licenseId: LicenseId;
  readonly meter: string;
  /** What the license grants in all, 0 to 2³²−1. */
  readonly allowance: number;
}

/** `left`: what all sources together still have, without what draws under way take. */
export type DrawPlan =
  /** To be told as done: this id has drawn these parts already. */
  | { readonly kind: 'drawn-before'; readonly parts: readonly DrawPart[]; readonly left: number }
  /** The same draw is being written. */
  | { readonly kind: 'under-way' }
  /** The id has drawn another amount, or from another meter. */
  | { readonly kind: 'conflict' }
  /** The sources have not enough: nothing was drawn. */
  | { readonly kind: 'empty'; readonly left: number }
  /** Commit `writes`, then `apply`; if that fails, `abandon`: the store should have `onFailure`. */
  | {
      readonly kind: 'draw';
      readonly writes: readonly Write[];
      readonly onFailure: readonly Write[];
      readonly parts: readonly DrawPart[];
      readonly left: number;
    };

export class MeterLedger {
  readonly #remembered: number;
  /** By id: those under way, and all others whose records may be on the disk. */
  readonly #draws = new Map<string, Draw>();
  /** In the order of their planning, from `#first` on, without those that are to be forgotten. */
  #order: Draw[] = [];
  #first = 0;
  /** To be forgotten, but the commit with their deletion failed: the next one has to have it. */
  #toForget: DrawRecord[] = [];
  readonly #meters = new Map<string, Meter>();
  #nextSequence = 1;
  /** Records were restored since the last sums were made. */
  #restored = false;

  constructor(remembered = DRAWS_REMEMBERED) {
    this.#remembered = remembered;
  }

  /**
   * Plans to draw all of `amount` (0 to 2³²−1) or nothing, from the sources in their order. They are
   * different licenses with a meter of one name; `id` has 16 bytes.
   */
  plan(id: Uint8Array, amount: number, sources: readonly MeterSource[]): DrawPlan {
    this.#sumUp();
    assert(id.length === DRAW_ID_SIZE, 'a draw id of another size');
    const meter = meterOf(sources);
    const known = this.#draws.get(bytesToHex(id));
    if (known !== undefined) {
      const same = known.amount === amount && (meter === undefined || known.meter === meter);
      if (!same) return { kind: 'conflict' };
      if (known.underWay) return { kind: 'under-way' };
      return { kind: 'drawn-before', parts: known.parts, left: this.#left(sources) };
    }
    const left = this.#left(sources);
    if (meter === undefined || left < amount) return { kind: 'empty', left };
    const parts = this.#split(amount, sources);
    const sequence = this.#nextSequence++;
    const draw: Draw = { id: bytesToHex(id), sequence, meter, amount, parts, underWay: true };
    this.#enter(draw);
    draw.forgets = this.#takeOldest();
    return {
      kind: 'draw',
      writes: [...this.#forgettingWrites(draw.forgets), drawWrite(draw)],
      onFailure: [{ key: drawKey(draw.id), value: null }],
      parts,
      left: left - amount,
    };
  }

  /** Whether this id has drawn, or is about to. */
  hasDrawn(id: Uint8Array): boolean {
    return this.#draws.has(bytesToHex(id));
  }

  /** A planned draw is on the disk: it counts. */
  apply(id: Uint8Array): void {
    const draw = this.#underWay(id);
    draw.underWay = false;
    for (const forgotten of draw.forgets ?? []) this.#draws.delete(forgotten.id);
    draw.forgets = undefined;
    for (const { licenseId, amount } of draw.parts) {
      const meter = this.#meter(licenseId, draw.meter);
      meter.reserved -= amount;
      meter.used += amount;
    }
  }

  /** A planned draw could not be written: what it would have taken is there for others. */
  abandon(id: Uint8Array): void {
    const draw = this.#underWay(id);
    this.#draws.delete(draw.id);
    this.#toForget.push(...(draw.forgets ?? []));
    // It was planned lately, so it is near the end.
    this.#order.splice(this.#order.lastIndexOf(draw), 1);
    for (const { licenseId, amount } of draw.parts)
      this.#meter(licenseId, draw.meter).reserved -= amount;
  }

  /** What has been drawn for good from a meter of a license, whoever drew it. */
  used(licenseId: LicenseId, meter: string): number {
    this.#sumUp();
    return this.#meters.get(meterKey(licenseId, meter))?.used ?? 0;
  }

  /** The same, with what draws under way take. */
  taken(licenseId: LicenseId, meter: string): number {
    const reserved = this.#meters.get(meterKey(licenseId, meter))?.reserved ?? 0;
    return this.used(licenseId, meter) + reserved;
  }

  /** Takes up a stored record, or answers `false` where it is none. Before the first plan only. */
  restore(key: string, value: Uint8Array): boolean {
    this.#restored = true;
    if (key.startsWith(DRAW_PREFIX)) {
      const draw = readDraw(key, value);
      if (draw !== undefined) this.#draws.set(draw.id, { ...draw, underWay: false });
      return draw !== undefined;
    }
    const record = key.startsWith(METER_PREFIX) ? readMeter(key, value) : undefined;
    if (record === undefined) return false;
    const { forgotten, lastForgotten } = record;
    Object.assign(this.#meter(record.licenseId, record.meter), { forgotten, lastForgotten });
    return true;
  }

  /** Brings into order what was restored, in whatever order it came, and makes the sums. */
  #sumUp(): void {
    if (!this.#restored) return;
    this.#restored = false;
    this.#order = [...this.#draws.values()].sort((left, right) => left.sequence - right.sequence);
    for (const meter of this.#meters.values()) {
      meter.used = meter.forgotten;
      this.#nextSequence = Math.max(this.#nextSequence, meter.lastForgotten + 1);
    }
    for (const draw of this.#order) {
      assert(!draw.underWay, 'a record was restored while draws are under way');
      this.#nextSequence = Math.max(this.#nextSequence, draw.sequence + 1);
      for (const { licenseId, amount } of draw.parts) {
        const meter = this.#meter(licenseId, draw.meter);
        if (draw.sequence > meter.lastForgotten) meter.used += amount;
      }
    }
  }

  #left(sources: readonly MeterSource[]): number {
    return sources.reduce((sum, source) => sum + this.#leftOf(source), 0);
  }

  #leftOf({ licenseId, meter, allowance }: MeterSource): number {
    const known = this.#meters.get(meterKey(licenseId, meter));
    return known === undefined ? allowance : Math.max(0, allowance - known.used - known.reserved);
  }

  #split(amount: number, sources: readonly MeterSource[]): readonly DrawPart[] {
    const parts: DrawPart[] = [];
    let missing = amount;
    for (const source of sources) {
      const part = Math.min(missing, this.#leftOf(source));
      if (part > 0) parts.push({ licenseId: source.licenseId, amount: part });
      missing -= part;
    }
    return parts;
  }

  #enter(draw: Draw): void {
    this.#draws.set(draw.id, draw);
    this.#order.push(draw);
    for (const { licenseId, amount } of draw.parts) {
      const meter = this.#meter(licenseId, draw.meter);
      meter.reserved += amount;
    }
  }

  /** The oldest draws where there are more than are to be remembered, none under way. */
  #takeOldest(): readonly DrawRecord[] {
    const forgotten = this.#toForget;
    this.#toForget = [];
    while (this.#order.length - this.#first > this.#remembered) {
      const oldest = this.#order[this.#first];
      if (oldest === undefined || oldest.underWay) break;
      this.#first++;
      forgotten.push(oldest);
      this.#addToForgotten(oldest);
    }
    if (2 * this.#first >= this.#order.length) {
      this.#order = this.#order.slice(this.#first);
      this.#first = 0;
    }
    return forgotten;
  }

  #addToForgotten(draw: DrawRecord): void {
    for (const { licenseId, amount } of draw.parts) {
      const meter = this.#meter(licenseId, draw.meter);
      if (draw.sequence <= meter.lastForgotten) continue;
      meter.forgotten += amount;
      meter.lastForgotten = draw.sequence;
    }
  }

  /**
   * A record is deleted only together with the sum that holds it. The sum says up to which draw it
   * goes, so none counts twice when an earlier commit failed and a later one did not.
   */
  #forgettingWrites(forgotten: readonly DrawRecord[]): readonly Write[] {
    const writes = new Map<string, Write>();
    for (const { id, meter, parts } of forgotten) {
      writes.set(id, { key: drawKey(id), value: null });
      for (const { licenseId } of parts) {
        const { forgotten, lastForgotten } = this.#meter(licenseId, meter);
        const write = meterWrite({ licenseId, meter, forgotten, lastForgotten });
        writes.set(write.key, write);
      }
    }
    return [...writes.values()];
  }

  #underWay(id: Uint8Array): Draw {
    const draw = this.#draws.get(bytesToHex(id));
    assert(draw?.underWay === true, 'no draw of this id is under way');
    return draw;
  }

  #meter(licenseId: LicenseId, name: string): Meter {
    const key = meterKey(licenseId, name);
    const known = this.#meters.get(key);
    if (known !== undefined) return known;
    const meter = { used: 0, reserved: 0, forgotten: 0, lastForgotten: 0 };
    this.#meters.set(key, meter);
    return meter;
  }
}

/** The name that the sources' meters have in common; none where there is no source. */
const meterOf = (sources: readonly MeterSource[]): string | undefined => {
  const [meter, ...others] = new Set(sources.map((source) => source.meter));
  assert(others.length === 0, 'a draw from meters of two names');
  const licenses = new Set(sources.map(({ licenseId }) => licenseId));
  assert(licenses.size === sources.length, 'a draw from one license twice');
  assert(sources.length <= DRAW_PARTS_MAX, 'a draw from too many licenses');
  return meter;
};

interface Draw extends DrawRecord {
  /** Planned, and not known to be on the disk. */
  underWay: boolean;
  /** The draws whose records are deleted along with it; only while it is under way. */
  forgets?: readonly DrawRecord[] | undefined;
}

interface Meter {
  /** Drawn for good, those forgotten included. */
  used: number;
  /** Taken by draws under way. */
  reserved: number;
  /** See `MeterRecord`. */
  forgotten: number;
  lastForgotten: number;
}

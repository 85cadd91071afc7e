/** Usage in the store: sums by hour and day, compressed, within a stated size and age. */

import {
  decodePools,
  USAGE_PREFIX,
  type UsageKind,
  usageIndex,
  usageKey,
} from '../../core/usage/usage-record.ts';
import {
  addPools,
  DAY,
  HOUR,
  PEOPLE,
  poolRows,
  type UsageTables,
} from '../../core/usage/usage-tables.ts';
import type { Write } from '../../core/write.ts';
import type { StoreEntry } from '../store-reading.ts';
import { behind, entriesBetween, type HistoryReader } from './history-store.ts';
import { inflate, mergePersons, mergePools } from './usage-value.ts';

export interface UsageBounds {
  /** Bytes of all values together. */
  readonly bytesMax: number;
  readonly daysMax: number;
}

/** 18 months, in 16 MiB. */
const BOUNDS: UsageBounds = { bytesMax: 16_777_216, daysMax: 548 };
/** Old days that are folded or dropped along with one write. */
const DAYS_AT_ONCE = 8;
const HOURS_OF_DAY = DAY / HOUR;

type Kept = Map<string, Uint8Array | null>;

export class UsageShelf {
  readonly #bounds: UsageBounds;
  #bytes = 0;

  constructor(bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Bytes of all values, as far as they were told of. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts what the store holds when the agent starts. */
  restored(entries: readonly StoreEntry[]): void {
    for (const [key, value] of entries) {
      if (key.startsWith(USAGE_PREFIX)) this.#bytes += value.length;
    }
  }

  /** The writes that add these sums to what is stored, and keep that within its bounds. */
  async plan(reader: HistoryReader, tables: UsageTables, today: number): Promise<readonly Write[]> {
    const kept: Kept = new Map();
    for (const [hour, rows] of tables.hours) {
      await this.#add(reader, kept, await this.#hourKey(reader, hour), (stored) =>
        mergePools(rows, stored),
      );
    }
    for (const people of PEOPLE) {
      for (const [day, rows] of tables.days[people]) {
        await this.#add(reader, kept, usageKey(people, day), (stored) =>
          mergePersons(rows, stored),
        );
      }
    }
    await this.#dropOld(reader, kept, today);
    for (let n = 0; n < DAYS_AT_ONCE && this.#bytes > this.#bounds.bytesMax; n++) {
      if (!(await this.#shrink(reader, kept, today))) break;
    }
    return [...kept].map(([key, value]) => ({ key, value }));
  }

  /** To be told when a plan could not be written. */
  async recount(reader: HistoryReader): Promise<void> {
    this.#bytes = 0;
    for await (const entry of entriesBetween(reader, USAGE_PREFIX, behind(USAGE_PREFIX))) {
      this.restored([entry]);
    }
  }

  /** What was folded into a day already stays there. */
  async #hourKey(reader: HistoryReader, hour: number): Promise<string> {
    const daily = usageKey('daily', Math.floor(hour / HOURS_OF_DAY));
    const [folded] = await reader.get([daily]);
    return folded === undefined ? usageKey('hour', hour) : daily;
  }

  async #add(
    reader: HistoryReader,
    kept: Kept,
    key: string,
    merge: (stored: string) => Uint8Array,
  ): Promise<void> {
    const before = kept.get(key) ?? (await reader.get([key]))[0]?.[1];
    const value = merge(before === undefined ? '' : inflate(before));
    this.#bytes += value.length - (before?.length ?? 0);
    kept.set(key, value);
  }

  #drop(kept: Kept, [key, value]: StoreEntry): void {
    const current = kept.get(key);
    if (current === null) return;
    this.#bytes -= (current ?? value).length;
    kept.set(key, null);
  }

  async #dropOld(reader: HistoryReader, kept: Kept, today: number): Promise<void> {
    const first = Math.max(0, today - this.#bounds.daysMax);
    const firsts = { hour: first * HOURS_OF_DAY, daily: first, user: first, host: first };
    for (const kind of ['hour', 'daily', 'user', 'host'] as const) {
      const old = await reader.between(usageKey(kind, 0), usageKey(kind, firsts[kind]), 256);
      for (const entry of old) this.#drop(kept, entry);
    }
  }

  /** Folds the oldest day of hours, or drops the oldest day; false when nothing is left to do. */
  async #shrink(reader: HistoryReader, kept: Kept, today: number): Promise<boolean> {
    const hours = await oldest(reader, kept, 'hour', HOURS_OF_DAY);
    const [first] = hours;
    const day = first && Math.floor(first.index / HOURS_OF_DAY);
    if (day !== undefined && day < today - 1) {
      const rows = poolRows();
      const ofDay = hours.filter(({ index }) => Math.floor(index / HOURS_OF_DAY) === day);
      for (const { entry } of ofDay) addPools(rows, decodePools(inflate(entry[1])));
      await this.#add(reader, kept, usageKey('daily', day), (stored) => mergePools(rows, stored));
      for (const { entry } of ofDay) this.#drop(kept, entry);
      return true;
    }
    const days = await Promise.all(
      (['daily', ...PEOPLE] as const).map((kind) => oldest(reader, kept, kind, 1)),
    );
    const all = days.flat().sort((one, other) => one.index - other.index);
    const last = all[0];
    if (last === undefined || last.index >= today) return false;
    for (const { entry, index } of all) if (index === last.index) this.#drop(kept, entry);
    return true;
  }
}

interface Aged {
  readonly index: number;
  readonly entry: StoreEntry;
}

/** The oldest entries of a kind that are not given up already. */
const oldest = async (
  reader: HistoryReader,
  kept: Kept,
  kind: UsageKind,
  most: number,
): Promise<readonly Aged[]> => {
  const found: Aged[] = [];
  const [from, to] = [usageKey(kind, 0), behind(`${USAGE_PREFIX}${kind}/`)];
  for await (const entry of entriesBetween(reader, from, to)) {
    const index = usageIndex(kind, entry[0]);
    if (index === undefined || kept.has(entry[0])) continue;
    found.push({ index, entry });
    if (found.length >= most) break;
  }
  return found;
};

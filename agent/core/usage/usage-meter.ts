/**
 * Sums up what is lent from what is seen of it: how many seats of each class are lent from when to
 * when, who had them, and who was refused. Reads no clock and needs no timer: what nothing has
 * changed since is summed up when it is looked at next, over as many hours as have passed.
 */

import type { RefusalCode } from '../../../protocol/refusal.ts';
import type { Moment } from '../../../protocol/units.ts';
import type { Note } from '../notes.ts';
import type { SeatNote } from '../seats/seat-note.ts';
import type { Counted } from './usage-row.ts';
import { DAY, HOUR, OTHERS, PEOPLE, POOLS_MAX, UsageTables } from './usage-tables.ts';

/** How many seats of a pool are lent now, of how many. */
export interface Level {
  readonly product: string;
  readonly class: string;
  readonly lent: number;
  readonly licensed: number;
}

/** A lease from its grant to its end, or to now. */
export interface Span {
  readonly product: string;
  readonly user: string;
  readonly host: string;
  readonly seats: number;
  readonly since: number;
  readonly until: number;
  readonly idle: number;
}

/** What nobody has looked at for longer was not served by this agent: it slept, or a clock is wrong. */
const SPAN_MAX = 400 * DAY;

interface Looked extends Pick<Level, 'lent' | 'licensed'> {
  readonly pool: Level;
}

interface Kept {
  lent: number;
  licensed: number;
}

export class UsageMeter {
  #tables = new UsageTables();
  /**
   * Made anew whenever something has changed: an engine has the tables of a map that is cleared again
   * and again hang together, the dead ones too, and whoever collects garbage drags them along.
   */
  #levels: ReadonlyMap<string, Kept & { readonly product: string; readonly class: string }> =
    new Map();
  /** The pools as they were looked at last: mostly nothing has changed since. */
  #looked: readonly Looked[] = [];
  /** Whole seconds of the monotonic clock up to which all is summed up. */
  #summedTo: number | undefined;

  /** Whether there is something that was not taken out yet. */
  get isDirty(): boolean {
    return !this.#tables.isEmpty;
  }

  /** Whether seats are lent, so that sums grow though nothing happens. */
  get isRunning(): boolean {
    for (const { lent } of this.#levels.values()) if (lent > 0) return true;
    return false;
  }

  /** Takes out all that was summed up to now. */
  take(at: Moment): UsageTables {
    this.#sumUp(at);
    const taken = this.#tables;
    this.#tables = new UsageTables();
    return taken;
  }

  /** Takes back what could not be stored. */
  putBack(tables: UsageTables): void {
    this.#tables.add(tables);
  }

  /** Sees how many seats of every pool are lent now; several of one class are summed. */
  look(pools: Iterable<Level>, at: Moment): void {
    const all = [...pools];
    if (this.#isUntouched(all)) return;
    this.#looked = all.map((pool) => ({ pool, lent: pool.lent, licensed: pool.licensed }));
    const seen = new Map<string, Kept & { readonly product: string; readonly class: string }>();
    for (const { product, class: className, lent, licensed } of all) {
      if (lent === 0 && licensed === 0) continue;
      const isOther = seen.size >= POOLS_MAX;
      const [first, second] = isOther ? [OTHERS, OTHERS] : [product, className];
      const key = `${first}\n${second}`;
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { product: first, class: second, lent, licensed });
      else {
        known.lent += lent;
        known.licensed += licensed;
      }
    }
    if (this.#isAsBefore(seen)) return;
    this.#sumUp(at);
    this.#levels = seen;
    for (const level of seen.values()) {
      if (level.lent > 0) this.#mark(level, Math.floor(at.wall / HOUR));
    }
  }

  #isUntouched(pools: readonly Level[]): boolean {
    return (
      pools.length === this.#looked.length &&
      pools.every((pool, i) => {
        const known = this.#looked[i];
        return known?.pool === pool && known.lent === pool.lent && known.licensed === pool.licensed;
      })
    );
  }

  #isAsBefore(seen: ReadonlyMap<string, Kept>): boolean {
    if (seen.size !== this.#levels.size) return false;
    for (const [key, { lent, licensed }] of seen) {
      const known = this.#levels.get(key);
      if (known?.lent !== lent || known.licensed !== licensed) return false;
    }
    return true;
  }

  #mark(level: Kept & { readonly product: string; readonly class: string }, hour: number): void {
    const row = this.#tables.hour(hour).row(level.product, level.class);
    row.peak = Math.max(row.peak, level.lent);
    row.licensed = Math.max(row.licensed, level.licensed);
  }

  /** Sums up the time since the last look, as the levels were in all of it. */
  #sumUp({ mono, wall }: Moment): void {
    const now = Math.floor(mono / 1000);
    const passed = Math.min(now - (this.#summedTo ?? now), SPAN_MAX);
    this.#summedTo = now;
    if (passed <= 0 || !this.isRunning) return;
    // Counted back from now by the clock that nobody sets.
    for (const { index, from, until } of pieces(Math.max(0, wall - passed), wall, HOUR)) {
      for (const level of this.#levels.values()) {
        if (level.lent === 0) continue;
        const row = this.#tables.hour(index).row(level.product, level.class);
        this.#mark(level, index);
        row.seatSeconds += level.lent * (until - from);
        const isFull = level.licensed > 0 && level.lent >= level.licensed;
        if (isFull) row.fullSeconds += until - from;
      }
    }
  }

  /** Takes in what the agent says. */
  note(note: Note, { wall }: Moment): void {
    switch (note.kind) {
      case 'seat-granted':
        this.#count(note, 'granted', wall);
        if (note.overdraft) this.#count(note, 'overdraft', wall);
        for (const people of PEOPLE) {
          const row = this.#tables.day(people, Math.floor(wall / DAY));
          row.row(note.product, note.holder[people]).granted++;
        }
        return;
      case 'seat-borrowed':
        return this.#count(note, 'borrowed', wall);
      case 'seat-released':
        if (note.borrowed) this.#count(note, 'returned', wall);
        return this.#ended(note, 'released', wall);
      case 'seat-lapsed':
        return this.#ended(note, 'lapsed', wall);
      case 'seat-disconnected':
      case 'seat-recalled':
        return this.#ended(note, 'taken', wall);
      case 'seat-awaited':
        return this.#count(note, 'awaited', wall);
      case 'seat-refused':
        return this.#refused(note, note.code, wall);
      default:
        return;
    }
  }

  #count(
    { product, class: className }: { readonly product: string; readonly class: string },
    what: Counted,
    wall: number,
  ): void {
    this.#tables.hour(Math.floor(wall / HOUR)).row(product, className).counts[what]++;
  }

  #ended(note: SeatNote, how: Counted, wall: number): void {
    this.#count(note, how, wall);
    const { product, holder, seats, since, idle } = note;
    addSpan(this.#tables, {
      product,
      user: holder.user,
      host: holder.host,
      seats,
      since,
      until: wall,
      idle,
    });
  }

  #refused(note: Extract<Note, { kind: 'seat-refused' }>, code: RefusalCode, wall: number): void {
    const { product, class: className, holder } = note;
    const row = this.#tables.hour(Math.floor(wall / HOUR)).row(product, className, true);
    row.refusals.set(code, (row.refusals.get(code) ?? 0) + 1);
    for (const people of PEOPLE) {
      this.#tables.day(people, Math.floor(wall / DAY)).row(product, holder[people], true).refused++;
    }
  }
}

/** Adds the time of a lease to its user's and its host's days. */
export const addSpan = (tables: UsageTables, span: Span): void => {
  const { since, until, seats, idle, product } = span;
  const start = Math.max(since, until - SPAN_MAX);
  let idleLeft = Math.max(0, Math.min(idle, until - start)) * seats;
  const idleShare = until > start ? idleLeft / (until - start) : 0;
  for (const { index, from, until: end } of pieces(start, until, DAY)) {
    const isLast = end === until;
    const idleHere = isLast ? idleLeft : Math.min(idleLeft, Math.floor(idleShare * (end - from)));
    idleLeft -= idleHere;
    for (const people of PEOPLE) {
      const row = tables.day(people, index).row(product, span[people]);
      row.seatSeconds += seats * (end - from);
      row.idleSeconds += idleHere;
    }
  }
};

/** A time in pieces that end where an hour or a day does. */
function* pieces(
  start: number,
  end: number,
  length: number,
): Generator<{ readonly index: number; readonly from: number; readonly until: number }> {
  for (let from = start; from < end; ) {
    const index = Math.floor(from / length);
    const until = Math.min(end, (index + 1) * length);
    yield { index, from, until };
    from = until;
  }
}

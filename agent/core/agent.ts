/**
 * The agent: a pure, synchronous state machine. `step` routes each event to who decides on it; it
 * owns no rules itself, reads no clock, never waits and never throws on input.
 */

import { unreachable } from '../../protocol/result.ts';
import { epochSeconds, type Instant, type Moment } from '../../protocol/units.ts';
import { type AgentOptions, type AgentParts, makeParts } from './agent-parts.ts';
import { OWN_CHANGE } from './change-queue.ts';
import type { Held } from './commit-queue.ts';
import type { Effect } from './effects.ts';
import type { Event } from './events.ts';
import { type Inspection, inspect } from './inspection.ts';
import { restoreEntry } from './restoring.ts';
import { seatNote } from './seats/seat-note.ts';
import type { SeatPool } from './seats/seat-pool.ts';
import type { Situation } from './situation.ts';
import { StoreStanding } from './store-standing.ts';
import { calendarWake, earlier } from './wake-times.ts';
import type { Write } from './write.ts';

/** Deadlines handled in one step: what is left over is due again at once, after other events. */
const DUE_MAX = 256;

export class Agent {
  readonly #parts: AgentParts;
  readonly #store = new StoreStanding();
  #wakeAt: Instant | undefined;
  /** What this computer's clock said last. */
  #clock = epochSeconds(0);
  /** The commit of as many lapses as one step takes: no more lapse before it is on the disk. */
  #lapsesTicket: number | undefined;

  constructor(options: AgentOptions) {
    this.#parts = makeParts(options);
  }

  /** Leases that count, for those who watch over promises. */
  get leaseCount(): number {
    return this.#parts.book.size;
  }

  /** What the tables hold, for those who watch over their bounds. */
  get tableSizes() {
    const { deadlines, sessions, queue } = this.#parts;
    return { deadlines: deadlines.size, sessions: sessions.size, waiters: queue.size };
  }

  /** What the tables say in full, for those who watch over promises. */
  inspect(): Inspection {
    return inspect(this.#parts);
  }

  /** The seats of every license that is or was here, for those who watch over promises. */
  pools(): Iterable<SeatPool> {
    return this.#parts.shelf.pools();
  }

  /** Takes in one event and returns what must be done, in order. */
  step(event: Event, moment: Moment): readonly Effect[] {
    const effects: Effect[] = [];
    this.#clock = moment.wall;
    const { wallGuard, allowance, lending, seats, watch, queue, waiting, hosts, clerk, site } =
      this.#parts;
    if (event.kind === 'restored') this.#restore(event.entries, moment, effects);
    else {
      const wall = wallGuard.guard(moment);
      const at = wall === moment.wall ? moment : { mono: moment.mono, wall };
      allowance.keep(at, effects);
      this.#keepGate(at, effects);
      this.#forgetSite(effects);
      waiting.endReturns(at);
      this.#route(event, at, effects);
      const isShared = site?.takeNews() === true;
      if (isShared) allowance.recount();
      allowance.keep(at, effects);
      if (isShared) site?.retry(this.#situation(at, effects), seats);
      if (clerk.isDue(at)) clerk.keep(this.#situation(at, effects));
      if (lending.takeNews() && queue.size > 0) seats.callWaiters(at, watch.host, effects);
      this.#storeMark(effects);
      hosts.keep(effects);
      site?.keep(this.#situation(at, effects), seats);
      this.#wakeLater(at, effects);
    }
    return effects;
  }

  #route(event: Exclude<Event, { kind: 'restored' }>, at: Moment, effects: Effect[]): void {
    const {
      listener,
      watch,
      seats,
      operator,
      preferences,
      gate,
      hosts,
      calls,
      childCounter,
      site,
      cookies,
    } = this.#parts;
    switch (event.kind) {
      case 'datagram':
        return listener.hear(event.from, event.bytes, at, watch.host, effects);
      case 'wake':
        return this.#wake(at, effects);
      case 'committed':
        return this.#committed(event.ticket, at, effects);
      case 'commit-failed':
        return this.#commitFailed(event.ticket, event.reason, at, effects);
      case 'store-closed':
        gate.close(event.damaged ? 'damaged' : 'unwritable');
        return this.#store.fails(event.reason, at.mono, effects);
      case 'host-judged':
        watch.judged(event.verdict, at.mono, effects);
        if (event.code !== undefined) hosts.look(event.code, at.wall, effects);
        return seats.hostJudged(at, effects);
      case 'preferences':
        preferences.change(event.preferred);
        return watch.refuse(event.preferred.refuseHosts);
      case 'host-not-kept':
        return hosts.notKept();
      case 'network-changed':
        return this.#networkChanged(event, at, effects);
      case 'secret-drawn':
        return cookies.renew(event.secret, at.mono);
      case 'child-called':
        return childCounter.hear(event.number, event.body, this.#situation(at, effects));
      case 'master-answered':
        return calls.answered(event.number, event.answer, this.#situation(at, effects));
      case 'register-answered':
        return site?.answered(event.number, event.answer, this.#situation(at, effects), seats);
      case 'shared-taken':
        return this.#parts.charter?.taken(event, this.#situation(at, effects));
      case 'operator':
        return operator.perform(event, event.operation, this.#situation(at, effects));
      default:
        return unreachable(event);
    }
  }

  #networkChanged(
    { port, addresses, mdns }: Extract<Event, { kind: 'network-changed' }>,
    at: Moment,
    effects: Effect[],
  ): void {
    const { reach, twins } = this.#parts;
    reach.view = { port, addresses, mdns };
    twins.networkChanged(port, addresses, at.mono, effects);
  }

  #situation(at: Moment, effects: Effect[]): Situation {
    const { host } = this.#parts.watch;
    return { at, clock: this.#clock, host, storeTrouble: this.#store.trouble, effects };
  }

  /** Lends again when every lease has ended that the books may not know. */
  #keepGate(at: Moment, effects: Effect[]): void {
    const { gate, shelf, commits, lending } = this.#parts;
    if (gate.due === undefined) return;
    const before = gate.isHoldingOff;
    const write = gate.keep(at, shelf.longestTerm);
    if (write !== undefined) effects.push(commits.commit([write]));
    if (gate.isHoldingOff === before) return;
    const kind = before ? 'holdoff-ended' : 'holding-off';
    effects.push({ kind: 'note', note: { kind } });
    if (before) lending.seatsChanged();
  }

  /** Before anything is lent by itself. */
  #forgetSite(effects: Effect[]): void {
    const { formerSite, commits } = this.#parts;
    const writes = formerSite.takeWrites();
    if (writes.length > 0) effects.push(commits.commit(writes));
  }

  /**
   * The highest time seen is kept, so that a clock turned back revives no license; and which seats are
   * waited for, so that a restart does not turn the order over.
   */
  #storeMark(effects: Effect[]): void {
    const { wallGuard, commits, returns } = this.#parts;
    const marks = returns.takeWrites();
    const writes = wallGuard.due() ? [...marks, wallGuard.write()] : marks;
    if (writes.length > 0) effects.push(commits.commit(writes));
  }

  #wakeLater(at: Moment, effects: Effect[]): void {
    const { deadlines, allowance, gate, returns, clerk, site } = this.#parts;
    const due = this.#lapsesTicket === undefined ? deadlines.next() : undefined;
    const change = calendarWake(at, allowance.nextChange);
    const news = calendarWake(at, clerk.nextDate);
    let next = earlier(earlier(due, change), earlier(news, this.#store.probeAt));
    next = earlier(earlier(next, gate.due), earlier(returns.due, clerk.due));
    next = earlier(next, site?.due);
    if (next === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= next)) return;
    this.#wakeAt = next;
    effects.push({ kind: 'wake-at', at: next });
  }

  /** Lapses leases, passes over waiters and forgets idle sessions whose time has come. */
  #wake(at: Moment, effects: Effect[]): void {
    const { book, deadlines, waiting, sessions, commits, wallGuard } = this.#parts;
    this.#wakeAt = undefined;
    const writes: Write[] = [];
    for (const slot of deadlines.takeDue(at.mono, DUE_MAX)) {
      if (book.holds(slot)) writes.push(this.#lapse(slot, at.mono, effects));
      else if (waiting.holds(slot)) waiting.passOver(slot, at);
      else sessions.close(slot);
    }
    const isProbe = this.#store.takeProbe(at.mono);
    if (isProbe && writes.length === 0 && !commits.owes) writes.push(wallGuard.write());
    if (writes.length === 0 && !commits.owes) return;
    const commit = commits.commit(writes);
    if (writes.length >= DUE_MAX) this.#lapsesTicket = commit.ticket;
    effects.push(commit);
  }

  /** When a million leases lapse together the disk sets the pace, and memory stays as it was. */
  #settleLapses(ticket: number): void {
    if (this.#lapsesTicket !== undefined && this.#lapsesTicket <= ticket) {
      this.#lapsesTicket = undefined;
    }
  }

  #lapse(slot: number, now: Instant, effects: Effect[]): Write {
    const { lending, counters } = this.#parts;
    const note = seatNote(this.#parts, 'seat-lapsed', slot);
    const write = lending.giveBack(slot, now);
    counters.add('lapsed');
    effects.push({ kind: 'note', note });
    return write;
  }

  #committed(ticket: number, at: Moment, effects: Effect[]): void {
    this.#settleLapses(ticket);
    if (this.#store.works(effects)) this.#parts.gate.storeWorks();
    for (const held of this.#parts.commits.settle(ticket)) this.#settle(held, at, effects);
  }

  #settle(held: Held, at: Moment, effects: Effect[]): void {
    switch (held.kind) {
      case 'grant':
        return this.#parts.seats.speakGrant(held, at, effects);
      case 'operation': {
        const outcome = held.apply(this.#situation(at, effects));
        if (held.number !== OWN_CHANGE)
          effects.push({ kind: 'answer', number: held.number, outcome });
        return this.#parts.operator.changeEnded(this.#situation(at, effects));
      }
      case 'rare':
        return held.settle(this.#situation(at, effects));
      default:
        return unreachable(held);
    }
  }

  #commitFailed(ticket: number, reason: string, at: Moment, effects: Effect[]): void {
    this.#store.fails(reason, at.mono, effects);
    this.#settleLapses(ticket);
    for (const held of this.#parts.commits.fail(ticket)) this.#fail(held, reason, at, effects);
  }

  #fail(held: Held, reason: string, at: Moment, effects: Effect[]): void {
    switch (held.kind) {
      case 'grant':
        return this.#parts.seats.withdrawGrant(held, at, effects);
      case 'operation': {
        held.drop(this.#situation(at, effects));
        const outcome = { kind: 'refused', code: 'store-failing', detail: reason } as const;
        if (held.number !== OWN_CHANGE)
          effects.push({ kind: 'answer', number: held.number, outcome });
        return this.#parts.operator.changeEnded(this.#situation(at, effects));
      }
      case 'rare':
        return held.fail(this.#situation(at, effects));
      default:
        return unreachable(held);
    }
  }

  #restore(
    entries: readonly (readonly [string, Uint8Array])[],
    at: Moment,
    effects: Effect[],
  ): void {
    for (const [key, value] of entries) {
      if (!restoreEntry(this.#parts, key, value, at)) {
        effects.push({ kind: 'note', note: { kind: 'record-damaged', key } });
        // What it was is not known: it may be a lease.
        this.#parts.gate.close('damaged');
      }
    }
    this.#parts.allowance.changed();
  }
}

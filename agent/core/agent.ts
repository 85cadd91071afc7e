/**
 * The agent: a pure, synchronous state machine. `step` routes each event to who decides on it; it
 * owns no rules itself, reads no clock, never waits and never throws on input.
 */

import { EPOCH_SIZE, KEY_SIZE, NAME_MAX } from '../../protocol/limits.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { assert, unreachable } from '../../protocol/result.ts';
import { openLicense } from '../../protocol/signed-license.ts';
import type { Instant, Moment } from '../../protocol/units.ts';
import { AddressCookie } from './address-cookie.ts';
import { CommitQueue, type Held } from './commit-queue.ts';
import { Counters } from './counters.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import type { Effect, Write } from './effects.ts';
import type { Event } from './events.ts';
import { HostWatch } from './host-watch.ts';
import type { HostCase } from './judged-host.ts';
import { LeaseBook } from './lease-book.ts';
import { decodeLeaseRecord, LEASE_PREFIX, LICENSE_PREFIX } from './lease-record.ts';
import { Lending } from './lending.ts';
import { LicenseShelf } from './license-shelf.ts';
import { IDLE_SESSIONS_MAX, Listener } from './listener.ts';
import { Operator } from './operator.ts';
import { RateLimit } from './rate-limit.ts';
import { Responder } from './responder.ts';
import type { SeatPool } from './seat-pool.ts';
import { SessionTable } from './session-table.ts';

/** Deadlines handled in one step: what is left over is due again at once, after other events. */
const DUE_MAX = 512;

const INDEX_SEED_SIZE = 16;
/** Fresh random bytes that an agent needs each time it starts. */
export const SEED_SIZE = EPOCH_SIZE + KEY_SIZE + INDEX_SEED_SIZE;

export interface AgentOptions {
  /** Shown to people in discovery. */
  readonly name: string;
  readonly version: string;
  readonly primitives: Primitives;
  /** The agent's X25519 secret, 32 bytes, the same for the life of its store. */
  readonly secret: Uint8Array;
  /** `SEED_SIZE` random bytes, never the same twice. */
  readonly seed: Uint8Array;
  /** Vendors whose licenses are taken; `null` for all. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** Hosts that are refused here, whatever a license allows. */
  readonly refuseHosts?: readonly HostCase[];
  /** Sessions without a lease that are remembered at a time. */
  readonly idleSessionsMax?: number;
}

export class Agent {
  readonly #commits = new CommitQueue();
  readonly #book = new LeaseBook();
  readonly #deadlines = new DeadlineHeap();
  readonly #counters = new Counters();
  readonly #shelf: LicenseShelf;
  readonly #sessions: SessionTable;
  readonly #lending: Lending;
  readonly #responder: Responder;
  readonly #listener: Listener;
  readonly #operator: Operator;
  readonly #primitives: Primitives;
  readonly #watch: HostWatch;
  #storeFailing = false;
  #wakeAt: Instant | undefined;
  /** The commit of as many lapses as one step takes: no more lapse before it is on the disk. */
  #lapsesTicket: number | undefined;

  constructor(options: AgentOptions) {
    const { name, version, primitives, secret, seed, vendorKeys } = options;
    assert(seed.length === SEED_SIZE && secret.length === KEY_SIZE, 'agent: entropy sizes');
    assert(name.length <= NAME_MAX, 'agent: a name that no offer can carry');
    const epoch = seed.slice(0, EPOCH_SIZE);
    const cookieSecret = seed.slice(EPOCH_SIZE, EPOCH_SIZE + KEY_SIZE);
    this.#primitives = primitives;
    this.#shelf = new LicenseShelf(primitives);
    this.#watch = new HostWatch(options.refuseHosts ?? []);
    this.#sessions = new SessionTable(seed.slice(-INDEX_SEED_SIZE));
    const parts = {
      name,
      version,
      primitives,
      epoch,
      vendorKeys,
      idleSessionsMax: options.idleSessionsMax ?? IDLE_SESSIONS_MAX,
      keys: primitives.agreementKeys(secret),
      sessions: this.#sessions,
      book: this.#book,
      shelf: this.#shelf,
      deadlines: this.#deadlines,
      commits: this.#commits,
      counters: this.#counters,
      watch: this.#watch,
      cookies: new AddressCookie(cookieSecret, primitives),
      strangers: new RateLimit({ perSecond: 200, burst: 1000, sources: 4096 }),
    };
    this.#lending = new Lending(parts);
    this.#responder = new Responder({ ...parts, lending: this.#lending });
    this.#listener = new Listener({ ...parts, responder: this.#responder });
    this.#operator = new Operator({ ...parts, lending: this.#lending, responder: this.#responder });
  }

  /** Leases that count, for those who watch over promises. */
  get leaseCount(): number {
    return this.#book.size;
  }

  /** Deadlines in the heap and sessions in the table: they are always as many. */
  get tableSizes(): { readonly deadlines: number; readonly sessions: number } {
    return { deadlines: this.#deadlines.size, sessions: this.#sessions.size };
  }

  /** The seats of every license that is or was here, for those who watch over promises. */
  pools(): Iterable<SeatPool> {
    return this.#shelf.pools();
  }

  /** Takes in one event and returns what must be done, in order. */
  step(event: Event, at: Moment): readonly Effect[] {
    const effects: Effect[] = [];
    this.#route(event, at, effects);
    const next = this.#lapsesTicket === undefined ? this.#deadlines.next() : undefined;
    if (next !== undefined && (this.#wakeAt === undefined || next < this.#wakeAt)) {
      this.#wakeAt = next;
      effects.push({ kind: 'wake-at', at: next });
    }
    return effects;
  }

  #route(event: Event, at: Moment, effects: Effect[]): void {
    switch (event.kind) {
      case 'datagram':
        return this.#listener.hear(event.from, event.bytes, at, this.#watch.host, effects);
      case 'wake':
        return this.#wake(at, effects);
      case 'committed':
        return this.#committed(event.ticket, at, effects);
      case 'commit-failed':
        return this.#commitFailed(event.ticket, event.reason, at, effects);
      case 'restored':
        return this.#restore(event.entries, at, effects);
      case 'host-judged':
        this.#watch.judged(event.verdict, at.mono, effects);
        return this.#responder.hostJudged(at, effects);
      case 'operator':
        return this.#operator.perform(event.number, event.operation, this.#situation(at, effects));
      default:
        return unreachable(event);
    }
  }

  #situation(at: Moment, effects: Effect[]) {
    return { at, host: this.#watch.host, storeFailing: this.#storeFailing, effects };
  }

  /** Lapses leases and forgets idle sessions whose time has come. */
  #wake(at: Moment, effects: Effect[]): void {
    this.#wakeAt = undefined;
    const writes: Write[] = [];
    for (const slot of this.#deadlines.takeDue(at.mono, DUE_MAX)) {
      if (!this.#book.holds(slot)) this.#sessions.close(slot);
      else writes.push(this.#lapse(slot, at.mono, effects));
    }
    if (writes.length === 0 && !this.#commits.owes) return;
    const commit = this.#commits.commit(writes);
    if (writes.length === DUE_MAX) this.#lapsesTicket = commit.ticket;
    effects.push(commit);
  }

  /** When a million leases lapse together the disk sets the pace, and memory stays as it was. */
  #settleLapses(ticket: number): void {
    if (this.#lapsesTicket !== undefined && this.#lapsesTicket <= ticket) {
      this.#lapsesTicket = undefined;
    }
  }

  #lapse(slot: number, now: Instant, effects: Effect[]): Write {
    const { licenseId, holder } = this.#book.read(slot);
    const lease = this.#lending.leaseId(slot);
    const write = this.#lending.giveBack(slot, now);
    this.#counters.add('lapsed');
    effects.push({
      kind: 'note',
      note: { kind: 'seat-lapsed', lease, license: licenseId, holder },
    });
    return write;
  }

  #committed(ticket: number, at: Moment, effects: Effect[]): void {
    this.#settleLapses(ticket);
    if (this.#storeFailing) {
      this.#storeFailing = false;
      effects.push({ kind: 'note', note: { kind: 'store-working' } });
    }
    for (const held of this.#commits.settle(ticket)) {
      if (held.kind === 'grant') this.#responder.speakGrant(held, at.mono, effects);
      else this.#answer(held, at, effects);
    }
  }

  #answer(held: Extract<Held, { kind: 'operation' }>, at: Moment, effects: Effect[]): void {
    const outcome = held.apply(this.#situation(at, effects));
    effects.push({ kind: 'answer', number: held.number, outcome });
    this.#operator.changeEnded(this.#situation(at, effects));
  }

  #commitFailed(ticket: number, reason: string, at: Moment, effects: Effect[]): void {
    if (!this.#storeFailing)
      effects.push({ kind: 'note', note: { kind: 'store-failing', reason } });
    this.#storeFailing = true;
    this.#settleLapses(ticket);
    for (const held of this.#commits.fail(ticket)) {
      if (held.kind === 'grant') this.#responder.withdrawGrant(held, at.mono, effects);
      else {
        const outcome = { kind: 'refused', code: 'store-failing', detail: reason } as const;
        effects.push({ kind: 'answer', number: held.number, outcome });
        this.#operator.changeEnded(this.#situation(at, effects));
      }
    }
  }

  #restore(
    entries: readonly (readonly [string, Uint8Array])[],
    at: Moment,
    effects: Effect[],
  ): void {
    for (const [key, value] of entries) {
      if (!this.#restoreEntry(key, value, at)) {
        effects.push({ kind: 'note', note: { kind: 'record-damaged', key } });
      }
    }
  }

  #restoreEntry(key: string, value: Uint8Array, at: Moment): boolean {
    if (key.startsWith(LICENSE_PREFIX)) {
      const opened = openLicense(value, this.#primitives);
      if (!opened.ok) return false;
      if (this.#shelf.get(opened.value.license.id) === undefined) this.#shelf.add(opened.value);
      return true;
    }
    if (!key.startsWith(LEASE_PREFIX)) return false;
    const record = decodeLeaseRecord(value);
    if (record === undefined) return false;
    this.#lending.restore(record, at.mono);
    return true;
  }
}

/**
 * Watches what agents promise: every word by which somebody may believe in a seat, a token or a draw
 * has to be on the disk, and of licenses that are in force.
 */

import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';
import type { Inspection, LeaseSeen } from '../../agent/core/inspection.ts';
import type { Note } from '../../agent/core/notes.ts';
import type { Outcome } from '../../agent/core/operations.ts';
import {
  LEASE_PREFIX,
  type LeaseRecord,
  LICENSE_PREFIX,
  leaseStoreKey,
} from '../../agent/core/seats/lease-record.ts';
import { CLOCK_KEY } from '../../agent/core/wall-guard.ts';
import { openBorrowToken } from '../../protocol/borrow-token.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import { CalendarTruth } from './calendar-truth.ts';
import { LicenseTruth, recordOf } from './license-truth.ts';
import type { MeterWatch } from './meter-watch.ts';
import { RosterWatch } from './roster-watch.ts';
import type { PlannedAgent } from './swarm.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { TableWatch } from './table-watch.ts';
import { Violation, type World } from './world.ts';

/** Who watches one agent. */
interface Watchers {
  readonly calendar: CalendarTruth;
  readonly truth: LicenseTruth;
  readonly roster: RosterWatch;
  readonly tables: TableWatch;
}

const watchersOf = ({ licenses, idleSessionsMax }: PlannedAgent): Watchers => {
  const calendar = new CalendarTruth();
  const truth = new LicenseTruth(licenses, calendar);
  const roster = new RosterWatch(truth);
  return { calendar, truth, roster, tables: new TableWatch({ truth, roster, idleSessionsMax }) };
};

/** When a grant was spoken, and of which licenses the seat was, those that were only shown among them. */
interface Grant {
  readonly at: number;
  readonly licenses: readonly License[];
}

export class PromiseWatch {
  readonly #world: World;
  readonly #meters: MeterWatch;
  readonly #watchers = new Map<string, Watchers>();
  /** By agent and lease: the true time of the last word by which it may be believed. */
  readonly #promised = new Map<string, number>();
  /** By agent and lease: the last grant of it that was spoken. */
  readonly #granted = new Map<string, Grant>();
  /** By agent and lease: when it was decided on, and by which request. */
  readonly #decided = new Map<string, number>();
  readonly #requests = new Map<string, number>();
  /** By agent: when a seat came back last. */
  readonly #freed = new Map<string, number>();
  /** By agent and lease: until when it is borrowed, and when that was decided on. */
  readonly #borrowings = new Map<string, { readonly until: number; readonly at: number }>();

  constructor(world: World, meters: MeterWatch, agents: ReadonlyMap<string, PlannedAgent>) {
    this.#world = world;
    this.#meters = meters;
    for (const [name, plan] of agents) this.#watchers.set(name, watchersOf(plan));
  }

  #of(host: AgentHost): Watchers {
    const watchers = this.#watchers.get(host.name);
    if (watchers === undefined) throw new Error(`${host.name} was not planned`);
    return watchers;
  }

  truth(host: AgentHost): LicenseTruth {
    return this.#of(host).truth;
  }

  /** An agent's tables after its last step, unless it has made none since it started. */
  inspection(host: AgentHost): Inspection | undefined {
    return this.#of(host).tables.inspection;
  }

  /** What an agent's tables say of a lease. */
  lease(host: AgentHost, storeKey: string): LeaseSeen | undefined {
    return this.#of(host).tables.lease(storeKey);
  }

  /** When an agent last gave its word for a lease. */
  promisedAt(host: AgentHost, storeKey: string): number {
    return this.#promised.get(`${host.name} ${storeKey}`) ?? Number.NEGATIVE_INFINITY;
  }

  /** The licenses of the seat that an agent last granted to a session, if it did so since then. */
  grantedSince(host: AgentHost, storeKey: string, since: number): readonly License[] | undefined {
    const grant = this.#granted.get(`${host.name} ${storeKey}`);
    return grant !== undefined && grant.at >= since ? grant.licenses : undefined;
  }

  booted(host: AgentHost): void {
    const { truth, roster, tables } = this.#of(host);
    truth.booted(host.disk.durable);
    roster.booted(host);
    tables.booted();
  }

  /** Before what a step has done is looked at. */
  stepping(host: AgentHost, event: Event): void {
    if (event.kind === 'restored') {
      for (const [key] of event.entries) {
        if (!key.startsWith(LICENSE_PREFIX)) continue;
        this.truth(host).shelved(key.slice(LICENSE_PREFIX.length) as LicenseId);
      }
      return;
    }
    this.#refresh(host);
    this.#of(host).roster.stepping(event);
  }

  #refresh(host: AgentHost): void {
    const moment = host.host.moment();
    if (this.truth(host).refresh(this.#world.now, moment)) this.#world.isDirty = true;
  }

  /** When a seat came back to an agent last. */
  freedAt(host: AgentHost): number {
    return this.#freed.get(host.name) ?? Number.NEGATIVE_INFINITY;
  }

  noted(host: AgentHost, note: Note): void {
    if (note.kind === 'seat-released' || note.kind === 'seat-lapsed')
      this.#freed.set(host.name, this.#world.now);
    const truth = this.truth(host);
    if (note.kind === 'license-added') truth.shelved(note.license);
    else if (note.kind === 'license-removed') truth.unshelved(note.license);
    else return;
    this.#refresh(host);
  }

  /** An agent answers its administrator. */
  answered(host: AgentHost, number: number, outcome: Outcome): void {
    const { roster, tables } = this.#of(host);
    roster.answered(host, number, outcome);
    if (outcome.kind === 'rules-apply') tables.ruled();
    if (outcome.kind !== 'clock-reset') return;
    this.truth(host).clockReset(host.host.moment().wall);
    this.#refresh(host);
  }

  asked(host: AgentHost, clientKey: Uint8Array, request: Request | undefined): void {
    if (request === undefined) return;
    if (request.kind === 'acquire') this.#of(host).tables.wished(clientKey, request.wish);
    if (request.kind === 'draw') this.#meters.asked(host, clientKey, request);
  }

  /** An agent says something to a session. `isLate`: not at once, but when it was on the disk. */
  said(host: AgentHost, clientKey: Uint8Array, reply: Reply, isLate: boolean): void {
    const storeKey = leaseStoreKey(clientKey);
    switch (reply.kind) {
      case 'granted': {
        const record = this.#demandRecord(host, storeKey);
        if (record.requestId !== reply.id) this.#notDurable(host, storeKey);
        this.truth(host).spoken(record);
        this.#grant(host, storeKey, record);
        return this.#promise(host, storeKey, record, isLate);
      }
      case 'renewed': {
        const record = this.#demandRecord(host, storeKey);
        // A borrower has the word that his token is, and nothing more.
        const until = record.borrowing?.until ?? 0;
        const isTold = this.#of(host).calendar.mark + reply.term <= until;
        return this.#promise(host, storeKey, record, false, isTold);
      }
      case 'borrowed':
        return this.#checkToken(host, storeKey, reply.token);
      case 'drawn':
        return this.#meters.drawn(host, clientKey, reply);
      default:
        return;
    }
  }

  #grant(host: AgentHost, storeKey: string, { parts }: LeaseRecord): void {
    const truth = this.truth(host);
    const roots = parts.map((part) => truth.rootOf(part.licenseId, part.class).split('/')[0]);
    const licenses = roots.flatMap((id) => truth.license(id as LicenseId) ?? []);
    this.#granted.set(`${host.name} ${storeKey}`, { at: this.#world.now, licenses });
  }

  #demandRecord(host: AgentHost, storeKey: string): LeaseRecord {
    const value = host.disk.durable.get(storeKey);
    const record = value && recordOf(value);
    return record ?? this.#notDurable(host, storeKey);
  }

  #notDurable(host: AgentHost, storeKey: string): never {
    throw new Violation('a grant is spoken when it is durable', `${host.name}, ${storeKey}`);
  }

  /** What is said late was decided on, and its term counts, from when it was given to the disk. */
  #promise(
    host: AgentHost,
    storeKey: string,
    record: LeaseRecord,
    isLate: boolean,
    isTold = false,
  ): void {
    const name = `${host.name} ${storeKey}`;
    const removed = this.truth(host).removedOf(record);
    const fault = isLate ? removed : this.truth(host).faultOf(record);
    if (fault !== undefined) {
      throw new Violation('only a license in force lends', `${host.name}: ${fault}`);
    }
    if (isTold) return;
    const decidedAt = this.#decided.get(name);
    this.#promised.set(name, isLate && decidedAt !== undefined ? decidedAt : this.#world.now);
    this.#world.isDirty = true;
  }

  /** A lease is given to the disk. */
  #decide(host: AgentHost, storeKey: string, value: Uint8Array): void {
    const name = `${host.name} ${storeKey}`;
    const record = recordOf(value);
    if (record === undefined || record.ending !== undefined) return;
    const until = record.borrowing?.until;
    if (until === undefined) this.#borrowings.delete(name);
    else if (this.#borrowings.get(name)?.until !== until)
      this.#borrowings.set(name, { until, at: this.#world.now });
    if (this.#requests.get(name) === record.requestId) return;
    this.#requests.set(name, record.requestId);
    this.#decided.set(name, this.#world.now);
    const truth = this.truth(host);
    const fault = truth.faultOf(record);
    if (fault === undefined) return;
    throw new Violation('only a license in force lends anew', `${host.name}: ${fault}`);
  }

  #checkToken(host: AgentHost, storeKey: string, bytes: Uint8Array): void {
    const opened = openBorrowToken(bytes, swiftPrimitives);
    const { borrowing } = this.#demandRecord(host, storeKey);
    if (!opened.ok || borrowing === undefined || borrowing.until < opened.value.token.until) {
      const detail = `${host.name}, ${storeKey}: on the disk until ${borrowing?.until}`;
      throw new Violation('a token is spoken when it is durable', detail);
    }
    // A token that is given again, as its answer was lost, is the word of before.
    const name = `${host.name} ${storeKey}`;
    const decidedAt = this.#borrowings.get(name)?.at ?? this.#world.now;
    this.#promised.set(name, Math.max(decidedAt, this.promisedAt(host, storeKey)));
  }

  /** After what a step has done was looked at. */
  stepped(host: AgentHost, event: Event, effects: readonly Effect[]): void {
    this.#world.isDirty = true;
    const { calendar, tables } = this.#of(host);
    for (const effect of effects) {
      if (effect.kind !== 'commit') continue;
      for (const { key, value } of effect.writes) {
        if (value !== null && key.startsWith(CLOCK_KEY)) calendar.stores(value);
        if (value !== null && key.startsWith(LEASE_PREFIX)) this.#decide(host, key, value);
      }
    }
    if (event.kind === 'restored') return;
    calendar.check(host.name);
    tables.check(host);
  }
}

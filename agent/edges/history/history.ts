/** An agent's history while it runs: usage and audit, written along with what the agent writes. */

import { agentSigningKeys } from '../../../protocol/borrow-token.ts';
import { timerMs } from '../../../protocol/node/clock.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { epochSeconds, type Moment } from '../../../protocol/units.ts';
import { answeredDeed, askedDeed } from '../../core/audit/operation-deed.ts';
import type { Effect } from '../../core/effects.ts';
import type { Event } from '../../core/events.ts';
import type { Operation, Outcome, SeatView } from '../../core/operations.ts';
import { isChange } from '../../core/reading-operations.ts';
import type { Level, Span } from '../../core/usage/usage-meter.ts';
import type { StoreEntry } from '../store-reading.ts';
import type { BatchWitness } from '../store-writer.ts';
import { AuditClerk } from './audit-clerk.ts';
import { Durations } from './durations.ts';
import type { HistoryStore } from './history-store.ts';
import { HistoryViews } from './history-views.ts';
import { UsageKeeper } from './usage-keeper.ts';

export interface HistoryEdges {
  readonly store: HistoryStore;
  readonly now: () => Moment;
  readonly primitives: Primitives;
  /** The agent's X25519 secret, from which its signing key is made. */
  readonly secret: Uint8Array;
  /** The secret was just made. */
  readonly isNewAgent: boolean;
  readonly levels: () => Iterable<Level>;
  readonly seats: () => Promise<readonly SeatView[]>;
}

/** With more leases a report leaves out those that have not ended. */
const SPANS_MAX = 50_000;

export class History {
  readonly views: HistoryViews;
  readonly #edges: HistoryEdges;
  readonly #usage: UsageKeeper;
  readonly #clerk: AuditClerk;
  readonly #times = new Durations();
  /** From taking up a datagram until it is known what follows. */
  readonly #datagrams = new Durations();

  constructor(edges: HistoryEdges) {
    const { store, now, primitives, secret, levels } = edges;
    const keys = agentSigningKeys(secret, primitives);
    this.#edges = edges;
    this.#usage = new UsageKeeper({ store, now, levels });
    this.#clerk = new AuditClerk({
      primitives,
      keys,
      isNewAgent: edges.isNewAgent,
      wall: () => now().wall,
      now: timerMs,
    });
    this.views = new HistoryViews({
      reader: store.reader,
      keys,
      primitives,
      settle: () => this.#usage.flush(),
      spans: () => this.#spans(),
    });
  }

  /** Sees each batch of the store. */
  get witness(): BatchWitness {
    let begun = 0;
    return {
      alongside: (writes) => {
        begun = timerMs();
        return this.#clerk.alongside(writes);
      },
      settled: (isWritten) => {
        if (isWritten) this.#times.add((timerMs() - begun) / 1000);
        else this.#times.fail();
        this.#clerk.settled(isWritten);
      },
    };
  }

  /** What can be measured of the store and of the history in it. */
  measure() {
    const { failed } = this.#times;
    return {
      commits: { ...this.#times.read(), failed },
      datagrams: this.#datagrams.read(),
      history: { usageBytes: this.#usage.bytes, auditBytes: this.#clerk.bytes },
    };
  }

  restored(entries: readonly StoreEntry[]): void {
    this.#usage.restored(entries);
    this.#clerk.restored(entries);
  }

  /** Whether seats or licenses may have changed by it. */
  observe(event: Event, effects: readonly Effect[], at: Moment): boolean {
    if (event.kind === 'datagram') {
      this.#datagrams.add((this.#edges.now().mono - at.mono) / 1000);
    }
    return this.#usage.observe(event, effects, at);
  }

  /** Does an operation; who asked for a change, and what came of it, is in the audit. */
  async audited(
    operation: Operation,
    who: string,
    perform: (operation: Operation, who: string) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (!isChange(operation)) return perform(operation, who);
    this.#clerk.add(askedDeed(operation, who, this.#edges.primitives));
    this.#push();
    const outcome = await perform(operation, who);
    this.#clerk.add(answeredDeed(operation, who, outcome));
    this.#push();
    return outcome;
  }

  /** Writes down what was done by no operation, by the agent itself unless somebody else is named. */
  tell(what: string, detail: string, who = 'agent'): void {
    this.#clerk.add({ who, what, detail });
    this.#push();
  }

  /** The next batch takes along what waits, and there is one. */
  #push(): void {
    // What cannot be written waits for what can.
    this.#edges.store.write([]).catch(() => {});
  }

  async #spans(): Promise<readonly Span[]> {
    const seats = await this.#edges.seats();
    if (seats.length > SPANS_MAX) return [];
    const until = epochSeconds(this.#edges.now().wall);
    return seats.map(({ product, user, host, weight, since, idled }) => {
      return { product, user, host, seats: weight, since, until, idle: idled };
    });
  }

  /** Writes what is not written yet. */
  async stop(): Promise<void> {
    await this.#usage.stop();
    this.tell('agent-stopped', '');
  }
}

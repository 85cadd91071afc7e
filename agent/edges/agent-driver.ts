/** Feeds the world's events to the agent and does to the world what the agent's effects say. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { Clock } from '../../protocol/node/clock.ts';
import { DeadlineTimer } from '../../protocol/node/timer.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Moment } from '../../protocol/units.ts';
import type { MasterAnswer } from '../core/activation/master-answer.ts';
import type { Agent } from '../core/agent.ts';
import type { TakeShared } from '../core/charter/charter-effects.ts';
import type { ParentAnswer } from '../core/children/parent-answer.ts';
import type { Effect } from '../core/effects.ts';
import type { Event } from '../core/events.ts';
import type { HostIdentity } from '../core/host/host-identity.ts';
import type { HostMark } from '../core/host/host-mark.ts';
import type { Note } from '../core/notes.ts';
import type { CoreOperation, Outcome } from '../core/operations.ts';
import type { RegisterAnswer, RegisterAsk } from '../core/site/register.ts';
import type { Write } from '../core/write.ts';
import type { HostSeen } from './host-look.ts';
import type { MasterQuestion } from './master-client.ts';
import { type BatchWitness, StoreWriter, type WritableStore } from './store-writer.ts';

export interface AgentEdges {
  readonly clock: Clock;
  readonly store: WritableStore;
  /** Sends a datagram from the socket that `to` was heard on. */
  readonly send: (to: Endpoint, bytes: Uint8Array) => void;
  readonly log: (note: Note) => void;
  /** Called before the agent takes a step, of whatever kind. */
  readonly onStep?: () => void;
  /** Looks at the host and reports what it is, once or, where a slower look finds more, twice. */
  readonly lookAtHost: (report: (seen: HostSeen) => void) => Promise<void>;
  /** Keeps by what the agent's computer is told. */
  readonly keepHost: (identity: HostIdentity) => Promise<void>;
  /** Calls a master; it never rejects. */
  readonly askMaster: (call: MasterQuestion, signal: AbortSignal) => Promise<MasterAnswer>;
  /** Asks the register of the site, where this agent is a member of one; it never rejects. */
  readonly askRegister?: (ask: RegisterAsk, signal: AbortSignal) => Promise<RegisterAnswer>;
  /** What is shown of the site is out of date. */
  readonly onSiteChanged?: () => void;
  /** Has a text of the site in force here, and calls back when it is, and is durable. */
  readonly takeShared?: (asked: TakeShared, done: () => void) => void;
  /** Keeps marks outside the data folder; it never rejects. */
  readonly keepMarks: (marks: readonly HostMark[]) => Promise<void>;
  /** 32 random bytes. */
  readonly drawSecret: () => Uint8Array;
  /** Sends a datagram to everybody on each network. */
  readonly askAround: (bytes: Uint8Array) => void;
  /** Sees each step; what it does must not take long. */
  readonly observe?: (event: Event, effects: readonly Effect[], at: Moment) => void;
  readonly witness?: BatchWitness;
  /**
   * Nothing is written before `begin`, or before an administrator waits for it; nor is a register asked,
   * for a member may join when it is known what it has lent.
   */
  readonly isHeld?: boolean;
}

export class AgentDriver {
  readonly #agent: Agent;
  readonly #edges: AgentEdges;
  readonly #writer: StoreWriter;
  readonly #timer: DeadlineTimer;
  readonly #answers = new Map<number, (outcome: Outcome) => void>();
  readonly #calls = new Map<number, (answer: ParentAnswer) => void>();
  #operations = 0;
  #called = 0;
  #stopped = false;
  /** Made for the first call to a master: a start need not load it. */
  #stopping: AbortController | undefined;
  /** Resolves when the agent hears. */
  readonly #hearing: Promise<void>;
  /** One after the other; what is to be kept before `begin` waits for it. */
  #keeping: Promise<void>;
  #begun: (() => void) | undefined;

  constructor(agent: Agent, edges: AgentEdges) {
    this.#agent = agent;
    this.#edges = edges;
    const listener = {
      committed: (ticket: number) => this.feed({ kind: 'committed', ticket }),
      failed: (ticket: number, reason: string) =>
        this.feed({ kind: 'commit-failed', ticket, reason }),
    };
    this.#writer = new StoreWriter(edges.store, listener, edges.witness, edges.isHeld);
    this.#timer = new DeadlineTimer({
      now: () => edges.clock.now().mono,
      onDue: () => this.feed({ kind: 'wake' }),
    });
    this.#hearing = edges.isHeld
      ? new Promise((resolve) => {
          this.#begun = resolve;
        })
      : Promise.resolve();
    this.#keeping = this.#hearing;
  }

  /** The agent hears: from now on what is promised is written at once. */
  begin(): void {
    this.#begun?.();
    this.#writer.begin();
  }

  feed(event: Event): void {
    const { clock, onStep, observe } = this.#edges;
    onStep?.();
    const at = clock.now();
    const effects = this.#agent.step(event, at);
    observe?.(event, effects, at);
    for (const effect of effects) if (effect.kind !== 'note') this.#perform(effect);
    // Last, as the log writes to files: of many that one sync has served, nobody waits for that.
    for (const effect of effects) if (effect.kind === 'note') this.#perform(effect);
  }

  /** Writes what is not the agent's along with what is; rejects when it could not be written. */
  also(writes: readonly Write[]): Promise<void> {
    return this.#writer.also(writes);
  }

  /** Asks the agent for an administrator's operation; resolves when it is done and durable. */
  operate(operation: CoreOperation, who = ''): Promise<Outcome> {
    const number = ++this.#operations;
    return new Promise((resolve) => {
      this.#answers.set(number, resolve);
      this.feed({ kind: 'operator', number, operation, who });
      if (this.#answers.has(number)) this.begin();
    });
  }

  /** Has a child's call answered, when what is promised with it is durable. */
  callParent(body: Uint8Array): Promise<ParentAnswer> {
    const number = ++this.#called;
    return new Promise((resolve) => {
      this.#calls.set(number, resolve);
      this.feed({ kind: 'child-called', number, body });
    });
  }

  /** Has the host looked at and tells the agent; it never rejects. */
  async lookAtHost(): Promise<void> {
    await this.#edges.lookAtHost(({ verdict, code }) => {
      if (!this.#stopped) this.feed({ kind: 'host-judged', verdict, code });
    });
  }

  /** Stops the timer and waits until what was promised to be written is. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping?.abort();
    this.#timer.clear();
    this.begin();
    await this.#writer.drain();
    await this.#keeping;
  }

  async #keepHost(identity: HostIdentity): Promise<void> {
    try {
      await this.#edges.keepHost(identity);
    } catch {
      // What was kept before still tells; it is tried again after the next look.
      if (!this.#stopped) this.feed({ kind: 'host-not-kept' });
    }
  }

  async #askMaster({ number, ...call }: Extract<Effect, { kind: 'ask-master' }>): Promise<void> {
    const answer = await this.#edges.askMaster(call, this.#untilStopped());
    if (!this.#stopped) this.feed({ kind: 'master-answered', number, answer });
  }

  /** Made when somebody waits for it first. */
  #untilStopped(): AbortSignal {
    this.#stopping ??= new AbortController();
    if (this.#stopped) this.#stopping.abort();
    return this.#stopping.signal;
  }

  async #askRegister({ number, ask }: Extract<Effect, { kind: 'ask-register' }>): Promise<void> {
    await this.#hearing;
    const answer = await this.#edges.askRegister?.(ask, this.#untilStopped());
    if (answer !== undefined && !this.#stopped)
      this.feed({ kind: 'register-answered', number, answer });
  }

  #takeShared(asked: TakeShared): void {
    const { what, revision } = asked;
    this.#edges.takeShared?.(asked, () => {
      if (!this.#stopped) this.feed({ kind: 'shared-taken', what, revision });
    });
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'send':
        return this.#edges.send(effect.to, effect.bytes);
      case 'commit':
        return this.#writer.commit(effect.ticket, effect.writes);
      case 'wake-at':
        return this.#timer.set(effect.at);
      case 'answer':
        this.#answers.get(effect.number)?.(effect.outcome);
        this.#answers.delete(effect.number);
        return;
      case 'parent-answers':
        this.#calls.get(effect.number)?.(effect.answer);
        this.#calls.delete(effect.number);
        return;
      case 'look-at-host':
        // After the other effects of this step: what the look finds is the next one.
        queueMicrotask(() => void this.lookAtHost());
        return;
      case 'keep-host':
        this.#keeping = this.#keeping.then(() => this.#keepHost(effect.identity));
        return;
      case 'ask-master':
        void this.#askMaster(effect);
        return;
      case 'ask-register':
        void this.#askRegister(effect);
        return;
      case 'take-shared':
        return this.#takeShared(effect);
      case 'keep-marks':
        this.#keeping = this.#keeping.then(() => this.#edges.keepMarks(effect.marks));
        return;
      case 'draw-secret': {
        const secret = this.#edges.drawSecret();
        // After the other effects of this step.
        queueMicrotask(() => this.#stopped || this.feed({ kind: 'secret-drawn', secret }));
        return;
      }
      case 'ask-around':
        return this.#edges.askAround(effect.bytes);
      case 'site-changed':
        return this.#edges.onSiteChanged?.();
      case 'note':
        return this.#edges.log(effect.note);
      default:
        return unreachable(effect);
    }
  }
}

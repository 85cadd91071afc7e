/** Sessions and scripted agents on a network in virtual time. */

import type { SeatEffect, SeatEvent, SeatState } from '../../../protocol/client/seat-events.ts';
import { SeatSession } from '../../../protocol/client/seat-session.ts';
import type { SeatSessionOptions } from '../../../protocol/client/session-options.ts';
import { type Endpoint, isSameEndpoint } from '../../../protocol/endpoint.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import { unreachable } from '../../../protocol/result.ts';
import { epochSeconds, instant, type Moment } from '../../../protocol/units.ts';
import { EventQueue } from '../../simulation/event-queue.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import { PRODUCT, ScriptedAgent, VENDOR_KEY } from './scripted-agent.ts';

export const WALL = epochSeconds(1_800_000_000);

export const WISH: SeatWish = {
  product: PRODUCT,
  class: null,
  resource: null,
  features: [],
  weight: 1,
  version: null,
  released: null,
  holder: { user: 'ann', host: 'desk', process: 1, application: 'acad' },
};

/** Milliseconds from one end of the network to the other. */
const WAY = 1;
/** More wakes than these at one instant are no waiting. */
const WAKES_MAX = 10;

export class VirtualSite {
  now = 0;
  readonly agents: ScriptedAgent[] = [];
  readonly clients: VirtualClient[] = [];
  /** Whether a datagram between these gets lost. */
  loses: (agent: ScriptedAgent) => boolean = () => false;
  onSent: (client: VirtualClient) => void = () => {};
  readonly #queue = new EventQueue();

  addAgent(): ScriptedAgent {
    const agent = new ScriptedAgent(this.agents.length + 1);
    agent.now = () => this.now;
    this.agents.push(agent);
    return agent;
  }

  addClient(options: Partial<SeatSessionOptions> = {}): VirtualClient {
    const client = new VirtualClient(this, this.clients.length + 1, options);
    this.clients.push(client);
    return client;
  }

  /** Lets a client look for a seat, and time pass until it has one. */
  hold(options: Partial<SeatSessionOptions> = {}): VirtualClient {
    const client = this.addClient(options);
    client.step({ kind: 'start' });
    this.runUntil(() => client.kind === 'held');
    return client;
  }

  in(length: number, run: () => void): void {
    this.#queue.add(this.now + length, run);
  }

  at(time: number, run: () => void): void {
    this.#queue.add(Math.max(time, this.now), run);
  }

  /** Lets time pass. */
  run(length: number): void {
    const until = this.now + length;
    for (let next = this.#queue.take(until); next; next = this.#queue.take(until)) {
      this.now = next.at;
      next.run();
    }
    this.now = until;
  }

  /** Lets time pass until something is so, an hour at most. */
  runUntil(isSo: () => boolean, what = 'what was waited for'): void {
    const end = this.now + 3_600_000;
    while (!isSo()) {
      const next = this.#queue.take(end);
      if (next === undefined) throw new Error(`never: ${what}`);
      this.now = next.at;
      next.run();
    }
  }

  carry(client: VirtualClient, bytes: Uint8Array, to?: Endpoint): void {
    this.onSent(client);
    for (const agent of this.agents) {
      if (to !== undefined && !isSameEndpoint(agent.endpoint, to)) continue;
      if (this.loses(agent)) continue;
      this.in(WAY, () => {
        const answer = agent.hear(bytes);
        if (answer !== undefined) this.deliver(agent, client, answer);
      });
    }
  }

  deliver(agent: ScriptedAgent, client: VirtualClient, bytes: Uint8Array): void {
    if (this.loses(agent)) return;
    const from = agent.endpoint;
    this.in(WAY, () => client.step({ kind: 'datagram', from, bytes }));
  }
}

export class VirtualClient {
  readonly session: SeatSession;
  readonly states: { readonly state: SeatState; readonly at: number }[] = [];
  readonly #site: VirtualSite;
  #timer = 0;
  #wakes = 0;
  #wokenAt = -1;
  #asleepUntil = 0;
  #hasReleased = false;

  constructor(site: VirtualSite, number: number, options: Partial<SeatSessionOptions>) {
    this.#site = site;
    const secret = new Uint8Array(32).fill(7);
    new DataView(secret.buffer).setUint32(0, number);
    this.session = new SeatSession({
      wish: WISH,
      wait: false,
      vendorKeys: [VENDOR_KEY],
      patience: 3000,
      secret,
      nonce: new Uint8Array(16).fill(6),
      primitives: swiftPrimitives,
      documents: new Map(),
      ...options,
    });
  }

  get state(): SeatState | undefined {
    return this.states.at(-1)?.state;
  }

  get kind(): SeatState['kind'] | undefined {
    return this.state?.kind;
  }

  get kinds(): readonly string[] {
    return this.states.map(({ state }) => state.kind);
  }

  /** The last state of a kind. */
  last<K extends SeatState['kind']>(kind: K): Extract<SeatState, { kind: K }> {
    const found = this.states.findLast(({ state }) => state.kind === kind);
    if (found === undefined) throw new Error(`never told: ${kind}; but ${this.kinds}`);
    return found.state as Extract<SeatState, { kind: K }>;
  }

  get until(): number | undefined {
    return this.session.until;
  }

  /** The computer sleeps: nothing is heard or done, and timers are late. */
  sleep(length: number): void {
    this.#asleepUntil = this.#site.now + length;
  }

  step(event: SeatEvent): void {
    if (this.#site.now < this.#asleepUntil) {
      if (event.kind === 'datagram') return;
      this.#site.at(this.#asleepUntil, () => this.step(event));
      return;
    }
    if (event.kind === 'release') this.#hasReleased = true;
    const moment: Moment = { mono: instant(this.#site.now), wall: WALL };
    for (const effect of this.session.step(event, moment)) this.#perform(effect);
    this.#checkBelief();
  }

  #perform(effect: SeatEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.#site.carry(this, effect.bytes, effect.to);
      case 'ask-around':
        return this.#site.carry(this, effect.bytes);
      case 'wake-at':
        return this.#wakeAt(effect.at);
      case 'state':
        this.states.push({ state: effect.state, at: this.#site.now });
        return;
      default:
        return unreachable(effect);
    }
  }

  #wakeAt(time: number): void {
    const timer = ++this.#timer;
    this.#site.at(time, () => {
      if (timer !== this.#timer) return;
      this.#wakes = this.#wokenAt === this.#site.now ? this.#wakes + 1 : 0;
      this.#wokenAt = this.#site.now;
      if (this.#wakes > WAKES_MAX) throw new Error('a session waits busily');
      this.step({ kind: 'wake' });
    });
  }

  /** What is told and what is believed are the same. */
  #checkBelief(): void {
    const told = this.states.findLast(({ state }) => !BESIDE.has(state.kind))?.state.kind;
    const isTold = told === 'held' || told === 'unreachable' || told === 'ending';
    const { until } = this.session;
    // Who gives a seat back knows that it is gone before the agent has answered.
    const isKnown = this.#hasReleased || this.session.isOver;
    if (until === undefined ? isTold && !isKnown : !isTold) {
      throw new Error(`told ${told}, believed until ${until}`);
    }
  }
}

/** States that say nothing about the seat itself. */
const BESIDE: ReadonlySet<string> = new Set(['borrow-refused', 'waiting']);

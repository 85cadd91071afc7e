/** A simulated application: it takes a seat, works, gives it back or crashes, and comes again. */

import { leaseStoreKey } from '../../agent/core/lease-record.ts';
import type { SeatEffect, SeatEvent, SeatState } from '../../protocol/client/seat-events.ts';
import { SeatSession } from '../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Host } from './clocks.ts';
import { type Flight, flightToText, lendBytes, type Network } from './network.ts';
import type { Random } from './random.ts';
import type { Plan } from './swarm.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { checkTold, stateToText } from './told.ts';
import { Violation, type World } from './world.ts';

/** `busy`: takes and leaves seats. `willing`: holds one for ever. `going`: wants none any more. */
export type Mood = 'busy' | 'willing' | 'going';

/** Before a willing application whose search failed asks again, in milliseconds. */
const AGAIN_AFTER = 5000;

export interface ApplicationWatch {
  readonly opened: (session: SessionIdentity) => void;
  readonly sent: (session: SessionIdentity, bytes: Uint8Array) => void;
}

/** What the watchers need to look into sealed datagrams. */
export interface SessionIdentity {
  readonly clientKey: Uint8Array;
  readonly secret: Uint8Array;
}

export interface ApplicationParts {
  readonly name: string;
  readonly world: World;
  readonly network: Network;
  readonly host: Host;
  /** Each run of the application opens the next port. */
  readonly socket: Endpoint;
  readonly plan: Plan;
  readonly random: Random;
  readonly watch: ApplicationWatch;
  /** License documents that the applications of this host have seen. */
  readonly documents: Map<string, Uint8Array>;
}

/** One run of the application, from looking for a seat to its end. */
interface Run extends SessionIdentity {
  readonly session: SeatSession;
  socket: Endpoint;
  readonly storeKey: string;
  seat: Belief | undefined;
  /** It has had a seat before. */
  isWorking: boolean;
}

export const poolName = (license: LicenseId, className: string): string =>
  `${license}/${className}`;

/** How something ended for an application, and when. */
export interface Outcome {
  readonly state: SeatState;
  readonly at: number;
}

/** A seat that an application believes to hold. */
export interface Belief {
  readonly license: LicenseId;
  /** The license and the class: what must not be lent twice. */
  readonly pool: string;
  /** The key of the lease's record in its agent's store. */
  readonly storeKey: string;
}

export class Application {
  readonly #parts: ApplicationParts;
  readonly #class: string | null;
  #run: Run | undefined;
  #mood: Mood = 'busy';
  #outcome: Outcome | undefined;
  #losses = 0;
  #port: number;
  #timers = 0;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.#port = parts.socket.port;
    this.#class = parts.random.pick(parts.plan.classes);
    parts.world.in(parts.random.between(0, 2000), () => this.#start());
  }

  get name(): string {
    return this.#parts.name;
  }

  /** The class that it asks for. */
  get class(): string | null {
    return this.#class;
  }

  /** How its last search ended, or its last seat. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** How many seats it has lost against its will. */
  get losses(): number {
    return this.#losses;
  }

  /** The seat it believes in at this true instant, by its own clock. */
  belief(): Belief | undefined {
    const run = this.#run;
    const until = run?.session.until;
    if (run === undefined || until === undefined || this.#parts.host.mono() >= until) {
      return undefined;
    }
    if (run.seat === undefined) throw new Violation('a seat is told', `${this.name} was not told`);
    return run.seat;
  }

  change(mood: Mood): void {
    this.#mood = mood;
    if (mood === 'going' && this.#run !== undefined) this.#finishWork(this.#run);
    if (mood === 'willing') this.#startAnew();
  }

  /** Who is willing wants an answer, also when it was looking for a lost seat. */
  #startAnew(): void {
    const run = this.#run;
    if (run === undefined) this.#start();
    else if (run.isWorking && run.seat === undefined) this.#giveUp(run);
  }

  #start(): void {
    const { world, host, random, plan, watch, documents, name } = this.#parts;
    if (this.#run !== undefined || this.#mood === 'going') return;
    if (host.isAsleep) return host.setTimer(host.mono(), () => this.#start());
    const secret = random.bytes(32);
    const session = new SeatSession({
      wish: {
        product: random.pick(plan.products),
        class: this.#class,
        resource: null,
        features: random.chance(0.5) ? ['core'] : [],
        weight: 1,
        version: null,
        released: null,
        holder: { user: name, host: host.name, process: this.#port, application: 'acad' },
      },
      wait: false,
      regain: random.chance(0.5),
      vendorKeys: [plan.vendorKey],
      patience: plan.patience,
      secret,
      nonce: random.bytes(16),
      primitives: swiftPrimitives,
      documents: random.chance(0.5) ? documents : new Map(),
    });
    const clientKey = session.clientKey;
    const storeKey = leaseStoreKey(clientKey);
    const socket = this.#parts.socket;
    const run: Run = {
      session,
      socket,
      clientKey,
      secret,
      storeKey,
      seat: undefined,
      isWorking: false,
    };
    this.#run = run;
    watch.opened(run);
    this.#open(run);
    world.note(`${name} looks for a seat as ${session.leaseId}`);
    this.#step(run, { kind: 'start' });
    if (random.chance(0.1)) world.in(random.between(0, 3000), () => this.#leave(run));
  }

  #open(run: Run): void {
    const { network, host, socket } = this.#parts;
    run.socket = { address: socket.address, port: ++this.#port };
    network.open(run.socket, (flight) => host.receive(() => this.#hear(run, flight)));
  }

  /** Comes from another port from now on, as behind a router that has forgotten it. */
  roam(): void {
    if (this.#run === undefined) return;
    this.#parts.network.close(this.#run.socket);
    this.#open(this.#run);
    this.#parts.world.note(`${this.name} comes from port ${this.#port} now`);
  }

  #hear(run: Run, flight: Flight): void {
    if (run !== this.#run) return;
    this.#parts.world.note(`${this.name} hears ${flightToText(flight)}`);
    lendBytes(flight, (bytes) => this.#step(run, { kind: 'datagram', from: flight.from, bytes }));
  }

  #step(run: Run, event: SeatEvent): void {
    const effects = run.session.step(event, this.#parts.host.moment());
    for (const effect of effects) this.#perform(run, effect);
    if (run.session.isOver && run === this.#run) this.#end();
  }

  #perform(run: Run, effect: SeatEffect): void {
    const { world, network, host, watch } = this.#parts;
    switch (effect.kind) {
      case 'send':
        world.note(`${this.name} sends`, effect.bytes);
        watch.sent(run, effect.bytes);
        return network.send(run.socket, effect.to, effect.bytes);
      case 'ask-around':
        world.note(`${this.name} asks around`, effect.bytes);
        return network.broadcast(run.socket, effect.bytes);
      case 'wake-at': {
        const timer = ++this.#timers;
        return host.setTimer(effect.at, () => {
          if (run === this.#run && timer === this.#timers) this.#step(run, { kind: 'wake' });
        });
      }
      case 'state':
        return this.#tell(run, effect.state);
      default:
        return unreachable(effect);
    }
  }

  #tell(run: Run, state: SeatState): void {
    const { name, world, network, random, plan } = this.#parts;
    world.note(`${name} is told: ${stateToText(state)}`);
    checkTold(name, state);
    if (state.kind === 'lost') this.#losses++;
    if (state.kind === 'lost' || state.kind === 'held' || state.kind === 'failed') {
      this.#outcome = { state, at: world.now };
    }
    if (state.kind === 'lost') {
      run.seat = undefined;
      if (this.#mood === 'willing') world.in(0, () => this.#startAnew());
    }
    if (state.kind !== 'held') return;
    const isFirst = !run.isWorking;
    run.isWorking = true;
    const license = state.licenses[0].license.id;
    run.seat = { license, pool: poolName(license, state.class), storeKey: run.storeKey };
    if (this.#mood === 'busy' && isFirst) {
      if (random.chance(plan.undocked)) {
        network.isolate(this.#parts.socket.address, random.between(0.5, 1.5) * plan.term);
      }
      world.in(random.skewed(100, 2 * plan.work), () => this.#finishWork(run));
    }
  }

  #finishWork(run: Run): void {
    if (run !== this.#run || this.#mood === 'willing') return;
    if (this.#parts.random.chance(this.#parts.plan.crashes)) {
      this.#parts.world.note(`${this.name} crashes`);
      this.#end();
    } else this.#leave(run);
  }

  #leave(run = this.#run): void {
    if (run !== undefined && this.#mood !== 'willing') this.#giveUp(run);
  }

  #giveUp(run: Run): void {
    const { host, world } = this.#parts;
    if (run !== this.#run) return;
    if (host.isAsleep) return host.setTimer(host.mono(), () => this.#giveUp(run));
    world.note(`${this.name} gives up its seat`);
    this.#step(run, { kind: 'release' });
  }

  #end(): void {
    const { world, network, random, plan } = this.#parts;
    if (this.#run !== undefined) network.close(this.#run.socket);
    this.#run = undefined;
    if (this.#mood === 'going') return;
    const pause = this.#mood === 'willing' ? AGAIN_AFTER : random.skewed(10, 2 * plan.away);
    world.in(pause, () => this.#start());
  }
}

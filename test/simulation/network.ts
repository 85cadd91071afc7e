/** The network between hosts: every directed link delays, loses, repeats and reorders as it likes. */

import { type Endpoint, endpointToText } from '../../protocol/endpoint.ts';
import { DEFAULT_PORT } from '../../protocol/limits.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export interface Delay {
  readonly least: number;
  readonly most: number;
}

export interface LinkFaults {
  readonly loss: number;
  readonly duplication: number;
  /** The usual delay towards agents, and back, in milliseconds. */
  readonly there: Delay;
  readonly back: Delay;
  /** The longest delay of the few that take a detour. */
  readonly detour: number;
  readonly detourChance: number;
  /** The share of replies that are the last for a while: late, and then nothing gets through. */
  readonly lastWords: number;
  /** How long nothing gets through then, in milliseconds. */
  readonly silence: Delay;
}

export const CALM: LinkFaults = {
  loss: 0,
  duplication: 0,
  there: { least: 0.05, most: 2 },
  back: { least: 0.05, most: 2 },
  detour: 0,
  detourChance: 0,
  lastWords: 0,
  silence: { least: 0, most: 0 },
};

/** The longest that last words are late, in milliseconds. */
const LAST_WORDS_LATE = 5000;

/** Gives a copy of a datagram to a step, and spoils it afterwards: no step may keep a view of it. */
export const lendBytes = (flight: Flight, step: (bytes: Uint8Array) => void): void => {
  const bytes = flight.bytes.slice();
  step(bytes);
  bytes.fill(0xa5);
};

/** One datagram that was sent, however often it arrives. */
export interface Flight {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
  /** True time. */
  readonly sentAt: number;
  /** How often it has been taken in by a host. */
  arrivals: number;
  /** Something was done because it arrived. */
  done: boolean;
}

export type Hear = (flight: Flight) => void;

/** The fourth byte of what an agent says to a session. */
const REPLY = 5;

const FRAMES = ['?', 'discover', 'offer', 'hello', 'request', 'reply'];

/** What a datagram is called in a trace. */
export const flightToText = ({ from, to, bytes }: Flight): string =>
  `${FRAMES[bytes[3] ?? 0] ?? '?'} (${bytes.length} B) ${endpointToText(from)} → ${endpointToText(to)}`;

export class Network {
  readonly #world: World;
  readonly #random: Random;
  readonly #sockets = new Map<string, Hear>();
  /** Directed pairs of addresses that do not reach each other. */
  readonly #cuts = new Map<string, number>();
  readonly #isolated = new Map<string, number>();
  #faults: LinkFaults;
  /** Sees every datagram that is sent. */
  tap: (flight: Flight) => void = () => {};

  constructor(world: World, random: Random, faults: LinkFaults) {
    this.#world = world;
    this.#random = random;
    this.#faults = faults;
  }

  open(at: Endpoint, hear: Hear): void {
    this.#sockets.set(endpointToText(at), hear);
  }

  close(at: Endpoint): void {
    this.#sockets.delete(endpointToText(at));
  }

  /** Cuts one direction between two addresses for a while. */
  cut(from: string, to: string, length: number): void {
    this.#cuts.set(`${from}>${to}`, this.#world.now + length);
    this.#world.note(`the way from ${from} to ${to} is cut for ${Math.round(length)} ms`);
  }

  /** Takes a host off the network for a while. */
  isolate(address: string, length: number): void {
    this.#isolated.set(address, this.#world.now + length);
    this.#world.note(`${address} is off the network for ${Math.round(length)} ms`);
  }

  /** From now on every datagram arrives once, soon and in order, but for those under way. */
  calm(): void {
    this.#faults = CALM;
    this.#cuts.clear();
    this.#isolated.clear();
  }

  send(from: Endpoint, to: Endpoint, bytes: Uint8Array): void {
    const flight = { from, to, bytes, sentAt: this.#world.now, arrivals: 0, done: false };
    this.tap(flight);
    if (bytes[3] === REPLY && this.#random.chance(this.#faults.lastWords)) this.#fallSilent(flight);
    else this.travel(flight);
  }

  /** A reply that gets through late, as the last thing for a while between these two. */
  #fallSilent(flight: Flight): void {
    const { least, most } = this.#faults.silence;
    const { from, to } = flight;
    if (this.#isCut(flight)) return;
    this.#world.in(this.#random.skewed(1, LAST_WORDS_LATE), () => this.#arrive(flight));
    const length = this.#random.between(least, most);
    this.cut(from.address, to.address, length);
    this.cut(to.address, from.address, length);
  }

  /** To every agent of the site. */
  broadcast(from: Endpoint, bytes: Uint8Array): void {
    const suffix = `:${DEFAULT_PORT}`;
    for (const text of [...this.#sockets.keys()]) {
      if (!text.endsWith(suffix)) continue;
      const address = text.slice(0, -suffix.length);
      this.send(from, { address, port: DEFAULT_PORT }, bytes);
    }
  }

  /** Lets a datagram try its way, for the first time or once more. */
  travel(flight: Flight): void {
    const { loss, duplication } = this.#faults;
    const copies = this.#random.chance(duplication) ? this.#random.whole(2, 3) : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#random.chance(loss) || this.#isCut(flight)) continue;
      this.#world.in(this.#delay(flight.to), () => this.#arrive(flight));
    }
  }

  #isCut({ from, to }: Flight): boolean {
    const until = Math.max(
      this.#cuts.get(`${from.address}>${to.address}`) ?? 0,
      this.#isolated.get(from.address) ?? 0,
      this.#isolated.get(to.address) ?? 0,
    );
    return this.#world.now < until;
  }

  #delay(to: Endpoint): number {
    const { there, back, detour, detourChance } = this.#faults;
    if (this.#random.chance(detourChance)) return this.#random.between(0, detour);
    const { least, most } = to.port === DEFAULT_PORT ? there : back;
    return this.#random.skewed(least, most);
  }

  #arrive(flight: Flight): void {
    this.#sockets.get(endpointToText(flight.to))?.(flight);
  }
}

/**
 * A stranger on the wire. It hears everything, opens nothing, and sends again what it has heard: as
 * it was, damaged, or with an address cookie of its own.
 */

import { type Endpoint, endpointToText } from '../../protocol/endpoint.ts';
import { COOKIE_SIZE } from '../../protocol/limits.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, parseFrame } from '../../protocol/packet.ts';
import { type Flight, flightToText, type Network } from './network.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Datagrams remembered; a new one takes the place of any. */
const MEMORY = 300;
/** A hello of this age, in milliseconds, is of a session that may be forgotten, under a good cookie. */
const OLD = { least: 15_000, most: 115_000 };
const HELLO = 3;
const HEADER = 4;

export class Adversary {
  readonly #world: World;
  readonly #network: Network;
  readonly #random: Random;
  readonly #self: Endpoint = { address: '10.0.9.9', port: 9999 };
  readonly #heard: Flight[] = [];
  /** Hellos in the order of time. */
  readonly #hellos: Flight[] = [];
  /** By agent: the newest cookie for the address of this stranger. */
  readonly #cookies = new Map<string, Uint8Array>();

  constructor(world: World, network: Network, random: Random) {
    this.#world = world;
    this.#network = network;
    this.#random = random;
    network.open(this.#self, (flight) => this.#hear(flight));
  }

  /** Listens in on a datagram that somebody sends. */
  overhear(flight: Flight): void {
    if (flight.from === this.#self) return;
    if (flight.bytes[3] === HELLO && this.#hellos.push(flight) > MEMORY) this.#hellos.shift();
    if (this.#heard.length < MEMORY) this.#heard.push(flight);
    else this.#heard[this.#random.whole(0, MEMORY - 1)] = flight;
  }

  #hear(flight: Flight): void {
    const frame = parseFrame(flight.bytes);
    if (typeof frame === 'string' || frame.kind !== 'offer') return;
    this.#cookies.set(endpointToText(flight.from), frame.offer.cookie);
  }

  /** Sends something again. */
  act(): void {
    const flight = this.#random.chance(0.3) ? this.#oldHello() : this.#random.pick(this.#heard);
    if (flight === undefined) return;
    switch (this.#random.whole(0, 9)) {
      case 0:
        return this.#damage(flight);
      case 1:
      case 2:
      case 3:
        return this.#introduce(flight);
      case 4:
        return this.#askForCookies();
      default:
        this.#world.note(`the stranger repeats ${flightToText(flight)}`);
        this.#network.travel(flight);
    }
  }

  #oldHello(): Flight | undefined {
    const age = ({ sentAt }: Flight): number => this.#world.now - sentAt;
    const old = this.#hellos.filter((one) => age(one) > OLD.least && age(one) < OLD.most);
    return this.#random.pick(old);
  }

  #damage(flight: Flight): void {
    const bytes = flight.bytes.slice(
      0,
      this.#random.chance(0.3) ? this.#random.whole(0, 99) : 9999,
    );
    const at = this.#random.whole(0, Math.max(0, bytes.length - 1));
    bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#random.whole(0, 7));
    this.#world.note(`the stranger damages ${flightToText(flight)}`);
    this.#network.travel({ ...flight, bytes, arrivals: 1 });
  }

  /** Presents somebody else's sealed hello under a cookie that is valid for its own address. */
  #introduce(flight: Flight): void {
    const cookie = this.#cookies.get(endpointToText(flight.to));
    const frame = parseFrame(flight.bytes);
    if (cookie === undefined || typeof frame === 'string' || frame.kind !== 'hello') return;
    const bytes = flight.bytes.slice();
    bytes.set(cookie.subarray(0, COOKIE_SIZE), HEADER);
    this.#world.note(`the stranger presents ${flightToText(flight)}`);
    this.#network.travel({ ...flight, from: this.#self, bytes });
  }

  #askForCookies(): void {
    const nonce = this.#random.bytes(16);
    const discover = buildDiscover({ nonce, versions: SPOKEN, product: null });
    this.#network.broadcast(this.#self, discover);
  }
}

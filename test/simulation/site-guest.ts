/** Somebody who wants a seat of a site's, at whichever of its members, with the library that vendors embed. */

import { leaseStoreKey } from '../../agent/core/seats/lease-record.ts';
import { type MemberId, memberIdOf } from '../../agent/core/site/site-keys.ts';
import type { SeatEffect, SeatEvent, SeatLicenses } from '../../protocol/client/seat-events.ts';
import { SeatSession } from '../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import type { RefusalCode } from '../../protocol/refusal.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import { unreachable } from '../../protocol/result.ts';
import type { EpochSeconds, Seconds } from '../../protocol/units.ts';
import type { Host } from './clocks.ts';
import type { ClientParts } from './errand-run.ts';
import type { Packed } from './luggage.ts';
import { flightToText, lendBytes, type Network } from './network.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { stateToText } from './told.ts';
import type { World } from './world.ts';

export interface SiteGuestParts {
  readonly world: World;
  readonly network: Network;
  readonly random: Random;
  readonly host: Host;
  readonly product: string;
  /** What of the customer's he wants it for. */
  readonly resource: string | null;
  readonly vendorKey: Uint8Array;
  readonly endpoint: Endpoint;
  readonly name: string;
  /** As whom he asks. */
  readonly user: string;
  readonly desk: string;
  readonly weight: number;
  /** Stands in line where there is no seat. */
  readonly isPatient: boolean;
  /** He has a seat from now on, or for longer. */
  readonly onBelief: () => void;
}

/** A seat that was taken along. */
export interface Taken {
  readonly packed: Packed;
  readonly client: ClientParts;
}

export class SiteGuest {
  readonly name: string;
  readonly user: string;
  readonly desk: string;
  readonly weight: number;
  readonly #parts: SiteGuestParts;
  readonly #session: SeatSession;
  #member: MemberId | undefined;
  #timers = 0;
  #isGone = false;
  readonly #wish: SeatWish;
  readonly #secret: Uint8Array;
  #licenses: SeatLicenses | undefined;
  #refusal: RefusalCode | undefined;
  #port = 30_000;
  #packing: { readonly hostCode: Uint8Array; readonly onTaken: (taken: Taken) => void } | undefined;
  #askedAt: EpochSeconds | undefined;

  constructor(parts: SiteGuestParts) {
    const { random, product, resource, vendorKey, name, network, endpoint, host } = parts;
    const { user, desk, weight } = parts;
    this.#parts = parts;
    this.name = name;
    this.user = user;
    this.desk = desk;
    this.weight = weight;
    const holder = { user, host: desk, process: 1, application: 'app' };
    const wish = { product, class: null, resource, features: [], weight, holder };
    this.#wish = { ...wish, version: null, released: null };
    this.#secret = random.bytes(32);
    this.#session = new SeatSession({
      wish: this.#wish,
      wait: parts.isPatient,
      regain: random.chance(0.7),
      vendorKeys: [vendorKey],
      patience: 6000,
      secret: this.#secret,
      nonce: random.bytes(16),
      primitives: swiftPrimitives,
      documents: new Map(),
    });
    network.open(endpoint, (flight) =>
      host.receive(() => {
        if (this.#isGone) return;
        parts.world.note(`${name} hears ${flightToText(flight)}`);
        lendBytes(flight, (bytes) => this.#step({ kind: 'datagram', from: flight.from, bytes }));
      }),
    );
  }

  /** Of which member his seat is, or was last. */
  get member(): MemberId | undefined {
    return this.#member;
  }

  /** Of which license his seat is, or was last. */
  get license(): LicenseId | undefined {
    return this.#licenses?.[0].license.id;
  }

  /** Why he was given no seat in the end. */
  get refusal(): RefusalCode | undefined {
    return this.#refusal;
  }

  /** He asks for nothing more, and believes in nothing. */
  get isGone(): boolean {
    return this.#isGone;
  }

  get believes(): boolean {
    const { until } = this.#session;
    return !this.#isGone && until !== undefined && this.#parts.host.mono() < until;
  }

  come(): void {
    this.#step({ kind: 'start' });
  }

  /** Goes in good order, or without a word. */
  go(isPolite: boolean): void {
    if (isPolite) this.#step({ kind: 'release' });
    else this.#end();
  }

  /** Asks for the seat to be taken along; he is not there any more when it is. */
  pack(duration: Seconds, hostCode: Uint8Array, onTaken: (taken: Taken) => void): void {
    if (!this.believes) return;
    this.#packing = { hostCode, onTaken };
    this.#askedAt = this.#parts.host.moment().wall;
    this.#step({ kind: 'borrow', duration, hostCode });
  }

  #take(token: Uint8Array): void {
    const { world, network, host, random, name, vendorKey, endpoint } = this.#parts;
    const [licenses, packing, askedAt] = [this.#licenses, this.#packing, this.#askedAt];
    if (licenses === undefined || packing === undefined || askedAt === undefined) return;
    const { clientKey, lastNumber } = this.#session;
    const packed = {
      wish: this.#wish,
      token,
      licenses,
      vendorKey,
      hostCode: packing.hostCode,
      secret: this.#secret,
      clientKey,
      storeKey: leaseStoreKey(clientKey),
      lastNumber,
      askedAt,
    };
    const nextSocket = () => ({ address: endpoint.address, port: ++this.#port });
    const watch = { opened: () => {}, sent: () => {} };
    const client = { name, world, network, host, random: random.fork(), watch, nextSocket };
    packing.onTaken({ packed, client });
  }

  #end(): void {
    this.#isGone = true;
    this.#parts.network.close(this.#parts.endpoint);
  }

  #step(event: SeatEvent): void {
    if (this.#isGone) return;
    for (const effect of this.#session.step(event, this.#parts.host.moment()))
      this.#perform(effect);
    if (this.believes) this.#parts.onBelief();
    if (this.#session.isOver) this.#end();
  }

  #perform(effect: SeatEffect): void {
    const { world, network, host, endpoint, name } = this.#parts;
    switch (effect.kind) {
      case 'send':
        world.note(`${name} sends`, effect.bytes);
        return network.send(endpoint, effect.to, effect.bytes);
      case 'ask-around':
        return network.broadcast(endpoint, effect.bytes);
      case 'wake-at': {
        const timer = ++this.#timers;
        return host.setTimer(effect.at, () => {
          if (timer === this.#timers) this.#step({ kind: 'wake' });
        });
      }
      case 'state':
        if (effect.state.kind === 'held') {
          this.#member = memberIdOf(effect.state.agent.key);
          this.#licenses = effect.state.licenses;
        }
        if (effect.state.kind === 'failed' && effect.state.failure.kind === 'refused')
          this.#refusal = effect.state.failure.code;
        if (effect.state.kind === 'borrowed') this.#take(effect.state.token);
        return world.note(`${name} is told: ${stateToText(effect.state)}`);
      default:
        return unreachable(effect);
    }
  }
}

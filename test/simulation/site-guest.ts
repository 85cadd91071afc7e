/** Somebody who wants a seat of a site's, at whichever of its members, with the library that vendors embed. */

import { type MemberId, memberIdOf } from '../../agent/core/site/site-keys.ts';
import type { SeatEffect, SeatEvent } from '../../protocol/client/seat-events.ts';
import { SeatSession } from '../../protocol/client/seat-session.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Host } from './clocks.ts';
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

  constructor(parts: SiteGuestParts) {
    const { random, product, vendorKey, name, user, desk, weight, network, endpoint, host } = parts;
    this.#parts = parts;
    this.name = name;
    this.user = user;
    this.desk = desk;
    this.weight = weight;
    const holder = { user, host: desk, process: 1, application: 'app' };
    const wish = { product, class: null, resource: null, features: [], weight, holder };
    this.#session = new SeatSession({
      wish: { ...wish, version: null, released: null },
      wait: parts.isPatient,
      regain: random.chance(0.7),
      vendorKeys: [vendorKey],
      patience: 6000,
      secret: random.bytes(32),
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
        if (effect.state.kind === 'held') this.#member = memberIdOf(effect.state.agent.key);
        return world.note(`${name} is told: ${stateToText(effect.state)}`);
      default:
        return unreachable(effect);
    }
  }
}

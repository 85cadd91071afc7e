/** One question of an application to one agent, carried by the client library's own errand. */

import {
  Errand,
  type ErrandEffect,
  type ErrandEnd,
  type ErrandEvent,
  type ErrandOptions,
  type Question,
} from '../../protocol/client/errand.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Host } from './clocks.ts';
import { type Flight, flightToText, lendBytes, type Network } from './network.ts';
import type { Random } from './random.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import type { World } from './world.ts';

/** What the watchers need to look into sealed datagrams. */
export interface SessionIdentity {
  readonly clientKey: Uint8Array;
  readonly secret: Uint8Array;
}

export interface ClientWatch {
  readonly opened: (session: SessionIdentity) => void;
  readonly sent: (session: SessionIdentity, bytes: Uint8Array) => void;
}

/** What a program on a client's computer needs. */
export interface ClientParts {
  readonly name: string;
  readonly world: World;
  readonly network: Network;
  readonly host: Host;
  readonly random: Random;
  readonly watch: ClientWatch;
  /** A port of this computer that was not used before. */
  readonly nextSocket: () => Endpoint;
}

type Asked = Pick<ErrandOptions, 'product' | 'agent' | 'patience' | 'secret' | 'sent' | 'lastId'>;

export class ErrandRun {
  readonly #parts: ClientParts;
  readonly #errand: Errand;
  readonly #session: SessionIdentity;
  readonly #socket: Endpoint;
  readonly #onEnd: (end: ErrandEnd) => void;
  #timers = 0;
  #isOver = false;

  /** Asks at once. `onEnd` is called once, unless the run is dropped before. */
  constructor(
    parts: ClientParts,
    asked: Asked,
    question: Question,
    onEnd: (end: ErrandEnd) => void,
  ) {
    const { random, network, host, watch, nextSocket } = parts;
    const { secret } = asked;
    this.#parts = parts;
    this.#onEnd = onEnd;
    this.#errand = new Errand({
      ...asked,
      nonce: random.bytes(16),
      primitives: swiftPrimitives,
    });
    this.#session = { secret, clientKey: swiftPrimitives.agreementKeys(secret).publicKey };
    this.#socket = nextSocket();
    watch.opened(this.#session);
    network.open(this.#socket, (flight) => host.receive(() => this.#hear(flight)));
    this.#step({ kind: 'ask', question });
  }

  /** Its program has been killed. */
  drop(): void {
    this.#isOver = true;
    this.#parts.network.close(this.#socket);
  }

  #hear(flight: Flight): void {
    if (this.#isOver) return;
    this.#parts.world.note(`errand of ${this.#parts.name} hears ${flightToText(flight)}`);
    lendBytes(flight, (bytes) => this.#step({ kind: 'datagram', from: flight.from, bytes }));
  }

  #step(event: ErrandEvent): void {
    if (this.#isOver) return;
    for (const effect of this.#errand.step(event, this.#parts.host.mono())) this.#perform(effect);
  }

  #perform(effect: ErrandEffect): void {
    const { name, world, network, host, watch } = this.#parts;
    switch (effect.kind) {
      case 'send':
        world.note(`errand of ${name} sends`, effect.bytes);
        watch.sent(this.#session, effect.bytes);
        return network.send(this.#socket, effect.to, effect.bytes);
      case 'ask-around':
        return network.broadcast(this.#socket, effect.bytes);
      case 'wake-at': {
        const timer = ++this.#timers;
        return host.setTimer(effect.at, () => {
          if (timer === this.#timers) this.#step({ kind: 'wake' });
        });
      }
      case 'end':
        world.note(`errand of ${name} ends: ${endToText(effect.end)}`);
        this.drop();
        return this.#onEnd(effect.end);
      default:
        return unreachable(effect);
    }
  }
}

const endToText = (end: ErrandEnd): string => {
  if (end.kind === 'answered') return end.reply.kind;
  return end.failure.kind === 'refused' ? end.failure.code : end.failure.kind;
};

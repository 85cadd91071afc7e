/** The agent in mDNS: hears questions, answers after a moment, says when it comes and goes. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { Clock } from '../../protocol/node/clock.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { isOnLink, type Link } from '../../protocol/node/interfaces.ts';
import { MdnsSocket } from '../../protocol/node/mdns-socket.ts';
import type { MdnsQuery, MdnsResponder } from '../core/discovery/mdns-responder.ts';

export interface MdnsDoorOptions {
  readonly interfaces: readonly string[] | null;
  readonly port: number;
  readonly agentKey: Uint8Array;
  readonly clock: Clock;
  readonly responder: MdnsResponder;
}

/** Milliseconds: where several may answer, each waits at random (RFC 6762, section 6). */
const DELAY_MIN_MS = 20;
const DELAY_MAX_MS = 120;
/** Answers that wait for their moment. */
const WAITING_MAX = 32;

export class MdnsDoor {
  readonly #options: MdnsDoorOptions;
  readonly #socket: MdnsSocket;
  readonly #waiting = new Set<NodeJS.Timeout>();

  constructor(options: MdnsDoorOptions) {
    this.#options = options;
    this.#socket = new MdnsSocket({
      interfaces: options.interfaces,
      onDatagram: (bytes, from, links) => this.#hear(bytes, from, links),
    });
  }

  /** Where it is heard: names of interfaces. */
  get links(): readonly string[] {
    return this.#socket.links.map(({ name }) => name);
  }

  /** Hears on interfaces that came since. */
  look(): Promise<void> {
    return this.#socket.look();
  }

  /** Says on every link where the agent is. */
  announce(): void {
    for (const link of this.#socket.links) this.#announceOn(link);
  }

  /** Says so after a moment on the link that an address is of. */
  announceNear(address: string): void {
    for (const link of this.#socket.linksTowards(address)) {
      this.#later(() => this.#announceOn(link));
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#waiting) clearTimeout(timer);
    for (const link of this.#socket.links) {
      this.#socket.tell(link, this.#options.responder.farewell(this.#presence(link)));
    }
    await this.#socket.close();
  }

  #announceOn(link: Link): void {
    const { responder, clock } = this.#options;
    const bytes = responder.announce(link.name, this.#presence(link), clock.now().mono);
    if (bytes !== undefined) this.#socket.tell(link, bytes);
  }

  #presence({ addresses }: Link): MdnsQuery['presence'] {
    const { agentKey, port } = this.#options;
    return { agentKey, port, addresses: addresses.map(({ address }) => address) };
  }

  #hear(bytes: Uint8Array, from: Endpoint, links: readonly Link[]): void {
    const { responder, clock } = this.#options;
    for (const link of links) {
      const query = {
        bytes,
        link: link.name,
        presence: this.#presence(link),
        fromPort: from.port,
        isNear: isOnLink(link, from.address),
      };
      const answer = responder.answer(query, clock.now().mono);
      if (answer === undefined) continue;
      if (answer.to === 'asker') this.#socket.send(from, answer.bytes);
      else if (answer.isShared) this.#later(() => this.#socket.tell(link, answer.bytes));
      else this.#socket.tell(link, answer.bytes);
    }
  }

  #later(tell: () => void): void {
    if (this.#waiting.size >= WAITING_MAX) return;
    const [chance = 0] = systemEntropy(1);
    const delay = DELAY_MIN_MS + (chance / 255) * (DELAY_MAX_MS - DELAY_MIN_MS);
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      tell();
    }, delay);
    this.#waiting.add(timer);
  }
}

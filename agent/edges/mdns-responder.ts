/**
 * Answers multicast DNS: whoever's firewall drops the answer to a broadcast mostly lets that in. It
 * answers to everybody on the link and to nobody else, at most once a second.
 */

import { buildDnsAnswer, DNS_TYPE, readDnsMessage, SERVICE } from '../../protocol/dns-message.ts';
import type { MulticastInterface } from '../../protocol/node/interfaces.ts';
import { MulticastDoor } from '../../protocol/node/multicast-door.ts';

export interface MdnsParts {
  /** The agents' port that is told. */
  readonly port: number;
  /** One label that no other agent on the link has. */
  readonly host: string;
  /** In milliseconds; only differences count. */
  readonly now: () => number;
}

/** RFC 6762, section 6: a record is sent once a second at most. */
const ANSWER_EVERY_MS = 1000;

export class MdnsResponder implements AsyncDisposable {
  readonly #parts: MdnsParts;
  readonly #door: Promise<MulticastDoor>;
  #answeredAt = Number.NEGATIVE_INFINITY;

  /** Never fails: where the port is not to be had, agents are found otherwise. */
  constructor(parts: MdnsParts) {
    this.#parts = parts;
    this.#door = MulticastDoor.open((bytes) => void this.#hear(bytes));
  }

  /** Addresses have changed: there may be another interface. */
  async moved(): Promise<void> {
    (await this.#door).join();
  }

  async close(): Promise<void> {
    await (await this.#door).close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #hear(bytes: Uint8Array): Promise<void> {
    if (!asksForUs(bytes)) return;
    const { now } = this.#parts;
    if (now() - this.#answeredAt < ANSWER_EVERY_MS) return;
    this.#answeredAt = now();
    (await this.#door).send((at) => this.#answer(at));
  }

  #answer({ address, family }: MulticastInterface): Uint8Array {
    const { port, host } = this.#parts;
    const addresses = family === 4 ? [Uint8Array.from(address.split('.'), Number)] : [];
    return buildDnsAnswer({ service: SERVICE, host, port, addresses });
  }
}

const asksForUs = (bytes: Uint8Array): boolean => {
  const message = readDnsMessage(bytes);
  if (message === undefined || message.isResponse) return false;
  return message.questions.some(
    ({ name, type }) => name === SERVICE && (type === DNS_TYPE.ptr || type === DNS_TYPE.any),
  );
};

/** A client's session as load: the library's own sealing, without its patience and timers. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { AgentLink } from '../../protocol/client/agent-link.ts';
import type { KnownAgent } from '../../protocol/client/agent-list.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import type { Holder } from '../../protocol/holder.ts';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { Offer } from '../../protocol/offers.ts';
import { encodeRequest, parseFrame, TAG_SIZE } from '../../protocol/packet.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import { seconds } from '../../protocol/units.ts';

export class BenchSession {
  readonly #link: AgentLink;
  readonly #agent: KnownAgent;
  readonly #holder: Holder;
  #lastId = 0;

  constructor(
    offer: Offer,
    endpoint: Endpoint,
    number: number,
    primitives: Primitives = nativePrimitives,
  ) {
    this.#link = new AgentLink(systemEntropy(KEY_SIZE), primitives);
    this.#agent = { offer, endpoint, epoch: offer.epoch, failure: undefined };
    this.#holder = benchHolder(number);
  }

  /** How replies name this session. */
  get tag(): string {
    return bytesToHex(this.#link.clientKey.subarray(0, TAG_SIZE));
  }

  /** In hexadecimal. */
  get clientKey(): string {
    return bytesToHex(this.#link.clientKey);
  }

  /** A hello that acquires, as the library sends it. */
  acquire(product: string): Uint8Array {
    const wish = {
      product,
      class: null,
      resource: null,
      features: [],
      weight: 1,
      version: null,
      released: null,
      holder: this.#holder,
    };
    return this.#hello({ kind: 'acquire', id: ++this.#lastId, wish, wait: false });
  }

  release(): Uint8Array {
    return this.#hello({ kind: 'release', id: ++this.#lastId });
  }

  renew(): Uint8Array {
    const body = encodeRequest({ kind: 'renew', id: ++this.#lastId, idle: seconds(0) });
    return present(body && this.#link.request(this.#agent, body));
  }

  /** What the agent replied to this session, or `undefined` when it is not a reply to it. */
  open(datagram: Uint8Array): Reply | undefined {
    const frame = parseFrame(datagram);
    if (typeof frame === 'string' || frame.kind !== 'reply') return undefined;
    return this.#link.open(this.#agent, frame);
  }

  #hello(request: Request): Uint8Array {
    const body = encodeRequest(request);
    return present(body && this.#link.hello(this.#agent, body));
  }
}

/** The name of the session that a reply is for. */
export const replyTag = (datagram: Uint8Array): string =>
  bytesToHex(datagram.subarray(4, 4 + TAG_SIZE));

/** A holder as offices have them: names of usual length, no two alike. */
export const benchHolder = (number: number): Holder => ({
  user: `user.name${number}`,
  host: `workstation-${number}.office.example`,
  process: 1000 + (number % 30_000),
  application: 'bench-cad.exe',
});

const present = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new Error('The request could not be sealed.');
  return bytes;
};

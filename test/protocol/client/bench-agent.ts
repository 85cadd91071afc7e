/** An agent on a bench that says what a test tells it to, and hears what it was asked. */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import { nativePrimitives as primitives } from '../../../protocol/node/native-primitives.ts';
import { buildNonce, readNumber } from '../../../protocol/nonce.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import {
  buildOffer,
  buildReply,
  openRequest,
  parseFrame,
  TAG_SIZE,
} from '../../../protocol/packet.ts';
import type { Reply } from '../../../protocol/replies.ts';
import type { Request } from '../../../protocol/requests.ts';
import { deriveSessionKeys, type SessionKeys } from '../../../protocol/seal.ts';

type Answer = Reply | undefined;

export class BenchAgent {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** What it was asked, in order. */
  readonly asked: Request[] = [];
  /** The numbers of the datagrams that it was asked by. */
  readonly numbers: number[] = [];
  epoch: Uint8Array = new Uint8Array(8).fill(1);
  /** What it says; `undefined` for nothing. */
  answer: (request: Request) => Answer = () => undefined;
  free = 1;
  readonly #keys: ReturnType<typeof primitives.agreementKeys>;
  #said = 0;

  constructor(number: number, endpoint?: Endpoint) {
    this.name = `agent-${number}`;
    this.endpoint = endpoint ?? { address: `10.0.0.${number}`, port: 24_711 };
    this.#keys = primitives.agreementKeys(new Uint8Array(32).fill(number));
  }

  get key(): Uint8Array {
    return this.#keys.publicKey;
  }

  /** What it sends back for a datagram. */
  hear(bytes: Uint8Array): Uint8Array | undefined {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') throw new Error(frame);
    if (frame.kind === 'discover') return this.#offer(frame.discover.nonce);
    if (frame.kind !== 'hello') throw new Error(`A ${frame.kind} to an agent.`);
    const keys = this.#keysFor(frame.clientKey);
    const opened = keys && openRequest(frame, keys.request);
    if (keys === undefined || opened?.request === undefined) return undefined;
    const tag = frame.clientKey.subarray(0, TAG_SIZE);
    if (!equalBytes(frame.nonce.subarray(0, 8), this.epoch)) {
      return this.#reply(tag, { kind: 'new-epoch', id: opened.id }, keys);
    }
    this.asked.push(opened.request);
    this.numbers.push(readNumber(frame.nonce) ?? -1);
    const reply = this.answer(opened.request);
    return reply && this.#reply(tag, reply, keys);
  }

  #keysFor(clientKey: Uint8Array): SessionKeys | undefined {
    const ends = {
      ownSecret: this.#keys.secretKey,
      otherKey: clientKey,
      clientKey,
      agentKey: this.key,
    };
    return deriveSessionKeys(ends, primitives);
  }

  #reply(tag: Uint8Array, reply: Reply, keys: SessionKeys): Uint8Array {
    return buildReply(tag, buildNonce(this.epoch, ++this.#said), reply, keys.reply);
  }

  #offer(nonce: Uint8Array): Uint8Array | undefined {
    return buildOffer({
      nonce,
      versions: SPOKEN,
      agentKey: this.key,
      epoch: this.epoch,
      cookie: new Uint8Array(16),
      name: this.name,
      version: '1.0.0',
      products: [{ product: 'acme-cad', free: this.free, total: 1 }],
      more: 0,
    });
  }
}

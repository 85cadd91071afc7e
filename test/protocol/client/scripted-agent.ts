/** An agent that keeps simple books and does in between what a test tells it to. */

import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { Endpoint } from '../../../protocol/endpoint.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { License } from '../../../protocol/license.ts';
import { buildNonce, readNumber } from '../../../protocol/nonce.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import {
  buildOffer,
  buildReply,
  openRequest,
  parseFrame,
  TAG_SIZE,
} from '../../../protocol/packet.ts';
import { makeProof } from '../../../protocol/proof.ts';
import type { Reply, SeatPart, Takeover } from '../../../protocol/replies.ts';
import type { Request } from '../../../protocol/requests.ts';
import { deriveSessionKeys, type SessionKeys } from '../../../protocol/seal.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { signLicense } from '../../../protocol/signed-license.ts';
import { seconds } from '../../../protocol/units.ts';
import { plainLicense } from '../../plain-license.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';

export const PRODUCT = 'acme-cad';

const VENDOR = swiftPrimitives.signingKeys(new Uint8Array(32).fill(1));
export const VENDOR_KEY = VENDOR.publicKey;

/** A signed license; `number` makes its id, `terms` says what is unusual about it. */
export const makeLicense = (
  number: number,
  terms: Partial<License> = {},
  keys = VENDOR,
): Uint8Array => {
  const id = new Uint8Array(16).fill(number);
  return signLicense(plainLicense({ product: PRODUCT, ...terms }), id, keys, swiftPrimitives);
};

/** What a script is asked; it answers with a reply, `undefined` for the usual one, or silence. */
export type Script = (request: Request, agent: ScriptedAgent) => Reply | 'silence' | undefined;

interface Client {
  readonly key: Uint8Array;
  readonly keys: SessionKeys;
  /** Nonces that were used, to be used once only. */
  highest: number;
}

export interface Asked {
  readonly request: Request;
  readonly clientKey: Uint8Array;
}

export class ScriptedAgent {
  endpoint: Endpoint;
  readonly #secret: Uint8Array;
  readonly #agentKey: Uint8Array;
  readonly #clients = new Map<string, Client>();
  /** Who has a seat. */
  readonly leases = new Set<string>();
  /** Everything that was asked. */
  readonly asked: Asked[] = [];
  seats = 1;
  term = 60;
  /** The proof of its license. */
  document = makeProof(makeLicense(1));
  parts: readonly SeatPart[] | undefined;
  /** Said with each grant: it is one of several of a site. */
  takeover: Takeover | undefined;
  script: Script | undefined;
  isSilent = false;
  /** Milliseconds on the site's clock. */
  now: () => number = () => 0;
  /** When each lease was given or renewed last. */
  readonly #heldAt = new Map<string, number>();
  #epoch = 1;
  #sent = 0;

  constructor(number: number) {
    this.endpoint = { address: `10.0.1.${number}`, port: 24_711 };
    this.#secret = new Uint8Array(32).fill(number);
    this.#agentKey = swiftPrimitives.agreementKeys(this.#secret).publicKey;
  }

  get free(): number {
    return this.seats - this.leases.size;
  }

  kinds(): readonly string[] {
    return this.asked.map(({ request }) => request.kind);
  }

  count(kind: Request['kind']): number {
    return this.kinds().filter((one) => one === kind).length;
  }

  last<K extends Request['kind']>(kind: K): Extract<Request, { kind: K }> {
    const found = this.asked.findLast(({ request }) => request.kind === kind);
    if (found === undefined) throw new Error(`nobody asked for ${kind}`);
    return found.request as Extract<Request, { kind: K }>;
  }

  /** Starts anew: leases are stored, all else is forgotten. */
  restart(): void {
    this.#epoch++;
    for (const [name] of this.#clients) if (!this.leases.has(name)) this.#clients.delete(name);
  }

  /** Forgets the leases that were not renewed for longer than a term. */
  lapse(): void {
    for (const name of this.leases) {
      const heldAt = this.#heldAt.get(name) ?? 0;
      if (this.now() > heldAt + 1000 * this.term + 2000) this.leases.delete(name);
    }
  }

  get #epochBytes(): Uint8Array {
    return new Uint8Array(8).fill(this.#epoch);
  }

  /** Takes a datagram and answers, or not. */
  hear(bytes: Uint8Array): Uint8Array | undefined {
    if (this.isSilent) return undefined;
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') throw new Error(`a client said nonsense: ${frame}`);
    if (frame.kind === 'discover') return this.#offer(frame.discover.nonce);
    if (frame.kind !== 'hello' && frame.kind !== 'request') throw new Error(frame.kind);
    return this.#hearSealed(frame);
  }

  #offer(nonce: Uint8Array): Uint8Array | undefined {
    return buildOffer({
      nonce,
      versions: SPOKEN,
      agentKey: this.#agentKey,
      epoch: this.#epochBytes,
      cookie: new Uint8Array(16).fill(this.#epoch),
      name: `agent ${this.endpoint.address}`,
      version: '0',
      products: [{ product: PRODUCT, free: Math.max(0, this.free), total: this.seats }],
      more: 0,
    });
  }

  #hearSealed(frame: Extract<Frame, { kind: 'hello' | 'request' }>): Uint8Array | undefined {
    const name = bytesToHex(frame.clientKey);
    const isCurrent = equalBytes(frame.nonce.subarray(0, 8), this.#epochBytes);
    const known = this.#clients.get(name);
    if (known === undefined && (frame.kind === 'request' || !isCurrent)) return undefined;
    const client = known ?? this.#meet(frame.clientKey.slice());
    const opened = openRequest(frame, client.keys.request);
    if (opened?.request === undefined) throw new Error('a client sealed nonsense');
    if (!isCurrent) return this.#build(client, { kind: 'new-epoch', id: opened.id });
    const number = readNumber(frame.nonce) ?? 0;
    if (number === client.highest) throw new Error('a nonce was used twice');
    client.highest = Math.max(client.highest, number);
    this.#clients.set(name, client);
    this.asked.push({ request: opened.request, clientKey: client.key });
    const said = this.script?.(opened.request, this);
    if (said === 'silence') return undefined;
    return this.#build(client, said ?? this.#answer(opened.request, name));
  }

  #meet(key: Uint8Array): Client {
    const ends = { ownSecret: this.#secret, otherKey: key, clientKey: key };
    const keys = deriveSessionKeys({ ...ends, agentKey: this.#agentKey }, swiftPrimitives);
    if (keys === undefined) throw new Error('a client with an unusable key');
    return { key, keys, highest: 0 };
  }

  #build(client: Client, reply: Reply): Uint8Array {
    const nonce = buildNonce(this.#epochBytes, ++this.#sent);
    return buildReply(client.key.subarray(0, TAG_SIZE), nonce, reply, client.keys.reply);
  }

  knows(clientKey: Uint8Array): boolean {
    return this.#clients.has(bytesToHex(clientKey));
  }

  /** A datagram that nobody asked for, to a client that has spoken before. */
  say(clientKey: Uint8Array, reply: Reply): Uint8Array {
    const client = this.#clients.get(bytesToHex(clientKey));
    if (client === undefined) throw new Error('a stranger');
    return this.#build(client, reply);
  }

  granted(id: number, weight = 1): Reply {
    const document = hashDocument(this.document, swiftPrimitives);
    const parts = this.parts ?? [{ document, pool: 0, seats: weight }];
    const reply = {
      kind: 'granted',
      id,
      term: seconds(this.term),
      overdraft: false,
      parts,
    } as const;
    return this.takeover === undefined ? reply : { ...reply, takeover: this.takeover };
  }

  #answer(request: Request, name: string): Reply {
    const { id } = request;
    const refused = { kind: 'refused', id, inUse: this.leases.size, seats: this.seats } as const;
    switch (request.kind) {
      case 'acquire':
        if (this.free <= 0 && !this.leases.has(name)) return { ...refused, code: 'no-seat' };
        this.leases.add(name);
        this.#heldAt.set(name, this.now());
        return this.granted(id, request.wish.weight);
      case 'renew':
        if (!this.leases.has(name)) return { ...refused, code: 'not-held' };
        this.#heldAt.set(name, this.now());
        return { kind: 'renewed', id, term: seconds(this.term) };
      case 'release':
        this.leases.delete(name);
        return { kind: 'released', id };
      case 'document': {
        const { offset } = request;
        const bytes = this.document.subarray(offset, offset + 300);
        return { kind: 'piece', id, total: this.document.length, offset, bytes };
      }
      case 'probe':
      case 'resources':
      case 'draw':
      case 'borrow':
        return { ...refused, code: 'bad-request' };
    }
  }
}

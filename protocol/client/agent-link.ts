/** A client's sealed conversation with the agents it knows: one key, numbered datagrams. */

import { bytesToHex, equalBytes } from '../bytes.ts';
import type { Frame } from '../frame.ts';
import { EPOCH_SIZE } from '../limits.ts';
import { buildNonce } from '../nonce.ts';
import { buildHello, buildRequest, openReply, TAG_SIZE } from '../packet.ts';
import type { KeyPair, Primitives } from '../primitives.ts';
import type { Reply } from '../replies.ts';
import { deriveSessionKeys, type SessionKeys } from '../seal.ts';
import type { KnownAgent } from './agent-list.ts';

/** Agents whose keys are kept; those of the first are derived anew when it is spoken to again. */
const AGENTS_MAX = 64;

export class AgentLink {
  readonly #keys: KeyPair;
  readonly #primitives: Primitives;
  readonly #derived = new Map<string, SessionKeys>();
  /** The agent spoken to last, for that is the one in nearly every case. */
  #latest: { readonly agentKey: Uint8Array; readonly keys: SessionKeys } | undefined;
  #isClosed = false;
  /** Numbers the datagrams, so that no nonce is used twice under one key. */
  #sent: number;

  /** `secret` is copied. `sent`: datagrams that were numbered before under the same secret, perhaps by another process. */
  constructor(secret: Uint8Array, primitives: Primitives, sent = 0) {
    this.#keys = primitives.agreementKeys(new Uint8Array(secret));
    this.#primitives = primitives;
    this.#sent = sent;
  }

  /** The highest number used. */
  get sent(): number {
    return this.#sent;
  }

  /** The session's name: whoever holds its secret holds the seat. */
  get clientKey(): Uint8Array {
    return this.#keys.publicKey;
  }

  /** A sealed datagram that makes, or makes again, the session; `undefined` for an unusable key. */
  hello(agent: KnownAgent, body: Uint8Array): Uint8Array | undefined {
    const keys = this.#keysFor(agent);
    if (keys === undefined) return undefined;
    return buildHello(agent.offer.cookie, this.clientKey, this.#nonce(agent), body, keys.request);
  }

  /** A sealed datagram of a session that the agent knows. */
  request(agent: KnownAgent, body: Uint8Array): Uint8Array | undefined {
    const keys = this.#keysFor(agent);
    if (keys === undefined) return undefined;
    return buildRequest(this.clientKey, this.#nonce(agent), body, keys.request);
  }

  /** What the agent replied, if the frame is a reply to this session from it. */
  open(agent: KnownAgent, frame: Extract<Frame, { kind: 'reply' }>): Reply | undefined {
    if (!equalBytes(frame.tag, this.clientKey.subarray(0, TAG_SIZE))) return undefined;
    const keys = this.#keysFor(agent);
    return keys === undefined ? undefined : openReply(frame.box, frame.nonce, keys.reply);
  }

  /** Learns the epoch that the agent's own datagram was numbered in. */
  adoptEpoch(agent: KnownAgent, nonce: Uint8Array): void {
    agent.epoch = nonce.slice(0, EPOCH_SIZE);
  }

  /** Overwrites what was secret of the session: nothing is said or understood any more. */
  close(): void {
    this.#isClosed = true;
    this.#keys.secretKey.fill(0);
    for (const keys of this.#derived.values()) wipe(keys);
    this.#derived.clear();
    this.#latest = undefined;
  }

  #nonce(agent: KnownAgent): Uint8Array {
    return buildNonce(agent.epoch, ++this.#sent);
  }

  #keysFor(agent: KnownAgent): SessionKeys | undefined {
    const { agentKey } = agent.offer;
    if (this.#latest?.agentKey === agentKey) return this.#latest.keys;
    const keys = this.#derive(agentKey);
    if (keys !== undefined) this.#latest = { agentKey, keys };
    return keys;
  }

  #derive(agentKey: Uint8Array): SessionKeys | undefined {
    const name = bytesToHex(agentKey);
    const known = this.#derived.get(name);
    if (known !== undefined || this.#isClosed) return known;
    const ends = {
      ownSecret: this.#keys.secretKey,
      otherKey: agentKey,
      clientKey: this.clientKey,
      agentKey,
    };
    const keys = deriveSessionKeys(ends, this.#primitives);
    if (keys !== undefined) this.#keep(name, keys);
    return keys;
  }

  #keep(name: string, keys: SessionKeys): void {
    const [first] = this.#derived;
    if (this.#derived.size >= AGENTS_MAX && first !== undefined) {
      this.#derived.delete(first[0]);
      wipe(first[1]);
    }
    this.#derived.set(name, keys);
  }
}

const wipe = ({ request, reply }: SessionKeys): void => {
  request.fill(0);
  reply.fill(0);
};

/** The keys of every session in the world, with which watchers open what is sealed. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { TAG_SIZE } from '../../protocol/packet.ts';
import { deriveSessionKeys, type SessionKeys } from '../../protocol/seal.ts';
import type { AgentHost } from './agent-host.ts';
import type { SessionIdentity } from './errand-run.ts';
import { swiftPrimitives } from './swift-primitives.ts';

/** How a session is named in replies. */
export const tagOf = (clientKey: Uint8Array): string => bytesToHex(clientKey.subarray(0, TAG_SIZE));

export class SessionKeyRing {
  readonly #sessions = new Map<string, SessionIdentity>();
  readonly #keys = new Map<string, SessionKeys>();

  /** Learns of a session, or of one that is taken up again. */
  add(session: SessionIdentity): void {
    this.#sessions.set(tagOf(session.clientKey), session);
  }

  clientKey(tag: string): Uint8Array {
    return this.#sessions.get(tag)?.clientKey ?? new Uint8Array(0);
  }

  get(host: AgentHost, tag: string): SessionKeys | undefined {
    const name = `${host.name} ${tag}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const session = this.#sessions.get(tag);
    if (session === undefined) return undefined;
    const { secret, clientKey } = session;
    const agentKey = host.publicKey;
    const ends = { ownSecret: secret, otherKey: agentKey, clientKey, agentKey };
    const keys = deriveSessionKeys(ends, swiftPrimitives);
    if (keys !== undefined) this.#keys.set(name, keys);
    return keys;
  }
}

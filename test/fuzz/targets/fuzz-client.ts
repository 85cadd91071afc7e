/** A client that seals whatever it is told to say. */

import type { Effect } from '../../../agent/core/effects.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import { AgentLink } from '../../../protocol/client/agent-link.ts';
import type { KnownAgent } from '../../../protocol/client/agent-list.ts';
import { SPOKEN } from '../../../protocol/offers.ts';
import { buildDiscover, encodeRequest, parseFrame, TAG_SIZE } from '../../../protocol/packet.ts';
import type { Request } from '../../../protocol/requests.ts';
import { acquire, renew } from '../../agent/core/agent-rig.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';
import { promise } from '../target.ts';

/** The longest body that a hello has room for. */
const BODY_MAX = 1100;

export class FuzzClient {
  readonly endpoint: { readonly address: string; readonly port: number };
  readonly #link: AgentLink;
  #known: KnownAgent;

  constructor(number: number) {
    this.endpoint = { address: `10.0.0.${number}`, port: 5000 };
    this.#link = new AgentLink(new Uint8Array(32).fill(100 + number), swiftPrimitives);
    const offer = {
      nonce: new Uint8Array(16),
      versions: SPOKEN,
      agentKey: swiftPrimitives.agreementKeys(new Uint8Array(32).fill(2)).publicKey,
      epoch: new Uint8Array(8),
      cookie: new Uint8Array(16),
      name: '',
      version: '',
      products: [],
      more: 0,
    };
    const rest = { failure: undefined };
    this.#known = { offer, endpoint: this.endpoint, epoch: offer.epoch, ...rest };
  }

  discover(): Uint8Array {
    return buildDiscover({ nonce: new Uint8Array(16), versions: SPOKEN, product: null });
  }

  hello(body: Uint8Array): Uint8Array {
    return this.#link.hello(this.#known, body.slice(0, BODY_MAX)) ?? new Uint8Array();
  }

  request(body: Uint8Array): Uint8Array {
    return this.#link.request(this.#known, body.slice(0, BODY_MAX)) ?? new Uint8Array();
  }

  /** One of the usual requests. */
  ask(which: number, id: number): Uint8Array {
    const requests: readonly Request[] = [
      acquire(id),
      acquire(id, null, { weight: id + 1 }, true),
      renew(id),
      { kind: 'release', id },
      { ...acquire(id), kind: 'probe' } as Request,
      { kind: 'resources', id, product: 'acme-cad', offset: 0 },
    ];
    const body = encodeRequest(requests[which % requests.length] ?? renew(id));
    return body === undefined ? new Uint8Array() : this.hello(body);
  }

  /** Hears what is sent to it. */
  take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'send' || effect.to.address !== this.endpoint.address) continue;
      const frame = parseFrame(effect.bytes);
      if (typeof frame === 'string') throw new Error(`the agent sent what is no frame: ${frame}`);
      if (frame.kind === 'offer') {
        const { offer } = frame;
        this.#known = { ...this.#known, offer, epoch: offer.epoch };
      } else if (frame.kind === 'reply') {
        const isOwn = equalBytes(frame.tag, this.#link.clientKey.subarray(0, TAG_SIZE));
        const isRead = !isOwn || this.#link.open(this.#known, frame) !== undefined;
        promise(isRead, 'its client reads a reply');
      }
    }
  }
}

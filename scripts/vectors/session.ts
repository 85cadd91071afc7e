/** One whole session between the fixed client and a real agent, datagram by datagram. */

import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import type { Effect } from '../../agent/core/effects.ts';
import type { Event } from '../../agent/core/events.ts';
import { armor } from '../../protocol/armor.ts';
import type { Endpoint } from '../../protocol/endpoint.ts';
import type { Frame } from '../../protocol/frame.ts';
import { EPOCH_SIZE } from '../../protocol/limits.ts';
import { pack, unpackPadded, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { buildNonce } from '../../protocol/nonce.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import {
  buildDiscover,
  buildHello,
  buildRequest,
  encodeRequest,
  parseFrame,
} from '../../protocol/packet.ts';
import { makeProof } from '../../protocol/proof.ts';
import type { Request } from '../../protocol/requests.ts';
import { assert } from '../../protocol/result.ts';
import { openSealed } from '../../protocol/seal.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { instant, type Moment, seconds } from '../../protocol/units.ts';
import {
  AGENT_KEYS,
  CLIENT_KEYS,
  fixedBytes,
  ISSUED,
  LICENSE_BYTES,
  SEARCH_NONCE,
  WISH,
} from './fixed.ts';
import { SESSION_KEYS } from './frames.ts';

/** One datagram of the session: its bytes, its parts, and what its body says. */
export interface Exchanged {
  readonly from: 'client' | 'agent';
  readonly frame: Frame;
  readonly bytes: Uint8Array;
  /** The plain body without its padding, as bytes and as the array in it. */
  readonly body: Uint8Array;
  readonly value: Value;
  /** Zero bytes behind the body, sealed with it or not. */
  readonly padding: number;
}

const CLIENT: Endpoint = { address: '192.0.2.7', port: 50_000 };
const SEED = fixedBytes('agent seed', SEED_SIZE);

/** The epoch of the agent in the session. */
export const SESSION_EPOCH: Uint8Array = SEED.slice(0, EPOCH_SIZE);

/** An agent with the fixed license, in a world without a disk: a commit is done when it is asked. */
class World {
  readonly #agent = new Agent({
    name: 'office',
    version: '0.1.0',
    primitives: nativePrimitives,
    secret: AGENT_KEYS.secretKey,
    seed: SEED,
    vendorKeys: null,
  });
  #now = 1000;

  constructor() {
    const host = { verdict: 'physical', score: 0, evidence: [], host: 'physical' } as const;
    this.feed({ kind: 'host-judged', verdict: host });
    const text = armor('license', LICENSE_BYTES, nativePrimitives);
    this.feed({ kind: 'operator', number: 1, operation: { kind: 'license-add', text } });
  }

  /** What the agent sends because of an event. */
  feed(event: Event): readonly Uint8Array[] {
    this.#now += 10;
    const at: Moment = { mono: instant(this.#now), wall: ISSUED };
    return this.#agent.step(event, at).flatMap((effect: Effect) => {
      if (effect.kind === 'send') return [effect.bytes];
      return effect.kind === 'commit'
        ? this.feed({ kind: 'committed', ticket: effect.ticket })
        : [];
    });
  }

  leaseIds(): readonly string[] {
    const operation = { kind: 'seat-list' } as const;
    const at: Moment = { mono: instant(this.#now), wall: ISSUED };
    const [answer] = this.#agent.step({ kind: 'operator', number: 2, operation }, at);
    assert(answer?.kind === 'answer' && answer.outcome.kind === 'seat-list', 'no seat list');
    return answer.outcome.seats.map(({ id }) => id);
  }
}

/** Takes apart what was sent. */
const exchanged = (from: Exchanged['from'], bytes: Uint8Array): Exchanged => {
  const frame = parseFrame(bytes);
  assert(typeof frame !== 'string', `a frame of the session: ${String(frame)}`);
  const plain = plainBody(frame, bytes);
  const value = plain && unpackPadded(plain);
  assert(plain !== undefined && value !== undefined, 'a body of the session');
  const body = pack(value);
  return { from, frame, bytes, body, value, padding: plain.length - body.length };
};

const plainBody = (frame: Frame, bytes: Uint8Array): Uint8Array | undefined => {
  switch (frame.kind) {
    case 'discover':
    case 'offer':
      return bytes.slice(4);
    case 'hello':
      return openSealed(frame.box, frame.nonce, SESSION_KEYS.request, frame.cookie)?.slice();
    case 'request':
      return openSealed(frame.box, frame.nonce, SESSION_KEYS.request)?.slice();
    case 'reply':
      return openSealed(frame.box, frame.nonce, SESSION_KEYS.reply)?.slice();
  }
};

/** Every datagram of the session, in order. */
export const makeSession = (): readonly Exchanged[] => {
  const world = new World();
  const log: Exchanged[] = [];
  let number = 0;
  const exchange = (bytes: Uint8Array): Exchanged | undefined => {
    log.push(exchanged('client', bytes));
    const answers = world.feed({ kind: 'datagram', from: CLIENT, bytes });
    log.push(...answers.map((answer) => exchanged('agent', answer)));
    return log.at(-1);
  };
  const ask = (request: Request, cookie?: Uint8Array): Exchanged | undefined => {
    const nonce = buildNonce(SESSION_EPOCH, ++number);
    const body = encodeRequest(request);
    assert(body !== undefined, 'a request of the session');
    const key = CLIENT_KEYS.publicKey;
    return exchange(
      cookie === undefined
        ? buildRequest(key, nonce, body, SESSION_KEYS.request)
        : buildHello(cookie, key, nonce, body, SESSION_KEYS.request),
    );
  };
  const product = 'acme-cad';
  const offered = exchange(buildDiscover({ nonce: SEARCH_NONCE, versions: SPOKEN, product }));
  assert(offered?.frame.kind === 'offer', 'no offer');
  const wish = { ...WISH, features: ['export'] };
  ask({ kind: 'acquire', id: 1, wish, wait: false }, offered.frame.offer.cookie);
  const hash = hashDocument(makeProof(LICENSE_BYTES), nativePrimitives);
  ask({ kind: 'document', id: 2, hash, offset: 0 });
  ask({ kind: 'renew', id: 3, idle: seconds(0) });
  const [id = ''] = world.leaseIds();
  const disconnect = { kind: 'seat-disconnect', id, force: false } as const;
  const notices = world.feed({ kind: 'operator', number: 3, operation: disconnect });
  log.push(...notices.map((bytes) => exchanged('agent', bytes)));
  ask({ kind: 'release', id: 4 });
  return log;
};

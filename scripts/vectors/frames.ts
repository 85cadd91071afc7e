/** Whole datagrams of every frame, sealed with fixed keys. */

import { bytesToHex, concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import type { FrameFault } from '../../protocol/frame.ts';
import { DATAGRAM_MAX } from '../../protocol/limits.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { buildNonce } from '../../protocol/nonce.ts';
import { type Discover, discoverToValue, type Offer, offerToValue } from '../../protocol/offers.ts';
import {
  buildDiscover,
  buildHello,
  buildOffer,
  buildReply,
  buildRequest,
  encodeRequest,
} from '../../protocol/packet.ts';
import { deriveSessionKeys, type SessionKeys } from '../../protocol/seal.ts';
import { seconds } from '../../protocol/units.ts';
import {
  AGENT_KEYS,
  CLIENT_KEYS,
  COOKIE,
  EPOCH,
  type Json,
  SEARCH_NONCE,
  TERM,
  type VectorFile,
  valueToJson,
} from './fixed.ts';

const deriveFixedKeys = (): SessionKeys => {
  const keys = deriveSessionKeys(
    {
      ownSecret: CLIENT_KEYS.secretKey,
      otherKey: AGENT_KEYS.publicKey,
      clientKey: CLIENT_KEYS.publicKey,
      agentKey: AGENT_KEYS.publicKey,
    },
    nativePrimitives,
  );
  if (keys === undefined) throw new Error('The fixed keys are of small order.');
  return keys;
};

/** The keys of the session between the fixed client and the fixed agent. */
export const SESSION_KEYS: SessionKeys = deriveFixedKeys();

const VERSIONS = { oldest: 1, newest: 1 };

const DISCOVERS: Readonly<Record<string, Discover>> = {
  'discover, one product': { nonce: SEARCH_NONCE, versions: VERSIONS, product: 'acme-cad' },
  'discover, all products': { nonce: SEARCH_NONCE, versions: VERSIONS, product: null },
  'discover, other versions': {
    nonce: SEARCH_NONCE,
    versions: { oldest: 2, newest: 255 },
    product: null,
  },
};

const OFFER: Offer = {
  nonce: SEARCH_NONCE,
  versions: VERSIONS,
  agentKey: AGENT_KEYS.publicKey,
  epoch: EPOCH,
  cookie: COOKIE,
  name: 'office',
  version: '0.1.0',
  products: [{ product: 'acme-cad', free: 5, total: 5 }],
  more: 0,
};

const OFFERS: Readonly<Record<string, Offer>> = {
  'offer, one product': OFFER,
  'offer, nothing to lend': { ...OFFER, products: [] },
  'offer, more than fits': {
    ...OFFER,
    products: Array.from({ length: 18 }, (_, i) => ({
      product: `product ${i} `.padEnd(50, '.'),
      free: 0,
      total: 100_000,
    })),
    more: 46,
  },
};

const built = (name: string, bytes: Uint8Array | undefined): string => {
  if (bytes === undefined) throw new Error(`Does not fit: ${name}`);
  return bytesToHex(bytes);
};

const RENEW = encodeRequest({ kind: 'renew', id: 2, idle: seconds(0) }) ?? new Uint8Array();
const REPLY = { kind: 'renewed', id: 2, term: TERM } as const;
const { publicKey: clientKey } = CLIENT_KEYS;

const sealedVectors = (): readonly Json[] => {
  const nonce = buildNonce(EPOCH, 7);
  const far = buildNonce(EPOCH, Number.MAX_SAFE_INTEGER);
  const parts = { nonce: bytesToHex(nonce), body: bytesToHex(RENEW) };
  const reply = buildReply(clientKey.subarray(0, 8), nonce, REPLY, SESSION_KEYS.reply);
  const tag = bytesToHex(clientKey.subarray(0, 8));
  return [
    {
      name: 'hello',
      kind: 'hello',
      cookie: bytesToHex(COOKIE),
      clientKey: bytesToHex(clientKey),
      ...parts,
      datagram: bytesToHex(buildHello(COOKIE, clientKey, nonce, RENEW, SESSION_KEYS.request)),
    },
    {
      name: 'request',
      kind: 'request',
      clientKey: bytesToHex(clientKey),
      ...parts,
      datagram: bytesToHex(buildRequest(clientKey, nonce, RENEW, SESSION_KEYS.request)),
    },
    {
      name: 'request, the last number',
      kind: 'request',
      clientKey: bytesToHex(clientKey),
      nonce: bytesToHex(far),
      body: bytesToHex(RENEW),
      datagram: bytesToHex(buildRequest(clientKey, far, RENEW, SESSION_KEYS.request)),
    },
    {
      name: 'reply',
      kind: 'reply',
      tag,
      nonce: parts.nonce,
      body: bytesToHex(pack([2, 2, TERM])),
      datagram: bytesToHex(reply),
    },
  ];
};

const HEADER = (version: number, type: number): Uint8Array =>
  concatBytes(utf8ToBytes('US'), new Uint8Array([version, type]));

const discoverOf = (value: Value): Uint8Array => {
  const datagram = new Uint8Array(DATAGRAM_MAX);
  datagram.set(concatBytes(HEADER(0, 1), pack(value)));
  return datagram;
};

const offerOf = (value: Value): Uint8Array => concatBytes(HEADER(0, 2), pack(value));

/** A copy with one byte changed. */
const changed = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

const faults = (): readonly (readonly [string, Uint8Array, FrameFault])[] => {
  const discover = buildDiscover({ nonce: SEARCH_NONCE, versions: VERSIONS, product: null });
  const request = buildRequest(clientKey, buildNonce(EPOCH, 1), RENEW, SESSION_KEYS.request);
  const hello = buildHello(COOKIE, clientKey, buildNonce(EPOCH, 1), RENEW, SESSION_KEYS.request);
  const [nonce, oldest, newest] = [SEARCH_NONCE, 1, 1];
  const offer = offerToValue(OFFER) as readonly Value[];
  return [
    ['nothing at all', new Uint8Array(0), 'wrong-size'],
    ['three bytes', request.slice(0, 3), 'wrong-size'],
    ['1,185 bytes', concatBytes(discover, new Uint8Array(1)), 'wrong-size'],
    ['another magic', changed(request, 0), 'not-usher'],
    ['another magic, second byte', changed(request, 1), 'not-usher'],
    ['request of version 0', changed(request, 2), 'other-version'],
    ['discover of version 1', changed(discover, 2), 'other-version'],
    ['frame type 0', HEADER(1, 0), 'unknown-frame'],
    ['frame type 6', HEADER(1, 6), 'unknown-frame'],
    ['discover one byte short', discover.slice(0, -1), 'wrong-size'],
    ['request with a box too small', request.slice(0, -1), 'wrong-size'],
    ['hello with a box too small', hello.slice(0, -1), 'wrong-size'],
    ['reply of 43 bytes', concatBytes(HEADER(1, 5), new Uint8Array(39)), 'wrong-size'],
    ['discover with padding that is not zero', changed(discover, 1183), 'malformed'],
    ['discover with a short nonce', discoverOf([nonce.slice(1), 1, 1, null]), 'malformed'],
    ['discover of version 256', discoverOf([nonce, oldest, 256, null]), 'malformed'],
    ['discover of an empty product', discoverOf([nonce, oldest, newest, '']), 'malformed'],
    ['discover without a product', discoverOf([nonce, oldest, newest]), 'malformed'],
    ['discover that is no array', discoverOf('discover'), 'malformed'],
    ['offer without a body', HEADER(0, 2), 'malformed'],
    ['offer without its last field', offerOf(offer.slice(0, -1)), 'malformed'],
    ['offer with a short cookie', offerOf(offer.with(5, COOKIE.slice(1))), 'malformed'],
    ['offer with a name of 65', offerOf(offer.with(6, 'n'.repeat(65))), 'malformed'],
    ['offer with half a product', offerOf(offer.with(8, [['acme-cad', 5]])), 'malformed'],
  ];
};

/** Frames that are well formed but do not open with the session's keys. */
const unsealed = (): readonly Json[] => {
  const nonce = buildNonce(EPOCH, 9);
  const request = buildRequest(clientKey, nonce, RENEW, SESSION_KEYS.request);
  const hello = buildHello(COOKIE, clientKey, nonce, RENEW, SESSION_KEYS.request);
  const wrongKey = buildRequest(clientKey, nonce, RENEW, SESSION_KEYS.reply);
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['a nonce byte changed', changed(request, 51)],
    ['a byte of the tag changed', changed(request, 52)],
    ['a sealed byte changed', changed(request, 99)],
    ['sealed with the key of replies', wrongKey],
    ['hello under another cookie', changed(hello, 4)],
  ];
  return cases.map(([reason, bytes]) => ({
    reason,
    fault: 'not-sealed',
    datagram: bytesToHex(bytes),
  }));
};

/** `frames.json`. */
export const frameVectors = (): VectorFile => ({
  about:
    'Whole datagrams. Sealed ones are of the session in keys.json. "fault" is why one is dropped.',
  valid: [
    ...Object.entries(DISCOVERS).map(([name, discover]) => ({
      name,
      kind: 'discover',
      fields: valueToJson(discoverToValue(discover)),
      datagram: built(name, buildDiscover(discover)),
    })),
    ...Object.entries(OFFERS).map(([name, offer]) => ({
      name,
      kind: 'offer',
      fields: valueToJson(offerToValue(offer)),
      datagram: built(name, buildOffer(offer)),
    })),
    {
      name: 'offer of a later minor version, padded',
      kind: 'offer',
      fields: valueToJson([...(offerToValue(OFFER) as readonly Value[]), 'later']),
      datagram: `${bytesToHex(offerOf([...(offerToValue(OFFER) as readonly Value[]), 'later']))}0000`,
    },
    ...sealedVectors(),
  ],
  invalid: [
    ...faults().map(([reason, bytes, fault]) => ({ reason, fault, datagram: bytesToHex(bytes) })),
    ...unsealed(),
  ],
});

/** What every vector is made from: fixed keys and random bytes, and how values look in JSON. */

import { bytesToHex, concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import type { Holder } from '../../protocol/holder.ts';
import { makeHostCode } from '../../protocol/host-code.ts';
import { GENERIC_CLASS, type License, type PoolGrant } from '../../protocol/license.ts';
import { unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../protocol/units.ts';

/** Anything that can stand in a vector file. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** One file of test/vectors. */
export interface VectorFile {
  readonly about: string;
  readonly valid: readonly Json[];
  readonly invalid: readonly Json[];
}

/**
 * Bytes that say what they are for: `SHA-512("usher vectors: " name)`, cut to size; what is longer
 * goes on with that of `name " 1"`, and so on.
 */
export const fixedBytes = (name: string, size: number): Uint8Array => {
  const hashOf = (one: string): Uint8Array =>
    nativePrimitives.sha512(utf8ToBytes(`usher vectors: ${one}`));
  let bytes = hashOf(name);
  for (let i = 1; bytes.length < size; i++) bytes = concatBytes(bytes, hashOf(`${name} ${i}`));
  return bytes.slice(0, size);
};

/** A value with its binary parts as `{ "hex": … }`. */
export const valueToJson = (value: Value): Json => {
  if (value instanceof Uint8Array) return { hex: bytesToHex(value) };
  if (value !== null && typeof value === 'object') return value.map(valueToJson);
  return value;
};

/** The items of a packed array. */
export const itemsOf = (bytes: Uint8Array): readonly Value[] => {
  const value = unpack(bytes);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    throw new Error('Not an array.');
  }
  return value;
};

/** The keys, random bytes and texts of every vector. */
export const VENDOR_KEYS = nativePrimitives.signingKeys(fixedBytes('vendor seed', 32));
export const AGENT_KEYS = nativePrimitives.agreementKeys(fixedBytes('agent secret', 32));
export const CLIENT_KEYS = nativePrimitives.agreementKeys(fixedBytes('client secret', 32));
export const LICENSE_ID = fixedBytes('license id', 16);
export const EPOCH = fixedBytes('epoch', 8);
export const COOKIE = fixedBytes('cookie', 16);
export const SEARCH_NONCE = fixedBytes('search nonce', 16);
export const DRAW_ID = fixedBytes('draw id', 16);
/** The hash of some document. */
export const HASH = fixedBytes('document hash', 32);
/** The host code of a computer with two parts. */
export const HOST_CODE = makeHostCode(
  [
    { kind: 'machine-id', value: '0123456789abcdef0123456789abcdef' },
    { kind: 'mac', value: '00:53:00:00:00:01' },
  ],
  nativePrimitives.sha512,
);

export const HOLDER: Holder = {
  user: 'mira',
  host: 'ws-17',
  process: 4711,
  application: 'Acme CAD 9',
};

/** What the client of most vectors asks for. */
export const WISH: SeatWish = {
  product: 'acme-cad',
  class: null,
  resource: null,
  features: [],
  weight: 1,
  version: null,
  released: null,
  holder: HOLDER,
};

/** Seats without anything special. */
export const poolOf = (seats: number, name: string = GENERIC_CLASS): PoolGrant => ({
  class: name,
  seats,
  overdraft: 0,
  stages: [],
});

/** 2026-01-01T00:00:00Z. */
export const ISSUED: EpochSeconds = epochSeconds(1_767_225_600);
export const TERM: Seconds = seconds(600);

/** The license of most vectors, and its document. */
export const LICENSE: Omit<License, 'id'> = {
  type: 'floating',
  product: 'acme-cad',
  customer: 'Example Ltd',
  issued: ISSUED,
  starts: ISSUED,
  expires: epochSeconds(ISSUED + 365 * 86_400),
  trial: null,
  term: TERM,
  pools: [poolOf(2, 'developer'), poolOf(3)],
  counting: 'process',
  features: ['export', 'render'],
  versions: { oldest: null, newest: null },
  maintenance: null,
  resource: null,
  meters: [],
  borrow: null,
  supersedes: [],
  activation: null,
  hosts: { virtual: 'refuse', container: 'host', unknown: 'allow' },
  hostCode: null,
  children: null,
};

export const LICENSE_BYTES: Uint8Array = signLicense(
  LICENSE,
  LICENSE_ID,
  VENDOR_KEYS,
  nativePrimitives,
);

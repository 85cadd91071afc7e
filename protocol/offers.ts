/** Finding each other: what a client asks into the network and what an agent answers, in the clear. */

import { Fields } from './fields.ts';
import { COOKIE_SIZE, EPOCH_SIZE, KEY_SIZE, NAME_MAX, NONCE_SIZE } from './limits.ts';
import type { Value } from './msgpack.ts';

/** The protocol versions somebody speaks, oldest and newest major. */
export interface VersionRange {
  readonly oldest: number;
  readonly newest: number;
}

/** The major version spoken here; the minor grows when fields are appended. */
export const PROTOCOL = { major: 1, minor: 1 } as const;
export const SPOKEN: VersionRange = { oldest: PROTOCOL.major, newest: PROTOCOL.major };

/** Whether somebody who speaks `theirs` and we have a major version in common. */
export const sharesVersion = (theirs: VersionRange): boolean =>
  theirs.oldest <= SPOKEN.newest && theirs.newest >= SPOKEN.oldest;

/** Client to everybody, in the clear: who lends seats here? */
export interface Discover {
  /** Echoed by the offer, so that a recorded one is not taken for an answer. */
  readonly nonce: Uint8Array;
  readonly versions: VersionRange;
  /** Name only this product's seats; `null` for all. */
  readonly product: string | null;
}

export interface OfferedProduct {
  readonly product: string;
  readonly free: number;
  readonly total: number;
}

/** Agent to the asker, in the clear and unsigned: proof comes with the session. */
export interface Offer {
  readonly nonce: Uint8Array;
  readonly versions: VersionRange;
  /** The agent's X25519 key: its identity and one half of every session key. */
  readonly agentKey: Uint8Array;
  /** Changes whenever the agent starts; the first half of every request's nonce. */
  readonly epoch: Uint8Array;
  /** Proves the asker's address when it comes back in a hello, for a minute at least. */
  readonly cookie: Uint8Array;
  readonly name: string;
  readonly version: string;
  readonly products: readonly OfferedProduct[];
  /** Products that did not fit. */
  readonly more: number;
}

export const discoverToValue = (discover: Discover): Value => [
  discover.nonce,
  discover.versions.oldest,
  discover.versions.newest,
  discover.product,
];

export const parseDiscover = (value: Value | undefined): Discover | undefined => {
  const fields = new Fields(value);
  const discover = {
    nonce: fields.bytes(NONCE_SIZE),
    versions: { oldest: fields.uint(255), newest: fields.uint(255) },
    product: fields.optional((field) => field.text(NAME_MAX, 1)),
  };
  return fields.valid ? discover : undefined;
};

export const offerToValue = (offer: Offer): Value => [
  offer.nonce,
  offer.versions.oldest,
  offer.versions.newest,
  offer.agentKey,
  offer.epoch,
  offer.cookie,
  offer.name,
  offer.version,
  offer.products.map((product) => [product.product, product.free, product.total]),
  offer.more,
];

const readProduct = (fields: Fields): OfferedProduct =>
  fields.nested((product) => ({
    product: product.text(NAME_MAX, 1),
    free: product.uint(),
    total: product.uint(),
  }));

export const parseOffer = (value: Value | undefined): Offer | undefined => {
  const fields = new Fields(value);
  const offer = {
    nonce: fields.bytes(NONCE_SIZE),
    versions: { oldest: fields.uint(255), newest: fields.uint(255) },
    agentKey: fields.bytes(KEY_SIZE),
    epoch: fields.bytes(EPOCH_SIZE),
    cookie: fields.bytes(COOKIE_SIZE),
    name: fields.text(NAME_MAX),
    version: fields.text(NAME_MAX),
    products: fields.list(256, readProduct),
    more: fields.uint(),
  };
  return fields.valid ? offer : undefined;
};

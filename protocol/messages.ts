/** What client and agent say to each other inside a frame, as closed unions and as arrays. */

import { Fields } from './fields.ts';
import {
  COOKIE_SIZE,
  EPOCH_SIZE,
  FEATURES_MAX,
  HASH_SIZE,
  KEY_SIZE,
  NAME_MAX,
  NONCE_SIZE,
  PIECE_MAX,
  TERM_MAX,
  TEXT_MAX,
} from './limits.ts';
import type { Value } from './msgpack.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from './refusal.ts';
import { type Seconds, seconds } from './units.ts';

/** The protocol versions somebody speaks, oldest and newest major. */
export interface VersionRange {
  readonly oldest: number;
  readonly newest: number;
}

/** The major version spoken here; the minor grows when fields are appended. */
export const PROTOCOL = { major: 1, minor: 0 } as const;
export const SPOKEN: VersionRange = { oldest: PROTOCOL.major, newest: PROTOCOL.major };

/** Whether somebody who speaks `theirs` and we have a major version in common. */
export const sharesVersion = (theirs: VersionRange): boolean =>
  theirs.oldest <= SPOKEN.newest && theirs.newest >= SPOKEN.oldest;

/** Who asks for a seat, as the client says; shown to administrators, never trusted. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly process: number;
  readonly application: string;
}

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

export type Request =
  | {
      readonly kind: 'acquire';
      readonly id: number;
      readonly product: string;
      readonly class: string | null;
      readonly features: readonly string[];
      readonly holder: Holder;
    }
  | { readonly kind: 'renew'; readonly id: number }
  | { readonly kind: 'release'; readonly id: number }
  | {
      readonly kind: 'document';
      readonly id: number;
      readonly hash: Uint8Array;
      readonly offset: number;
    };

export type Reply =
  | {
      readonly kind: 'granted';
      readonly id: number;
      readonly term: Seconds;
      readonly class: string;
      /** The license document that this seat is of, by hash: fetch and check it once. */
      readonly document: Uint8Array;
    }
  | { readonly kind: 'renewed'; readonly id: number; readonly term: Seconds }
  | { readonly kind: 'released'; readonly id: number }
  | {
      readonly kind: 'piece';
      readonly id: number;
      readonly total: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'refused';
      readonly id: number;
      readonly code: RefusalCode;
      readonly inUse: number;
      readonly seats: number;
    }
  /** Said in the agent's new epoch: number the request anew from that epoch and ask again. */
  | { readonly kind: 'new-epoch'; readonly id: number };

/** Message numbers on the wire, append-only. */
const REQUEST = { acquire: 1, renew: 2, release: 3, document: 4 } as const;
const REPLY = {
  granted: 1,
  renewed: 2,
  released: 3,
  piece: 4,
  refused: 5,
  'new-epoch': 6,
} as const;

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

export const requestToValue = (request: Request): Value => {
  switch (request.kind) {
    case 'acquire':
      return [
        REQUEST.acquire,
        request.id,
        request.product,
        request.class,
        request.features,
        holderToValue(request.holder),
      ];
    case 'renew':
    case 'release':
      return [REQUEST[request.kind], request.id];
    case 'document':
      return [REQUEST.document, request.id, request.hash, request.offset];
  }
};

export const holderToValue = (holder: Holder): Value => [
  holder.user,
  holder.host,
  holder.process,
  holder.application,
];

export const readHolder = (fields: Fields): Holder =>
  fields.nested((holder) => ({
    user: holder.text(TEXT_MAX),
    host: holder.text(TEXT_MAX),
    process: holder.uint(),
    application: holder.text(TEXT_MAX),
  }));

const readRequest = (number: number, id: number, fields: Fields): Request | undefined => {
  switch (number) {
    case REQUEST.acquire:
      return {
        kind: 'acquire',
        id,
        product: fields.text(NAME_MAX, 1),
        class: fields.optional((field) => field.text(NAME_MAX, 1)),
        features: fields.list(FEATURES_MAX, (field) => field.text(NAME_MAX, 1)),
        holder: readHolder(fields),
      };
    case REQUEST.renew:
      return { kind: 'renew', id };
    case REQUEST.release:
      return { kind: 'release', id };
    case REQUEST.document:
      return { kind: 'document', id, hash: fields.bytes(HASH_SIZE), offset: fields.uint() };
    default:
      return undefined;
  }
};

/** The request, or its id alone when it came from a client that knows more than we do. */
export const parseRequest = (
  value: Value | undefined,
): { readonly id: number; readonly request: Request | undefined } | undefined => {
  const fields = new Fields(value);
  const number = fields.uint();
  const id = fields.uint();
  if (!fields.valid) return undefined;
  const request = readRequest(number, id, fields);
  return { id, request: fields.valid ? request : undefined };
};

export const replyToValue = (reply: Reply): Value => {
  switch (reply.kind) {
    case 'granted':
      return [REPLY.granted, reply.id, reply.term, reply.class, reply.document];
    case 'renewed':
      return [REPLY.renewed, reply.id, reply.term];
    case 'released':
    case 'new-epoch':
      return [REPLY[reply.kind], reply.id];
    case 'piece':
      return [REPLY.piece, reply.id, reply.total, reply.offset, reply.bytes];
    case 'refused':
      return [REPLY.refused, reply.id, REFUSALS[reply.code].number, reply.inUse, reply.seats];
  }
};

const readTerm = (fields: Fields): Seconds => seconds(fields.uint(TERM_MAX));

const readReply = (number: number, id: number, fields: Fields): Reply | undefined => {
  switch (number) {
    case REPLY.granted:
      return {
        kind: 'granted',
        id,
        term: readTerm(fields),
        class: fields.text(NAME_MAX),
        document: fields.bytes(HASH_SIZE),
      };
    case REPLY.renewed:
      return { kind: 'renewed', id, term: readTerm(fields) };
    case REPLY.released:
      return { kind: 'released', id };
    case REPLY.piece:
      return {
        kind: 'piece',
        id,
        total: fields.uint(),
        offset: fields.uint(),
        bytes: fields.bytesUpTo(PIECE_MAX),
      };
    case REPLY.refused:
      return {
        kind: 'refused',
        id,
        code: refusalByNumber(fields.uint()),
        inUse: fields.uint(),
        seats: fields.uint(),
      };
    case REPLY['new-epoch']:
      return { kind: 'new-epoch', id };
    default:
      return undefined;
  }
};

export const parseReply = (value: Value | undefined): Reply | undefined => {
  const fields = new Fields(value);
  const number = fields.uint();
  const id = fields.uint();
  const reply = readReply(number, id, fields);
  return fields.valid ? reply : undefined;
};

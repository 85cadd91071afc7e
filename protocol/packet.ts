/**
 * Frames: bytes ⇄ one datagram's parts. Reading checks the cheapest things first and trusts
 * nothing; what is sealed stays sealed here. Layouts are in protocol/README.md, section "Frames".
 */

import { cutBytes } from './bytes.ts';
import type { Frame, FrameFault } from './frame.ts';
import {
  COOKIE_SIZE,
  DATAGRAM_MAX,
  DISCOVER_SIZE,
  KEY_SIZE,
  NONCE_SIZE,
  PIECE_MAX,
  SMALL_BODY_SIZE,
} from './limits.ts';
import { packInto, unpackPadded } from './msgpack.ts';
import {
  type Discover,
  discoverToValue,
  type Offer,
  offerToValue,
  PROTOCOL,
  parseDiscover,
  parseOffer,
} from './offers.ts';
import { parseReply, type Reply, replyToValue } from './replies.ts';
import { parseRequest, type Request, requestToValue } from './requests.ts';
import { assert } from './result.ts';
import {
  openedText,
  openSealed,
  openWithin,
  SEAL_OVERHEAD,
  sealInPlace,
  writeSealed,
} from './seal.ts';

/** `"US"`, the major version, the frame's type. */
const HEADER_SIZE = 4;
const MAGIC_0 = 0x55;
const MAGIC_1 = 0x53;
/** Discover and offer never change, so that any two versions can find out what they share. */
const NEGOTIATION_VERSION = 0;

export const FRAME = { discover: 1, offer: 2, hello: 3, request: 4, reply: 5 } as const;

/** How many bytes of the client's key name its session in a reply. */
export const TAG_SIZE = 8;

const HELLO_HEAD = HEADER_SIZE + COOKIE_SIZE + KEY_SIZE + NONCE_SIZE;
const REQUEST_HEAD = HEADER_SIZE + KEY_SIZE + NONCE_SIZE;
const REPLY_HEAD = HEADER_SIZE + TAG_SIZE + NONCE_SIZE;

/** Takes a datagram apart. The parts are views into `bytes`. */
export const parseFrame = (bytes: Uint8Array): Frame | FrameFault => {
  if (bytes.length < HEADER_SIZE || bytes.length > DATAGRAM_MAX) return 'wrong-size';
  if (bytes[0] !== MAGIC_0 || bytes[1] !== MAGIC_1) return 'not-usher';
  const type = bytes[3];
  const negotiates = type === FRAME.discover || type === FRAME.offer;
  if (bytes[2] !== (negotiates ? NEGOTIATION_VERSION : PROTOCOL.major)) return 'other-version';
  switch (type) {
    case FRAME.request:
      return parseRequestFrame(bytes);
    case FRAME.reply:
      return parseReplyFrame(bytes);
    case FRAME.hello:
      return parseHelloFrame(bytes);
    case FRAME.discover: {
      if (bytes.length !== DISCOVER_SIZE) return 'wrong-size';
      const discover = parseDiscover(unpackPadded(bytes.subarray(HEADER_SIZE)));
      return discover === undefined ? 'malformed' : { kind: 'discover', discover };
    }
    case FRAME.offer: {
      const offer = parseOffer(unpackPadded(bytes.subarray(HEADER_SIZE)));
      return offer === undefined ? 'malformed' : { kind: 'offer', offer };
    }
    default:
      return 'unknown-frame';
  }
};

const parseRequestFrame = (bytes: Uint8Array): Frame | FrameFault => {
  if (bytes.length < REQUEST_HEAD + SEAL_OVERHEAD + SMALL_BODY_SIZE) return 'wrong-size';
  return {
    kind: 'request',
    clientKey: bytes.subarray(HEADER_SIZE, HEADER_SIZE + KEY_SIZE),
    nonce: bytes.subarray(HEADER_SIZE + KEY_SIZE, REQUEST_HEAD),
    box: bytes.subarray(REQUEST_HEAD),
  };
};

const parseReplyFrame = (bytes: Uint8Array): Frame | FrameFault => {
  if (bytes.length < REPLY_HEAD + SEAL_OVERHEAD) return 'wrong-size';
  return {
    kind: 'reply',
    tag: bytes.subarray(HEADER_SIZE, HEADER_SIZE + TAG_SIZE),
    nonce: bytes.subarray(HEADER_SIZE + TAG_SIZE, REPLY_HEAD),
    box: bytes.subarray(REPLY_HEAD),
  };
};

const parseHelloFrame = (bytes: Uint8Array): Frame | FrameFault => {
  if (bytes.length < HELLO_HEAD + SEAL_OVERHEAD + SMALL_BODY_SIZE) return 'wrong-size';
  const keyAt = HEADER_SIZE + COOKIE_SIZE;
  return {
    kind: 'hello',
    cookie: bytes.subarray(HEADER_SIZE, keyAt),
    clientKey: bytes.subarray(keyAt, keyAt + KEY_SIZE),
    nonce: bytes.subarray(keyAt + KEY_SIZE, HELLO_HEAD),
    box: bytes.subarray(HELLO_HEAD),
  };
};

/** Room for the longest message that limits.ts allows, before it is found not to fit a datagram. */
const scratch = new Uint8Array(16 * DATAGRAM_MAX);

const writeHeader = (target: Uint8Array, version: number, type: number): void => {
  target[0] = MAGIC_0;
  target[1] = MAGIC_1;
  target[2] = version;
  target[3] = type;
};

/** A discover, padded to its one size. */
export const buildDiscover = (discover: Discover): Uint8Array => {
  const datagram = new Uint8Array(DISCOVER_SIZE);
  writeHeader(datagram, NEGOTIATION_VERSION, FRAME.discover);
  packInto(discoverToValue(discover), datagram, HEADER_SIZE);
  return datagram;
};

/** An offer, or `undefined` when it names more products than fit. */
export const buildOffer = (offer: Offer): Uint8Array | undefined => {
  const end = packInto(offerToValue(offer), scratch, HEADER_SIZE);
  if (end > DATAGRAM_MAX) return undefined;
  writeHeader(scratch, NEGOTIATION_VERSION, FRAME.offer);
  return scratch.slice(0, end);
};

/** Bodies are padded so that no reply can be longer than its request. */
const PARTS_BODY_SIZE = 416;
const PIECE_BODY_SIZE = PIECE_MAX + 32;

const leastBodySize = (request: Request): number => {
  switch (request.kind) {
    case 'acquire':
    case 'probe':
    case 'draw':
      return PARTS_BODY_SIZE;
    case 'document':
    case 'resources':
    case 'borrow':
      return PIECE_BODY_SIZE;
    case 'renew':
    case 'release':
      return SMALL_BODY_SIZE;
  }
};

/**
 * A request's plain bytes, padded; `undefined` when a text or list in it is beyond its bounds or the
 * whole is too long for a datagram.
 */
export const encodeRequest = (request: Request): Uint8Array | undefined => {
  const value = requestToValue(request);
  // What no agent would read is not sent: many requests carry what applications made up.
  const isPlain = request.kind === 'renew' || request.kind === 'release';
  if (!isPlain && parseRequest(value)?.request === undefined) return undefined;
  const end = packInto(value, scratch, 0);
  const size = Math.max(end, leastBodySize(request));
  if (size > DATAGRAM_MAX - HELLO_HEAD - SEAL_OVERHEAD) return undefined;
  scratch.fill(0, end, size);
  return scratch.slice(0, size);
};

/** A sealed request for an agent that knows the session. */
export const buildRequest = (
  clientKey: Uint8Array,
  nonce: Uint8Array,
  body: Uint8Array,
  key: Uint8Array,
): Uint8Array => {
  const datagram = new Uint8Array(REQUEST_HEAD + SEAL_OVERHEAD + body.length);
  writeHeader(datagram, PROTOCOL.major, FRAME.request);
  datagram.set(clientKey, HEADER_SIZE);
  writeSealed(datagram, REQUEST_HEAD - NONCE_SIZE, nonce, body, key);
  return datagram;
};

/**
 * A sealed request with the cookie that lets the agent make, or make again, the session. The seal is
 * bound to the cookie, so that a stranger cannot present a recorded hello under a cookie of its own.
 */
export const buildHello = (
  cookie: Uint8Array,
  clientKey: Uint8Array,
  nonce: Uint8Array,
  body: Uint8Array,
  key: Uint8Array,
): Uint8Array => {
  const datagram = new Uint8Array(HELLO_HEAD + SEAL_OVERHEAD + body.length);
  writeHeader(datagram, PROTOCOL.major, FRAME.hello);
  datagram.set(cookie, HEADER_SIZE);
  datagram.set(clientKey, HEADER_SIZE + COOKIE_SIZE);
  writeSealed(datagram, HELLO_HEAD - NONCE_SIZE, nonce, body, key, cookie);
  return datagram;
};

/** A sealed reply. `tag` begins as the client's key does. */
export const buildReply = (
  tag: Uint8Array,
  nonce: Uint8Array,
  reply: Reply,
  key: Uint8Array,
): Uint8Array => {
  const bodySize = packInto(replyToValue(reply), scratch, 0);
  const bodyAt = REPLY_HEAD + SEAL_OVERHEAD;
  const datagram = cutBytes(bodyAt + bodySize);
  assert(datagram.length <= DATAGRAM_MAX, 'a reply longer than a datagram');
  writeHeader(datagram, PROTOCOL.major, FRAME.reply);
  for (let i = 0; i < TAG_SIZE; i++) datagram[HEADER_SIZE + i] = tag[i] ?? 0;
  datagram.set(nonce, HEADER_SIZE + TAG_SIZE);
  for (let i = 0; i < bodySize; i++) datagram[bodyAt + i] = scratch[i] ?? 0;
  sealInPlace(datagram, REPLY_HEAD, bodySize, nonce, key);
  return datagram;
};

/** Opens the box of a request or hello; `undefined` when not sealed with this key and cookie. */
export const openRequest = (
  frame: Extract<Frame, { kind: 'hello' | 'request' }>,
  key: Uint8Array,
): ReturnType<typeof parseRequest> => {
  const cookie = frame.kind === 'hello' ? frame.cookie : undefined;
  const body = openSealed(frame.box, frame.nonce, key, cookie);
  return body === undefined ? undefined : parseRequest(unpackPadded(body));
};

/** Where the client's key stands in a request and in a hello. */
export const REQUEST_KEY_AT = HEADER_SIZE;
export const HELLO_KEY_AT = HEADER_SIZE + COOKIE_SIZE;

const hasHead = (bytes: Uint8Array, version: number, type: number): boolean =>
  bytes[3] === type && bytes[2] === version && bytes[1] === MAGIC_1 && bytes[0] === MAGIC_0;

/** Whether `parseFrame` would read a datagram as a discover, which may yet be malformed. */
export const isDiscoverFrame = (bytes: Uint8Array): boolean =>
  bytes.length === DISCOVER_SIZE && hasHead(bytes, NEGOTIATION_VERSION, FRAME.discover);

/** Whether `parseFrame` would take a datagram for a request. */
export const isRequestFrame = (bytes: Uint8Array): boolean =>
  hasHead(bytes, PROTOCOL.major, FRAME.request) &&
  bytes.length >= REQUEST_HEAD + SEAL_OVERHEAD + SMALL_BODY_SIZE &&
  bytes.length <= DATAGRAM_MAX;

/** What `openRequest` says of a whole datagram with its client's key at `keyAt`, and leaves no parts. */
export const openRequestWithin = (
  datagram: Uint8Array,
  keyAt: number,
  key: Uint8Array,
): ReturnType<typeof parseRequest> => {
  const nonceAt = keyAt + KEY_SIZE;
  const bindingAt = keyAt === HELLO_KEY_AT ? HEADER_SIZE : -1;
  const length = openWithin(datagram, nonceAt + NONCE_SIZE, nonceAt, key, bindingAt);
  return length < 0 ? undefined : parseRequest(unpackPadded(openedText, length));
};

/** Opens a sealed reply's box; `undefined` when it was not sealed with this key or is malformed. */
export const openReply = (
  box: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Reply | undefined => {
  const body = openSealed(box, nonce, key);
  return body === undefined ? undefined : parseReply(unpackPadded(body));
};

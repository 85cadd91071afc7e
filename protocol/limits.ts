/** Every bound, in two blocks: what the specification fixes, and what this implementation chose. */

/* --- Specification: both sides must agree (protocol/README.md). --- */

/** The one UDP port between clients and agents, and the TCP port of the console. */
export const DEFAULT_PORT = 24711;
/** No datagram is longer: below every common path MTU with IPv6 and tunnel headers. */
export const DATAGRAM_MAX = 1184;
/** A discover is always exactly this long, so that no offer can be longer than its question. */
export const DISCOVER_SIZE = 1184;
export const KEY_SIZE = 32;
export const HASH_SIZE = 32;
export const COOKIE_SIZE = 16;
export const EPOCH_SIZE = 8;
export const NONCE_SIZE = 16;
export const SIGNATURE_SIZE = 64;
export const LICENSE_ID_SIZE = 16;
/** Plain bytes of a renew or release: one Salsa20 block holds them and the Poly1305 key. */
export const SMALL_BODY_SIZE = 32;
/** The most document bytes in one piece; with its frame a piece stays below DATAGRAM_MAX. */
export const PIECE_MAX = 1024;
/** A license document with its envelope, in bytes. */
export const DOCUMENT_MAX = 16_384;
/** A certificate of an issuing key, with its envelope, in bytes. */
export const CERTIFICATE_MAX = 256;
/** An activation response, in bytes: the documents in it, and its envelope. */
export const RESPONSE_MAX = 61_440;
/** Documents in a proof, and its bytes. */
export const PROOF_DOCUMENTS_MAX = 8;
export const PROOF_MAX = 32_768;
/** Licenses that one activation request asks for, or one response refuses. */
export const WANTED_MAX = 32;
/** Documents in one activation response. */
export const RESPONSE_DOCUMENTS_MAX = 64;
/** Documents in one call to a master: the request and its receipts; and the bytes of all. */
export const CALL_DOCUMENTS_MAX = 1 + WANTED_MAX;
export const CALL_MAX = 65_536;
/** Issuing keys that a vendor has revoked. */
export const REVOKED_KEYS_MAX = 64;
/** Agents on which one license is active at a time. */
export const AGENTS_MAX = 1000;
/** Child licenses of one agent, and their generations. */
export const CHILDREN_MAX = 1000;
export const CHILDREN_DEPTH_MAX = 4;
/** Seconds of an emergency activation: five days. */
export const EMERGENCY_MAX = 432_000;
/** Characters in the address of a master. */
export const URL_MAX = 200;
/** Characters in the reason of a standing, and in the sentence of a refused activation. */
export const SENTENCE_MAX = 256;
/** Seconds: the shortest and longest term that a license may name. */
export const TERM_MIN = 10;
export const TERM_MAX = 86_400;
/** Characters in a product, class, feature or version name. */
export const NAME_MAX = 64;
/** Characters in each text that describes a holder, and in a customer's name. */
export const TEXT_MAX = 128;
export const FEATURES_MAX = 64;
export const POOLS_MAX = 32;
export const SEATS_MAX = 1_000_000;
/** Seats in an offer or a count that stand for no limit. */
export const SEATS_UNLIMITED = 0xffff_ffff;
/** Dated changes of one pool. */
export const STAGES_MAX = 64;
/** Countable allowances of one license. */
export const METERS_MAX = 32;
/** Licenses whose place one license takes. */
export const SUPERSEDES_MAX = 32;
/** Pools that one seat of several may be made of. */
export const PARTS_MAX = 8;
/** Bytes of what keeps a waiter's place over a restart of its agent; only the agent reads them. */
export const TICKET_MAX = 64;
/** Resources in one reply, however short their names. */
export const RESOURCES_IN_REPLY_MAX = 256;
/** Bytes in the id of a draw, which make it count once. */
export const DRAW_ID_SIZE = 16;
/** Components in a host code, and its bytes: a version, then nine for each. */
export const HOST_COMPONENTS_MAX = 16;
export const HOST_CODE_MAX = 1 + 9 * HOST_COMPONENTS_MAX;
/** Arrays within arrays, and values in all, in one body or document. */
export const MSGPACK_DEPTH_MAX = 8;
export const MSGPACK_ITEMS_MAX = 4096;

/* --- Implementation: may be changed without asking the other side. --- */

/** Characters of pasted text that are searched for license blocks. */
export const PASTE_MAX = 1_048_576;
/** Blocks taken from one paste. */
export const PASTE_BLOCKS_MAX = 256;
/** Characters of a host code that was typed or pasted, with all that stands between them. */
export const HOST_TEXT_MAX = 4096;
/** Characters of the JSON in which a master says why it does not answer. */
export const REFUSAL_TEXT_MAX = 4096;
/** Bytes of a client's settings file. */
export const CLIENT_SETTINGS_MAX = 65_536;

/** Tokens of borrowed seats, valid and not. */

import {
  agentSigningKeys,
  type BorrowToken,
  resourceMark,
  signBorrowToken,
} from '../../protocol/borrow-token.ts';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { leaseId } from '../../protocol/ids.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { type DocumentFault, hashDocument } from '../../protocol/signed-document.ts';
import { epochSeconds } from '../../protocol/units.ts';
import {
  AGENT_KEYS,
  CLIENT_KEYS,
  fixedBytes,
  HOST_CODE,
  ISSUED,
  itemsOf,
  type Json,
  LICENSE_BYTES,
  type VectorFile,
  valueToJson,
} from './fixed.ts';

const KEYS = agentSigningKeys(AGENT_KEYS.secretKey, primitives);
const HASH = hashDocument(LICENSE_BYTES, primitives);

const TOKEN: BorrowToken = {
  clientKey: CLIENT_KEYS.publicKey,
  product: 'acme-cad',
  resource: null,
  parts: [{ document: HASH, pool: 0, seats: 1 }],
  hostCode: HOST_CODE,
  from: ISSUED,
  until: epochSeconds(ISSUED + 7 * 86_400),
  agentName: 'licenses-1',
  agentKey: AGENT_KEYS.publicKey,
};

const VALID: Readonly<Record<string, BorrowToken>> = {
  'one seat for a week': TOKEN,
  'for a database': { ...TOKEN, resource: resourceMark('Orders', primitives.sha512) },
  'of eight parts': {
    ...TOKEN,
    parts: Array.from({ length: 8 }, (_, i) => ({
      document: fixedBytes(`document ${i}`, 32),
      pool: i === 7 ? null : i,
      seats: i,
    })),
  },
  'a long name of an agent, shortened': { ...TOKEN, agentName: '\u682a'.repeat(40) },
};

const validVector = ([name, token]: readonly [string, BorrowToken]): Json => {
  const bytes = signBorrowToken(token, KEYS, primitives);
  const [, , , payload] = itemsOf(bytes);
  return {
    name,
    signer: bytesToHex(KEYS.publicKey),
    lease: leaseId(token.clientKey),
    payload: valueToJson(itemsOf(payload as Uint8Array)),
    document: bytesToHex(bytes),
  };
};

const BYTES = signBorrowToken(TOKEN, KEYS, primitives);
const ENVELOPE = itemsOf(BYTES);
const PAYLOAD = itemsOf(ENVELOPE[3] as Uint8Array);

/** Signs whatever is given, as no honest agent would. */
const signRaw = (payload: Value): Uint8Array => {
  const bytes = pack(payload);
  const message = concatBytes(utf8ToBytes('usher borrowing 1\0'), KEYS.publicKey, bytes);
  const signature = primitives.sign(message, KEYS);
  return pack(['usher-borrowing', 1, KEYS.publicKey, bytes, signature]);
};

/** What does not fit, in which field. */
const BAD_FIELDS: readonly (readonly [string, number, Value])[] = [
  ['client key of 31 bytes', 0, new Uint8Array(31)],
  ['empty product', 1, ''],
  ['mark of a resource of 15 bytes', 2, new Uint8Array(15)],
  ['no parts', 3, []],
  ['nine parts', 3, Array.from({ length: 9 }, () => [HASH, null, 1])],
  ['part with a further field', 3, [[HASH, 0, 1, 0]]],
  ['part of pool 32', 3, [[HASH, 32, 1]]],
  ['host code of 146 bytes', 4, new Uint8Array(146)],
  ['ends when it begins', 6, ISSUED],
  ['agent name with a control character', 7, 'a\u0007'],
  ['agent key of 33 bytes', 8, new Uint8Array(33)],
];

const bad = (): readonly (readonly [string, Uint8Array, DocumentFault])[] => [
  ['cut short', BYTES.slice(0, -1), 'malformed'],
  ['a byte after it', concatBytes(BYTES, new Uint8Array(1)), 'malformed'],
  ['a license', LICENSE_BYTES, 'other-kind'],
  ['newer format', pack(ENVELOPE.with(1, 2)), 'newer-format'],
  ['a signature of another payload', pack(ENVELOPE.with(3, pack([]))), 'bad-signature'],
  [
    'signed by the agent\u2019s other key',
    pack(ENVELOPE.with(2, AGENT_KEYS.publicKey)),
    'bad-signature',
  ],
  ['payload with a further field', signRaw([...PAYLOAD, 0]), 'malformed'],
  ['payload without its last field', signRaw(PAYLOAD.slice(0, -1)), 'malformed'],
  ...BAD_FIELDS.map(
    ([reason, at, value]) => [reason, signRaw(PAYLOAD.with(at, value)), 'malformed'] as const,
  ),
];

/** `borrow-tokens.json`. */
export const borrowTokenVectors = (): VectorFile => ({
  about: 'Tokens signed by the agent of keys.json. "fault" is why one is refused.',
  valid: Object.entries(VALID).map(validVector),
  invalid: bad().map(([reason, bytes, fault]) => ({ reason, fault, document: bytesToHex(bytes) })),
});

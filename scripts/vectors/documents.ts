/** Signed licenses, valid and not, and their text form. */

import { armor } from '../../protocol/armor.ts';
import { bytesToHex, concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { keyId, licenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { type DocumentFault, hashDocument } from '../../protocol/signed-document.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { seconds } from '../../protocol/units.ts';
import {
  fixedBytes,
  type Json,
  LICENSE,
  LICENSE_BYTES,
  LICENSE_ID,
  poolOf,
  VENDOR_KEYS,
  type VectorFile,
  valueToJson,
} from './fixed.ts';

const itemsOf = (bytes: Uint8Array): readonly Value[] => {
  const value = unpack(bytes);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    throw new Error('Not an array.');
  }
  return value;
};

const ENVELOPE = itemsOf(LICENSE_BYTES);
const PAYLOAD_BYTES = ENVELOPE[3] as Uint8Array;
const PAYLOAD = itemsOf(PAYLOAD_BYTES);

/** Signs whatever is given, as no honest vendor would. */
const signRaw = (payload: Uint8Array, kind = 'license', version = 1): Uint8Array => {
  const context = utf8ToBytes(`usher ${kind} ${version}\0`);
  const message = concatBytes(context, VENDOR_KEYS.publicKey, payload);
  const signature = primitives.sign(message, VENDOR_KEYS);
  return pack([`usher-${kind}`, version, VENDOR_KEYS.publicKey, payload, signature]);
};

const withField = (index: number, value: Value): Uint8Array =>
  signRaw(pack(PAYLOAD.with(index, value)));

const VALID: Readonly<Record<string, Omit<License, 'id'>>> = {
  'two pools, two features, one year': LICENSE,
  'for ever, activation required': { ...LICENSE, expires: null, activation: 'required' },
  'the smallest': {
    ...LICENSE,
    product: 'p',
    customer: 'c',
    expires: null,
    term: seconds(10),
    pools: [poolOf(0)],
    features: [],
    hosts: { virtual: 'allow', container: 'allow', unknown: 'refuse' },
  },
  'many seats, text beyond ASCII': {
    ...LICENSE,
    customer: 'Müller & Söhne 株式会社 \u{1f512}',
    term: seconds(86_400),
    pools: Array.from({ length: 32 }, (_, i) => poolOf(1_000_000, `class ${i}`)),
    features: Array.from({ length: 64 }, (_, i) => `feature ${i}`),
  },
};

const validVector = ([name, license]: readonly [string, Omit<License, 'id'>]): Json => {
  const bytes = signLicense(license, LICENSE_ID, VENDOR_KEYS, primitives);
  const [, , , payload] = itemsOf(bytes);
  return {
    name,
    signer: bytesToHex(VENDOR_KEYS.publicKey),
    keyId: keyId(primitives.sha512, VENDOR_KEYS.publicKey),
    licenseId: licenseId(LICENSE_ID),
    payload: valueToJson(itemsOf(payload as Uint8Array)),
    document: bytesToHex(bytes),
    hash: bytesToHex(hashDocument(bytes, primitives)),
  };
};

const badPayloads = (): readonly (readonly [string, Uint8Array])[] => [
  ['license id of 15 bytes', withField(0, new Uint8Array(15))],
  ['empty product', withField(1, '')],
  ['product with a control character', withField(1, 'acme\u0007')],
  ['empty customer', withField(2, '')],
  ['type of a later version', withField(3, 1)],
  ['issued that is nil', withField(4, null)],
  ['expires that is a text', withField(6, 'never')],
  ['term of 9 s', withField(7, 9)],
  ['term of 86,401 s', withField(7, 86_401)],
  ['no pools', withField(8, [])],
  [
    '33 pools',
    withField(
      8,
      Array.from({ length: 33 }, (_, i) => [`${i}`, 1]),
    ),
  ],
  [
    'a class twice',
    withField(8, [
      ['generic', 1],
      ['generic', 2],
    ]),
  ],
  ['pool of 1,000,001 seats', withField(8, [['generic', 1_000_001]])],
  ['pool with a further field', withField(8, [['generic', 1, 0]])],
  [
    '65 features',
    withField(
      9,
      Array.from({ length: 65 }, (_, i) => `${i}`),
    ),
  ],
  ['empty feature', withField(9, [''])],
  ['activation of a later version', withField(10, 2)],
  ['hosts too short', withField(11, [0, 0])],
  ['hosts with a further field', withField(11, [0, 0, 0, 0])],
  ['container rule of a later version', withField(11, [0, 3, 0])],
  ['payload with a further field', signRaw(pack([...PAYLOAD, 0]))],
  ['payload without its last field', signRaw(pack(PAYLOAD.slice(0, -1)))],
  ['payload with a byte after it', signRaw(concatBytes(PAYLOAD_BYTES, new Uint8Array(1)))],
  ['payload that is no MessagePack', signRaw(fixedBytes('no payload', 40))],
];

/** A document that claims the one key under which R = 1, S = 0 fits every message. */
const smallOrder = (): Uint8Array => {
  const key = new Uint8Array(32);
  key[0] = 1;
  const signature = new Uint8Array(64);
  signature[0] = 1;
  return pack(ENVELOPE.with(2, key).with(4, signature));
};

/** S + L in place of S: the same equation holds. */
const nonCanonical = (): Uint8Array => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const signature = (ENVELOPE[4] as Uint8Array).slice();
  let scalar = order;
  for (let i = 63; i >= 32; i--) scalar += BigInt(signature[i] ?? 0) << BigInt(8 * (i - 32));
  for (let i = 32; i < 64; i++) signature[i] = Number((scalar >> BigInt(8 * (i - 32))) & 255n);
  return pack(ENVELOPE.with(4, signature));
};

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

const badEnvelopes = (): readonly (readonly [string, Uint8Array, DocumentFault])[] => {
  const otherKey = primitives.signingKeys(fixedBytes('other vendor', 32)).publicKey;
  return [
    ['nothing at all', new Uint8Array(0), 'malformed'],
    ['cut short', LICENSE_BYTES.slice(0, -1), 'malformed'],
    ['a byte after it', concatBytes(LICENSE_BYTES, new Uint8Array(1)), 'malformed'],
    ['16,385 bytes', new Uint8Array(16_385), 'malformed'],
    ['not an Usher document', pack(ENVELOPE.with(0, 'license')), 'malformed'],
    ['another kind', signRaw(PAYLOAD_BYTES, 'lease'), 'other-kind'],
    ['another kind, a license by its payload', pack(ENVELOPE.with(0, 'usher-x')), 'other-kind'],
    ['newer format', signRaw(PAYLOAD_BYTES, 'license', 2), 'newer-format'],
    ['newer format of another shape', pack(['usher-license', 3, 'anything']), 'newer-format'],
    ['format version 0', signRaw(PAYLOAD_BYTES, 'license', 0), 'malformed'],
    ['a further field', pack([...ENVELOPE, 0]), 'malformed'],
    ['no signature', pack(ENVELOPE.slice(0, -1)), 'malformed'],
    ['signature of 63 bytes', pack(ENVELOPE.with(4, new Uint8Array(63))), 'malformed'],
    ['payload byte changed', pack(ENVELOPE.with(3, flip(PAYLOAD_BYTES, 20))), 'bad-signature'],
    ['signature changed', flip(LICENSE_BYTES, LICENSE_BYTES.length - 40), 'bad-signature'],
    ['signer changed', pack(ENVELOPE.with(2, otherKey)), 'bad-signature'],
    ['S not below the group order', nonCanonical(), 'bad-signature'],
    ['signer of small order', smallOrder(), 'bad-signature'],
    ['signature without the context', unbound(), 'bad-signature'],
  ];
};

const unbound = (): Uint8Array =>
  pack(ENVELOPE.with(4, primitives.sign(PAYLOAD_BYTES, VENDOR_KEYS)));

/** `licenses.json`. */
export const licenseVectors = (): VectorFile => ({
  about: 'License documents by the vendor key in keys.json. "fault" is why one is refused.',
  valid: Object.entries(VALID).map(validVector),
  invalid: [
    ...badEnvelopes(),
    ...badPayloads().map(([reason, bytes]) => [reason, bytes, 'malformed'] as const),
  ].map(([reason, bytes, fault]) => ({ reason, fault, document: bytesToHex(bytes) })),
});

const TEXT = armor('license', LICENSE_BYTES, primitives);
const LINES = TEXT.trimEnd().split('\n');
const DIGITS = LINES.slice(1, -1).join('');

const FORGIVEN: Readonly<Record<string, string>> = {
  'as written': TEXT,
  'CR LF': TEXT.replaceAll('\n', '\r\n'),
  quoted: TEXT.replace(/^/gm, '> '),
  'quoted twice': TEXT.replace(/^/gm, '>> > '),
  'lines of 40': [LINES[0], ...(DIGITS.match(/.{1,40}/g) ?? []), LINES.at(-1)].join('\n'),
  'one line': `${LINES[0]}${DIGITS}${LINES.at(-1)}`,
  'prose around it': `Dear customer,\nhere it is -- enjoy:\n\n${TEXT}\nYours\n--\nAcme`,
  'en-dashes': TEXT.replaceAll('-----', '\u2013\u2013\u2013'),
  'invisible characters': TEXT.replace(/(.{20})/g, '$1\u200b').replace(/^/gm, '\ufeff'),
  'indented, base64 padded': TEXT.replace(/^/gm, '    ').replace(/(\n\s*-----END)/, '=$1'),
  'marker broken in two lines': TEXT.replace('USHER LICENSE', 'USHER\n> LICENSE'),
  'no markers': DIGITS,
};

const SPOILED: readonly (readonly [string, string, string])[] = [
  ['no END', LINES.slice(0, -1).join('\n'), 'truncated'],
  [
    'a digit changed',
    TEXT.replace(DIGITS.slice(70, 71), DIGITS[70] === 'A' ? 'B' : 'A'),
    'damaged',
  ],
  ['a line missing', LINES.filter((_, i) => i !== 2).join('\n'), 'damaged'],
  ['a character that is no base64', TEXT.replace(LINES[2] ?? '', `*${LINES[2]}`), 'damaged'],
  ['nothing between the markers', `${LINES[0]}\n${LINES.at(-1)}\n`, 'damaged'],
  ['more than a document', `${LINES[0]}\n${'A'.repeat(24_000)}\n${LINES.at(-1)}\n`, 'too-long'],
];

/** `armor.json`. */
export const armorVectors = (): VectorFile => ({
  about: 'Texts that hold the one document given, or whose one block has the fault given.',
  valid: Object.entries(FORGIVEN).map(([name, text]) => ({
    name,
    text,
    document: bytesToHex(LICENSE_BYTES),
  })),
  invalid: SPOILED.map(([reason, text, fault]) => ({ reason, fault, text })),
});

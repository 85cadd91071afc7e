/** License documents that are refused, and why. */

import { concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import type { DocumentFault } from '../../protocol/signed-document.ts';
import { fixedBytes, HOST_CODE, itemsOf, LICENSE_BYTES, LICENSE_ID, VENDOR_KEYS } from './fixed.ts';

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

/** What is wrong, the document, and the fault that it is refused with. */
export const badLicenses = (): readonly (readonly [string, Uint8Array, DocumentFault])[] => [
  ...badEnvelopes(),
  ...badPayloads().map(([reason, bytes]) => [reason, bytes, 'malformed'] as const),
];

const badPayloads = (): readonly (readonly [string, Uint8Array])[] => [
  ...badFields().map(([reason, at, value]) => [reason, withField(at, value)] as const),
  ['server with pools', withFields({ 1: 2 })],
  ['server to be borrowed', withFields({ 1: 2, 9: [], 16: [1, 60] })],
  ['standalone with pools', withFields({ 1: 3, 20: HOST_CODE })],
  ['standalone without a host code', withFields({ 1: 3, 9: [] })],
  ['standalone to be borrowed', withFields({ 1: 3, 9: [], 16: [1, 60], 20: HOST_CODE })],
  ['children of a license that is not activated', second([20, 1])],
  ['children of a trial', second([20, 1], { 7: 60, 18: BOUND })],
  ['children of a server', second([20, 1], { 1: 2, 9: [], 18: BOUND })],
  ['no children', second([0, 1], { 18: BOUND })],
  ['1,001 children', second([1001, 1], { 18: BOUND })],
  ['children of no generation', second([1, 0], { 18: BOUND })],
  ['five generations', second([1, 5], { 18: BOUND })],
  ['children with a further field', second([1, 1, 1], { 18: BOUND })],
  ['children that are nil', second(null, { 18: BOUND })],
  ['payload with a further field', signRaw(pack([...PAYLOAD, 0]))],
  ['payload without its last field', signRaw(pack(PAYLOAD.slice(0, -1)))],
  ['payload with a byte after it', signRaw(concatBytes(PAYLOAD_BYTES, new Uint8Array(1)))],
  ['payload that is no MessagePack', signRaw(fixedBytes('no payload', 40))],
];

const withFields = (fields: Readonly<Record<number, Value>>): Uint8Array =>
  signRaw(pack(PAYLOAD.map((value, i) => fields[i] ?? value)));

const BOUND: Value = [1, null, null, null];

/** With the field that the second format has. */
const second = (children: Value, fields: Readonly<Record<number, Value>> = {}): Uint8Array =>
  signRaw(pack([...PAYLOAD.map((value, i) => fields[i] ?? value), children]), 'license', 2);

/** So many items, each made from its place. */
const many = (count: number, make: (i: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, i) => make(i));

const stagesOf = (...stages: readonly Value[]): Value => [['generic', 1, 0, stages]];

/** What does not fit, in which field. */
const badFields = (): readonly (readonly [string, number, Value])[] => [
  ['license id of 15 bytes', 0, new Uint8Array(15)],
  ['type of a later version', 1, 4],
  ['empty product', 2, ''],
  ['product with a control character', 2, 'acme\u0007'],
  ['empty customer', 3, ''],
  ['issued that is nil', 4, null],
  ['expires that is a text', 6, 'never'],
  ['trial of no time', 7, 0],
  ['term of 9 s', 8, 9],
  ['term of 86,401 s', 8, 86_401],
  ['floating without pools', 9, []],
  ['33 pools', 9, many(33, (i) => [`${i}`, 1, 0, []])],
  ['a class twice', 9, many(2, (i) => ['generic', i, 0, []])],
  ['pool of 1,000,001 seats', 9, [['generic', 1_000_001, 0, []]]],
  ['overdraft of 1,000,001 seats', 9, [['generic', 1, 1_000_001, []]]],
  ['pool with a further field', 9, [['generic', 1, 0, [], 0]]],
  ['pool without stages', 9, [['generic', 1, 0]]],
  ['65 stages', 9, stagesOf(...many(65, () => [0, null, 1]))],
  ['stage that ends when it begins', 9, stagesOf([5, 5, 1])],
  ['stage that ends before it begins', 9, stagesOf([5, 6, 1], [5, 4, 1])],
  ['stage of 1,000,001 seats', 9, stagesOf([0, null, 1_000_001])],
  ['stage with a further field', 9, stagesOf([0, null, 1, 0])],
  ['counting of a later version', 10, 3],
  ['65 features', 11, many(65, (i) => `${i}`)],
  ['empty feature', 11, ['']],
  ['versions that are a text', 12, '10..12'],
  ['versions with a further field', 12, [null, null, null]],
  ['oldest version that is none', 12, ['twelve', null]],
  ['newest version that is none', 12, [null, '12.']],
  ['newest version that is empty', 12, [null, '']],
  ['maintenance that is a text', 13, '2027'],
  ['empty resource', 14, ''],
  ['33 meters', 15, many(33, (i) => [`${i}`, 1])],
  ['a meter twice', 15, many(2, (i) => ['runs', i])],
  ['meter with a further field', 15, [['runs', 1, 0]]],
  ['borrowing of no seats', 16, [0, 60]],
  ['borrowing for no time', 16, [1, 0]],
  ['borrowing with a further field', 16, [1, 60, 0]],
  ['33 superseded licenses', 17, many(33, (i) => fixedBytes(`superseded ${i}`, 16))],
  ['superseded license id of 15 bytes', 17, [new Uint8Array(15)]],
  ['a license superseded twice', 17, many(2, () => new Uint8Array(16))],
  ['a license that supersedes itself', 17, [LICENSE_ID]],
  ['activation that is a number', 18, 1],
  ['activation on no agents', 18, [0, null, null, null]],
  ['activation on 1,001 agents', 18, [1001, null, null, null]],
  ['activation with a further field', 18, [1, null, null, null, null]],
  ['emergency for no time', 18, [1, [0, 60], null, null]],
  ['emergency of more than five days', 18, [1, [432_001, 60], null, null]],
  ['emergency without a window', 18, [1, [60, 0], null, null]],
  ['emergency with a further field', 18, [1, [60, 60, 0], null, null]],
  ['refresh at once', 18, [1, null, [0, 0], null]],
  ['refresh with a further field', 18, [1, null, [60, 0, 0], null]],
  ['master that is empty', 18, [1, null, null, '']],
  ['master of another scheme', 18, [1, null, null, 'ftp://a']],
  ['master with a space', 18, [1, null, null, 'https://a b']],
  ['master of 201 characters', 18, [1, null, null, `https://${'a'.repeat(193)}`]],
  ['hosts too short', 19, [0, 0]],
  ['hosts with a further field', 19, [0, 0, 0, 0]],
  ['container rule of a later version', 19, [0, 3, 0]],
  ['host code that is a text', 20, 'ws-17'],
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
    ['newer format', signRaw(PAYLOAD_BYTES, 'license', 3), 'newer-format'],
    ['newer format of another shape', pack(['usher-license', 4, 'anything']), 'newer-format'],
    ['of the second format, without its field', signRaw(PAYLOAD_BYTES, 'license', 2), 'malformed'],
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

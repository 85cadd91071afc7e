/** Documents of activation that are refused, made from those that are not. */

import { concatBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { signCertificate } from '../../protocol/certificate.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { assert } from '../../protocol/result.ts';
import {
  DOCUMENT_VERSIONS,
  type DocumentFault,
  type DocumentKind,
  type SigningKeys,
} from '../../protocol/signed-document.ts';
import {
  AGENT_SIGNING_KEYS,
  CERTIFICATE,
  certified,
  day,
  ISSUER_KEYS,
  type NamedDocument,
} from './activation-keys.ts';
import { fixedBytes, ISSUED, VENDOR_KEYS } from './fixed.ts';

interface BadDocument {
  readonly kind: DocumentKind;
  readonly reason: string;
  readonly fault: DocumentFault;
  readonly bytes: Uint8Array;
}

const itemsOf = (bytes: Uint8Array): readonly Value[] => unpack(bytes) as readonly Value[];

/** Signs whatever is given, as nobody honest would. */
const signRaw = (kind: DocumentKind, payload: Uint8Array, keys: SigningKeys): Uint8Array => {
  const signer = keys.certificate ?? keys.publicKey;
  const message = concatBytes(utf8ToBytes(`usher ${kind} 1\0`), signer, payload);
  return pack([`usher-${kind}`, 1, signer, payload, primitives.sign(message, keys)]);
};

const BY_AGENT: readonly DocumentKind[] = ['request', 'receipt', 'child'];

const keysOf = (kind: DocumentKind): SigningKeys =>
  BY_AGENT.includes(kind) ? AGENT_SIGNING_KEYS : VENDOR_KEYS;

const many = (count: number, make: (i: number) => Value): Value =>
  Array.from({ length: count }, (_, i) => make(i));

const KEY = fixedBytes('some key', 32);

/** What does not fit, in which field of the kind's first valid document. */
const BAD_FIELDS: Readonly<
  Partial<Record<DocumentKind, readonly (readonly [string, number, Value])[]>>
> = {
  certificate: [
    ['key of 31 bytes', 0, new Uint8Array(31)],
    ['no uses', 1, 0],
    ['a use of a later version', 1, 8],
    ['ends when it starts', 3, day(-30)],
    ['number that is nil', 4, null],
  ],
  revocations: [
    ['issued that is nil', 0, null],
    ['65 keys', 2, many(65, (i) => fixedBytes(`revoked ${i}`, 32))],
    ['key of 33 bytes', 2, [new Uint8Array(33)]],
  ],
  activation: [
    ['license id of 15 bytes', 0, new Uint8Array(15)],
    ['hash of 31 bytes', 1, new Uint8Array(31)],
    ['signing key of 31 bytes', 2, new Uint8Array(31)],
    ['agent key of 31 bytes', 3, new Uint8Array(31)],
    ['host of 146 bytes', 4, new Uint8Array(146)],
    ['number 0 of a vendor', 5, 0],
    ['ends when it is issued', 7, day(1)],
    ['nonce of 15 bytes', 8, new Uint8Array(15)],
    ['kind of a later version', 9, 2],
  ],
  request: [
    ['agent key of 33 bytes', 0, new Uint8Array(33)],
    ['host of 146 bytes', 1, new Uint8Array(146)],
    ['no licenses', 2, []],
    ['a license twice', 2, many(2, () => [new Uint8Array(16), new Uint8Array(32)])],
    ['33 licenses', 2, many(33, (i) => [fixedBytes(`id ${i}`, 16), new Uint8Array(32)])],
    ['license with a further field', 2, [[new Uint8Array(16), new Uint8Array(32), 0]]],
    ['nonce of 15 bytes', 3, new Uint8Array(15)],
    ['version of 65 characters', 6, 'v'.repeat(65)],
    ['host name of 129 characters', 7, 'h'.repeat(129)],
    ['kind of a later version', 8, 3],
  ],
  response: [
    ['nonce of 17 bytes', 0, new Uint8Array(17)],
    ['signing key of 31 bytes', 1, new Uint8Array(31)],
    ['65 documents', 3, many(65, () => new Uint8Array(1))],
    ['document of 16,385 bytes', 3, [new Uint8Array(16_385)]],
    ['33 refusals', 4, many(33, () => [new Uint8Array(16), 0, 'why'])],
    ['refusal of a later version', 4, [[new Uint8Array(16), 10, 'why']]],
    ['refusal without a sentence', 4, [[new Uint8Array(16), 0, '']]],
  ],
  standing: [
    ['license id of 17 bytes', 0, new Uint8Array(17)],
    ['number 0', 1, 0],
    ['state of a later version', 2, 4],
    ['freed from nobody', 2, 3],
    ['suspended for one agent', 3, KEY],
    ['reason of 257 characters', 5, 'r'.repeat(257)],
  ],
  child: [
    ['id of 15 bytes', 0, new Uint8Array(15)],
    ['of itself', 1, fixedBytes('child id', 16)],
    ['number 0', 2, 0],
    ['state of a later version', 4, 3],
    ['agent of one key', 5, [KEY]],
    ['empty account', 6, ''],
    ['parent of another scheme', 7, 'ftp://a'],
    ['calls without a parent', 7, null],
    ['sessions of 9 s', 8, 9],
    ['sessions of 86,401 s', 8, 86_401],
    ['no children', 9, [0, 1]],
    ['five generations', 9, [1, 5]],
    ['host code of 146 bytes', 10, new Uint8Array(146)],
    ['no pools', 11, []],
    ['a class twice', 11, many(2, () => ['generic', 1, []])],
    ['pool with an overdraft', 11, [['generic', 1, 0, []]]],
    ['stage that ends when it begins', 11, [['generic', 1, [[5, 5, 1]]]]],
    ['never calls, and has no end', 13, null],
    ['calls without a grace', 13, [1]],
  ],
  receipt: [
    ['license id of 15 bytes', 0, new Uint8Array(15)],
    ['hash of 33 bytes', 1, new Uint8Array(33)],
    ['nonce of 15 bytes', 2, new Uint8Array(15)],
    ['made that is a text', 3, 'today'],
  ],
};

/** What is wrong with each kind in the same way. */
const spoil = ({ kind, bytes }: NamedDocument): readonly BadDocument[] => {
  const envelope = itemsOf(bytes);
  const payload = envelope[3] as Uint8Array;
  const fields = itemsOf(payload);
  const raw = (items: readonly Value[]): Uint8Array => signRaw(kind, pack(items), keysOf(kind));
  const bad = (reason: string, fault: DocumentFault, made: Uint8Array): BadDocument => ({
    kind,
    reason,
    fault,
    bytes: made,
  });
  return [
    bad('cut short', 'malformed', bytes.slice(0, -1)),
    bad('a byte after it', 'malformed', concatBytes(bytes, new Uint8Array(1))),
    bad('another kind by its name', 'other-kind', pack(envelope.with(0, 'usher-other'))),
    bad('newer format', 'newer-format', pack(envelope.with(1, DOCUMENT_VERSIONS[kind] + 1))),
    bad('signer changed', 'bad-signature', pack(envelope.with(2, ISSUER_KEYS.publicKey))),
    bad('signer of 31 bytes', 'malformed', pack(envelope.with(2, new Uint8Array(31)))),
    bad('payload with a further field', 'malformed', raw([...fields, 0])),
    bad('payload without its last field', 'malformed', raw(fields.slice(0, -1))),
    ...(BAD_FIELDS[kind] ?? []).map(([reason, at, value]) =>
      bad(reason, 'malformed', raw(fields.with(at, value))),
    ),
  ];
};

/** What a certificate does not allow. */
const beyondCertificates = (documents: readonly NamedDocument[]): readonly BadDocument[] => {
  const payloadOf = (kind: DocumentKind): Uint8Array => {
    const found = documents.find((one) => one.kind === kind);
    assert(found !== undefined, `a document of kind ${kind}`);
    return itemsOf(found.bytes)[3] as Uint8Array;
  };
  const signed = (
    kind: DocumentKind,
    reason: string,
    fault: DocumentFault,
    keys: SigningKeys,
  ): BadDocument => ({ kind, reason, fault, bytes: signRaw(kind, payloadOf(kind), keys) });
  const stranger = primitives.signingKeys(fixedBytes('other vendor', 32));
  const { certificate: genuine = new Uint8Array() } = certified();
  const forged = genuine.with(genuine.length - 1, (genuine.at(-1) ?? 0) ^ 1);
  return [
    signed(
      'license',
      'key for standings only',
      'certificate-use',
      certified({ uses: ['standings'] }),
    ),
    signed(
      'activation',
      'key for licenses only',
      'certificate-use',
      certified({ uses: ['licenses'] }),
    ),
    signed(
      'response',
      'key for licenses only',
      'certificate-use',
      certified({ uses: ['licenses'] }),
    ),
    signed(
      'standing',
      'key for activations only',
      'certificate-use',
      certified({ uses: ['activations'] }),
    ),
    signed(
      'license',
      'issued before the certificate',
      'certificate-date',
      certified({ starts: day(1) }),
    ),
    signed('license', 'issued when it has ended', 'certificate-date', certified({ ends: ISSUED })),
    signed(
      'activation',
      'issued when it has ended',
      'certificate-date',
      certified({ ends: day(1) }),
    ),
    signed('license', 'certificate of another key', 'bad-signature', {
      ...stranger,
      certificate: genuine,
    }),
    signed('license', 'certificate that was changed', 'bad-signature', {
      ...ISSUER_KEYS,
      certificate: forged,
    }),
    signed('certificate', 'by a certified key', 'malformed', certified()),
    signed('revocations', 'by a certified key', 'malformed', certified()),
    signed('request', 'by a certified key', 'malformed', certified()),
    signed('receipt', 'by a certified key', 'malformed', certified()),
    signed('child', 'by a certified key', 'malformed', certified()),
  ];
};

/** Emergencies that are none. */
const badEmergencies = (documents: readonly NamedDocument[]): readonly BadDocument[] => {
  const found = documents.find(({ name }) => name.startsWith('an emergency'));
  assert(found !== undefined, 'an emergency');
  const fields = itemsOf(itemsOf(found.bytes)[3] as Uint8Array);
  const made = (
    reason: string,
    fault: DocumentFault,
    items: readonly Value[],
    keys: SigningKeys = AGENT_SIGNING_KEYS,
  ): BadDocument => ({
    kind: 'activation',
    reason,
    fault,
    bytes: signRaw('activation', pack(items), keys),
  });
  return [
    made('emergency without an end', 'malformed', fields.with(7, null)),
    made('emergency with a number', 'malformed', fields.with(5, 1)),
    made('emergency with a nonce', 'malformed', fields.with(8, new Uint8Array(16))),
    made('emergency signed by the vendor', 'bad-signature', fields, VENDOR_KEYS),
    made('emergency by a key that its agent certified', 'bad-signature', fields, {
      ...ISSUER_KEYS,
      certificate: signCertificate(CERTIFICATE, AGENT_SIGNING_KEYS, primitives),
    }),
    made('emergency of another agent', 'bad-signature', fields.with(2, CERTIFICATE.key)),
  ];
};

/** Every invalid document. `documents`: the valid ones, the first of each kind is spoiled. */
export const badDocuments = (documents: readonly NamedDocument[]): readonly BadDocument[] => {
  const first = documents.filter(
    ({ kind }, i) => documents.findIndex((one) => one.kind === kind) === i,
  );
  return [...first.flatMap(spoil), ...beyondCertificates(documents), ...badEmergencies(documents)];
};

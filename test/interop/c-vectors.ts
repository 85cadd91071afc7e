/** What the C client is asked of test/vectors, and what it must answer: a line for each. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { type LicenseId, licenseIdToBytes } from '../../protocol/ids.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { REFUSALS } from '../../protocol/refusal.ts';
import { parseReply } from '../../protocol/replies.ts';
import { valueToJson } from '../../scripts/vectors/fixed.ts';
import { printed, printedOffer, printedReply } from './c-printed.ts';

type Vector = Readonly<Record<string, unknown>>;

/** One line to the program, and the line that is expected. */
export interface VectorCheck {
  readonly about: string;
  readonly ask: string;
  readonly answer: string;
}

const load = (name: string): { readonly valid: Vector[]; readonly invalid: Vector[] } =>
  JSON.parse(readFileSync(join(process.cwd(), 'test', 'vectors', `${name}.json`), 'utf8'));

const textOf = (vector: Vector, name: string): string => String(vector[name] ?? '');

/** Bytes as the program takes them: `-` for none. */
const hexOf = (vector: Vector, name: string): string => textOf(vector, name) || '-';

const aboutOf = (file: string, vector: Vector): string =>
  `${file}: ${textOf(vector, 'kind')} ${textOf(vector, 'name') || textOf(vector, 'reason')}`;

/** The session of keys.json. */
const sessionKeys = (): Vector => load('keys').valid[0] ?? {};

const msgpackChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('msgpack');
  return [
    ...valid.map((one) => ({
      about: aboutOf('msgpack', one),
      ask: `msgpack ${hexOf(one, 'hex')}`,
      answer: textOf(one, 'hex'),
    })),
    ...invalid.map((one) => ({
      about: aboutOf('msgpack', one),
      ask: `msgpack ${hexOf(one, 'hex')}`,
      answer: 'refused',
    })),
  ];
};

const keyChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('keys');
  const [session = {}, vendor = {}] = valid;
  const names = ['clientKey', 'shared', 'requestKey', 'replyKey', 'leaseId'];
  const secret = textOf(session, 'clientSecret');
  const signature = textOf(vendor, 'signature');
  const changed = `${signature.slice(0, -2)}${signature.endsWith('00') ? '01' : '00'}`;
  const verify = (bytes: string): string =>
    `verify ${textOf(vendor, 'message')} ${bytes} ${textOf(vendor, 'vendorKey')}`;
  return [
    {
      about: 'keys: session',
      ask: `keys ${secret} ${textOf(session, 'agentKey')}`,
      answer: names.map((name) => textOf(session, name)).join(' '),
    },
    { about: 'keys: signature', ask: verify(signature), answer: 'genuine' },
    { about: 'keys: signature changed', ask: verify(changed), answer: 'refused' },
    ...invalid.map((one) => ({
      about: aboutOf('keys', one),
      ask: `keys ${secret} ${textOf(one, 'agentKey')}`,
      answer: 'refused',
    })),
  ];
};

/** Requests that the client makes; others, and those of a later minor version, are not its own. */
const OWN_REQUESTS = ['acquire', 'renew', 'release', 'document'];

const printedRequest = (one: Vector): string => {
  const isOwn = OWN_REQUESTS.includes(textOf(one, 'kind'));
  const isBorrowing = /borrowed|longer holder/.test(textOf(one, 'name'));
  return isOwn && !isBorrowing ? textOf(one, 'body') : 'not ours';
};

const messageChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('messages');
  const isLater = (one: Vector): boolean => /^renew with fields/.test(textOf(one, 'name'));
  const asked = valid.filter((one) => one['direction'] === 'request' && !isLater(one));
  const replies = valid.filter((one) => one['direction'] === 'reply');
  const bad = invalid.filter((one) => one['direction'] === 'reply');
  return [
    ...asked.map((one) => ({
      about: aboutOf('messages', one),
      ask: `request ${textOf(one, 'body')}`,
      answer: printedRequest(one),
    })),
    ...replies.map((one) => ({
      about: aboutOf('messages', one),
      ask: `reply ${textOf(one, 'body')}`,
      answer: printedReply({ kind: one['kind'], fields: one['fields'] }),
    })),
    ...bad.map((one) => ({
      about: aboutOf('messages', one),
      ask: `reply ${hexOf(one, 'body')}`,
      answer: 'refused',
    })),
  ];
};

const sealAsk = (one: Vector, session: Vector): string => {
  const parts = [textOf(session, 'clientKey'), textOf(one, 'nonce'), textOf(one, 'body')];
  return `seal ${parts.join(' ')} ${textOf(session, 'requestKey')} ${textOf(one, 'cookie')}`;
};

const frameCheck = (one: Vector, session: Vector): VectorCheck | undefined => {
  const about = aboutOf('frames', one);
  const datagram = textOf(one, 'datagram');
  const fields = (one['fields'] ?? []) as readonly unknown[];
  switch (one['kind']) {
    case 'discover': {
      const [nonce, oldest, newest, product] = fields;
      if (oldest !== 1 || newest !== 1) return undefined;
      const name = typeof product === 'string' ? Buffer.from(product).toString('hex') : '-';
      return { about, ask: `discover ${printed(nonce)} ${name}`, answer: datagram };
    }
    case 'offer':
      return { about, ask: `offer ${datagram}`, answer: printedOffer(fields) };
    case 'hello':
    case 'request':
      return { about, ask: sealAsk(one, session), answer: datagram };
    default:
      return undefined;
  }
};

/** A reply by its plain body. */
const printedBody = (body: string): string => {
  const value = unpack(hexToBytes(body) ?? new Uint8Array()) ?? null;
  return printedReply({ kind: parseReply(value)?.kind, fields: valueToJson(value) });
};

const openAsk = (datagram: string, session: Vector): string =>
  `open ${datagram} ${textOf(session, 'clientKey')} ${textOf(session, 'replyKey')}`;

const frameChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('frames');
  const session = sessionKeys();
  const replies = valid.filter((one) => one['kind'] === 'reply');
  const bad = invalid.flatMap((one) => {
    const datagram = hexOf(one, 'datagram');
    const about = aboutOf('frames', one);
    return [`offer ${datagram}`, openAsk(datagram, session)].map((ask) => ({
      about,
      ask,
      answer: 'dropped',
    }));
  });
  return [
    ...valid.flatMap((one) => frameCheck(one, session) ?? []),
    ...replies.map((one) => ({
      about: aboutOf('frames', one),
      ask: openAsk(textOf(one, 'datagram'), session),
      answer: printedBody(textOf(one, 'body')),
    })),
    ...bad,
  ];
};

const licenseChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('licenses');
  const idOf = (one: Vector): string =>
    bytesToHex(licenseIdToBytes(textOf(one, 'licenseId') as LicenseId));
  return [
    ...valid.map((one) => ({
      about: aboutOf('licenses', one),
      ask: `described ${textOf(one, 'document')}`,
      answer: `${textOf(one, 'signer')} ${idOf(one)} ${textOf(one, 'hash')}`,
    })),
    ...invalid.map((one) => ({
      about: aboutOf('licenses', one),
      ask: `license ${hexOf(one, 'document')}`,
      answer: textOf(one, 'fault'),
    })),
  ];
};

/** Documents that the client reads; of every other kind it says that it is one. */
const OWN_DOCUMENTS = ['license', 'certificate', 'activation', 'child', 'revocations'];

const documentChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('documents');
  const tokens = load('borrow-tokens').valid;
  const isOwn = (one: Vector): boolean => OWN_DOCUMENTS.includes(textOf(one, 'kind'));
  const foreign = [...valid.filter((one) => !isOwn(one)), ...tokens];
  return [
    ...valid.filter(isOwn).map((one) => ({
      about: aboutOf('documents', one),
      ask: `${textOf(one, 'kind')} ${textOf(one, 'document')}`,
      answer: 'read',
    })),
    ...invalid.filter(isOwn).map((one) => ({
      about: aboutOf('documents', one),
      ask: `${textOf(one, 'kind')} ${hexOf(one, 'document')}`,
      answer: textOf(one, 'fault'),
    })),
    ...foreign.map((one) => ({
      about: aboutOf('documents', one),
      ask: `license ${textOf(one, 'document')}`,
      answer: textOf(one, 'document').length > 2 * 16_384 ? 'malformed' : 'other-kind',
    })),
  ];
};

const proofChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('proofs');
  return [...valid, ...invalid].map((one) => {
    const fields = ['proof', 'agentKey', 'vendorKey', 'wall'].map((name) => hexOf(one, name));
    const answer = 'fault' in one ? `untrusted-${textOf(one, 'fault')}` : 'ok';
    return { about: aboutOf('proofs', one), ask: `proof ${fields.join(' ')}`, answer };
  });
};

const packedHex = (json: unknown): string => bytesToHex(pack(jsonToValue(json)));

const jsonToValue = (json: unknown): Value => {
  if (Array.isArray(json)) return json.map(jsonToValue);
  if (json === null || typeof json !== 'object') return json as Value;
  return hexToBytes(textOf(json as Vector, 'hex')) ?? null;
};

const grantChecks = (): VectorCheck[] => {
  const { valid, invalid } = load('grants');
  return [...valid, ...invalid].map((one) => {
    const keys = [textOf(one, 'agentKey'), textOf(one, 'vendorKey'), textOf(one, 'wall')];
    const fields = [packedHex(one['wish']), packedHex(one['parts']), ...keys];
    const proofs = one['proofs'] as readonly string[];
    const answer = 'fault' in one ? `untrusted-${textOf(one, 'fault')}` : 'ok';
    const ask = `grant ${[...fields, ...proofs].join(' ')}`;
    return { about: aboutOf('grants', one), ask, answer };
  });
};

const versionChecks = (): VectorCheck[] => {
  const hex = (text: unknown): string =>
    typeof text === 'string' && text !== '' ? bytesToHex(utf8ToBytes(text)) : '-';
  return load('versions').valid.map(({ oldest, newest, version, covered }) => ({
    about: `versions: ${oldest} to ${newest}, ${version}`,
    ask: `covers ${hex(oldest)} ${hex(newest)} ${hex(version)}`,
    answer: String(covered),
  }));
};

const codeChecks = (): VectorCheck[] => [
  ...Object.entries(REFUSALS).map(([code, { number, sentence }]) => ({
    about: `refusal ${number}`,
    ask: `code ${number}`,
    answer: `${code} ${sentence}`,
  })),
  {
    about: 'a refusal of a later minor version',
    ask: `code ${1 + Math.max(...Object.values(REFUSALS).map(({ number }) => number))}`,
    answer: `bad-request ${REFUSALS['bad-request'].sentence}`,
  },
];

/** Everything in test/vectors that concerns a client which acquires, renews and releases. */
export const vectorChecks = (): readonly VectorCheck[] => [
  ...msgpackChecks(),
  ...keyChecks(),
  ...messageChecks(),
  ...frameChecks(),
  ...licenseChecks(),
  ...documentChecks(),
  ...proofChecks(),
  ...grantChecks(),
  ...versionChecks(),
  ...sessionChecks(),
  ...codeChecks(),
];

/** The client's side of the whole session: every datagram that it sends, and all that it hears. */
const sessionChecks = (): VectorCheck[] => {
  const session = sessionKeys();
  return load('session').valid.flatMap((one, i) => {
    const about = `session: datagram ${i + 1}`;
    const datagram = textOf(one, 'datagram');
    if (one['kind'] === 'reply') {
      const answer = printedBody(textOf(one, 'body'));
      return { about, ask: openAsk(datagram, session), answer };
    }
    if (one['kind'] !== 'hello' && one['kind'] !== 'request') return [];
    const cookie = one['kind'] === 'hello' ? datagram.slice(8, 40) : '';
    const nonceAt = one['kind'] === 'hello' ? 104 : 72;
    const nonce = datagram.slice(nonceAt, nonceAt + 32);
    const size = datagram.length / 2 - nonceAt / 2 - 32;
    const body = textOf(one, 'body').padEnd(2 * size, '0');
    return { about, ask: sealAsk({ nonce, body, cookie }, session), answer: datagram };
  });
};

/** Bodies of requests and replies, before they are sealed. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import { encodeRequest } from '../../protocol/packet.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import { type Reply, replyToValue } from '../../protocol/replies.ts';
import { type Request, requestToValue } from '../../protocol/requests.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { fixedBytes, type Json, TERM, type VectorFile, valueToJson, WISH } from './fixed.ts';

const HASH = fixedBytes('document hash', 32);

const REQUESTS: Readonly<Record<string, Request>> = {
  'acquire, nothing special': {
    kind: 'acquire',
    id: 1,
    wish: WISH,
    wait: false,
  },
  'acquire, of a class, with features': {
    kind: 'acquire',
    id: 300,
    wish: {
      ...WISH,
      class: 'developer',
      features: ['export', 'render'],
      holder: { user: '', host: '', process: 0, application: '' },
    },
    wait: true,
  },
  'acquire, longer than the padding': {
    kind: 'acquire',
    id: 2,
    wish: {
      product: 'ü'.repeat(64),
      class: 'c'.repeat(64),
      resource: 'r'.repeat(64),
      features: Array.from({ length: 5 }, (_, i) => `feature ${i} `.padEnd(64, '.')),
      weight: 1_000_000,
      version: 'v'.repeat(64),
      released: epochSeconds(0xffff_ffff),
      holder: { user: 'u'.repeat(128), host: 'h', process: 0xffff_ffff, application: '\u{1f512}' },
    },
    wait: false,
  },
  renew: { kind: 'renew', id: 2, idle: seconds(0) },
  'renew, the last id': { kind: 'renew', id: 0xffff_ffff, idle: seconds(0xffff_ffff) },
  release: { kind: 'release', id: 3 },
  'document, from the start': { kind: 'document', id: 4, hash: HASH, offset: 0 },
  'document, further on': { kind: 'document', id: 5, hash: HASH, offset: 1024 },
};

const REPLIES: Readonly<Record<string, Reply>> = {
  granted: {
    kind: 'granted',
    id: 1,
    term: TERM,
    overdraft: false,
    parts: [{ document: HASH, pool: 1, seats: 1 }],
  },
  renewed: { kind: 'renewed', id: 2, term: TERM },
  released: { kind: 'released', id: 3 },
  piece: { kind: 'piece', id: 4, total: 1030, offset: 1024, bytes: fixedBytes('piece', 6) },
  'new-epoch': { kind: 'new-epoch', id: 7 },
  'ending notice': { kind: 'refused', id: 0, code: 'disconnected', inUse: 0, seats: 0 },
};

const refusals = (): [string, Reply][] =>
  (Object.keys(REFUSALS) as RefusalCode[]).map((code) => [
    `refused, ${code}`,
    { kind: 'refused', id: 9, code, inUse: 3, seats: 3 },
  ]);

const HOLDER_VALUE = ['mira', 'ws-17', 4711, 'Acme CAD 9'];

/** Fields behind those of minor version 0 are to be ignored. */
const EXTENDED: readonly (readonly [string, 'request' | 'reply', Value, string])[] = [
  ['renew with fields of a later minor version', 'request', [2, 5, 'later', [1]], 'renew'],
  [
    'acquire with a longer holder of a later minor version',
    'request',
    [1, 6, 'acme-cad', null, [], [...HOLDER_VALUE, 'later'], 0],
    'acquire',
  ],
  ['renewed with a field of a later minor version', 'reply', [2, 5, 600, true], 'renewed'],
  ['a refusal of a later minor version', 'reply', [5, 5, 200, 0, 0], 'refused'],
];

/** `bad-request`: the id can be read and is answered; `silence`: nothing is. */
const BAD_REQUESTS: readonly (readonly [string, Value, 'bad-request' | 'silence'])[] = [
  ['number of a later minor version', [9, 5], 'bad-request'],
  ['acquire without a product', [1, 5], 'bad-request'],
  ['acquire of an empty product', [1, 5, '', null, [], HOLDER_VALUE], 'bad-request'],
  ['product of 65 characters', [1, 5, 'x'.repeat(65), null, [], HOLDER_VALUE], 'bad-request'],
  ['product with a line end', [1, 5, 'acme\n', null, [], HOLDER_VALUE], 'bad-request'],
  ['product with a text direction', [1, 5, 'acme\u202e', null, [], HOLDER_VALUE], 'bad-request'],
  ['class that is empty', [1, 5, 'acme-cad', '', [], HOLDER_VALUE], 'bad-request'],
  ['features that are no array', [1, 5, 'acme-cad', null, 0, HOLDER_VALUE], 'bad-request'],
  ['65 features', [1, 5, 'acme-cad', null, Array(65).fill('f'), HOLDER_VALUE], 'bad-request'],
  ['holder that is too short', [1, 5, 'acme-cad', null, [], ['mira', 'ws-17']], 'bad-request'],
  [
    'user of 129 characters',
    [1, 5, 'acme-cad', null, [], ['u'.repeat(129), '', 0, '']],
    'bad-request',
  ],
  ['hash of 31 bytes', [4, 5, HASH.slice(1), 0], 'bad-request'],
  ['document without an offset', [4, 5, HASH], 'bad-request'],
  ['no array', 5, 'silence'],
  ['no id', [2], 'silence'],
  ['id that is a text', [2, '5'], 'silence'],
  ['number that is nil', [null, 5], 'silence'],
];

const BAD_REPLIES: readonly (readonly [string, Value])[] = [
  ['number of a later minor version', [9, 5]],
  ['granted without a document', [1, 5, 600, 'generic']],
  ['granted with a term above a day', [1, 5, 86_401, 'generic', HASH]],
  ['renewed without a term', [2, 5]],
  ['piece of 1,025 bytes', [4, 5, 2000, 0, new Uint8Array(1025)]],
  ['refused without numbers', [5, 5, 2]],
  ['no id', [3]],
  ['no array', true],
];

const vector = (
  direction: 'request' | 'reply',
  name: string,
  kind: string,
  value: Value,
  body: Uint8Array,
): Json => ({ name, direction, kind, fields: valueToJson(value), body: bytesToHex(body) });

const requestVector = ([name, request]: readonly [string, Request]): Json => {
  const body = encodeRequest(request);
  if (body === undefined) throw new Error(`Does not fit: ${name}`);
  return vector('request', name, request.kind, requestToValue(request), body);
};

/** `messages.json`. */
export const messageVectors = (): VectorFile => ({
  about:
    'Bodies before sealing: requests with their padding, replies without. "fields" is the array in the body.',
  valid: [
    ...Object.entries(REQUESTS).map(requestVector),
    ...[...Object.entries(REPLIES), ...refusals()].map(([name, reply]) =>
      vector('reply', name, reply.kind, replyToValue(reply), pack(replyToValue(reply))),
    ),
    ...EXTENDED.map(([name, direction, value, kind]) =>
      vector(direction, name, kind, value, pack(value)),
    ),
  ],
  invalid: [
    ...BAD_REQUESTS.map(([reason, value, answer]) => ({
      reason,
      direction: 'request',
      answer,
      body: bytesToHex(pack(value)),
    })),
    {
      reason: 'padding that is not zero',
      direction: 'request',
      answer: 'silence',
      body: '920205000001',
    },
    ...BAD_REPLIES.map(([reason, value]) => ({
      reason,
      direction: 'reply',
      body: bytesToHex(pack(value)),
    })),
  ],
});

/** Bodies of replies, before they are sealed. */

import { TICKET_MAX } from '../../protocol/limits.ts';
import type { Value } from '../../protocol/msgpack.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import type { Reply } from '../../protocol/replies.ts';
import { seconds } from '../../protocol/units.ts';
import { fixedBytes, HASH, TERM } from './fixed.ts';

const OTHER_HASH = fixedBytes('other document hash', 32);

const REPLIES: Readonly<Record<string, Reply>> = {
  granted: {
    kind: 'granted',
    id: 1,
    term: TERM,
    overdraft: false,
    parts: [{ document: HASH, pool: 1, seats: 1 }],
  },
  'granted, five seats of three pools, one beyond the count': {
    kind: 'granted',
    id: 2,
    term: TERM,
    overdraft: true,
    parts: [
      { document: HASH, pool: 0, seats: 2 },
      { document: HASH, pool: 1, seats: 2 },
      { document: OTHER_HASH, pool: 0, seats: 1 },
    ],
  },
  'granted, of a license without pools': {
    kind: 'granted',
    id: 3,
    term: TERM,
    overdraft: false,
    parts: [{ document: HASH, pool: null, seats: 1 }],
  },
  'granted, eight parts, the longest': {
    kind: 'granted',
    id: 0xffff_ffff,
    term: seconds(86_400),
    overdraft: true,
    parts: Array.from({ length: 8 }, (_, i) => ({
      document: fixedBytes(`document ${i}`, 32),
      pool: 31,
      seats: 1_000_000,
    })),
  },
  'granted, by an agent of a site': {
    kind: 'granted',
    id: 4,
    term: TERM,
    overdraft: false,
    parts: [{ document: HASH, pool: 1, seats: 1 }],
    takeover: { ticket: fixedBytes('seat ticket', 40), within: seconds(1) },
  },
  renewed: { kind: 'renewed', id: 2, term: TERM },
  'ending, as the answer to a renew': {
    kind: 'ending',
    id: 2,
    term: seconds(300),
    code: 'seats-reduced',
  },
  'ending, unasked': { kind: 'ending', id: 0, term: seconds(42), code: 'idle' },
  'ending, unasked and at once': {
    kind: 'ending',
    id: 0,
    term: seconds(0),
    code: 'disconnected',
  },
  released: { kind: 'released', id: 3 },
  piece: { kind: 'piece', id: 4, total: 1030, offset: 1024, bytes: fixedBytes('piece', 6) },
  'new-epoch': { kind: 'new-epoch', id: 7 },
  'queued behind two': { kind: 'queued', id: 300, ahead: 2, turn: false, seconds: seconds(5) },
  'queued, next': { kind: 'queued', id: 300, ahead: 0, turn: false, seconds: seconds(5) },
  'queued, with a ticket': {
    kind: 'queued',
    id: 300,
    ahead: 2,
    turn: false,
    seconds: seconds(5),
    ticket: fixedBytes('ticket', 28),
  },
  'queued, its turn': { kind: 'queued', id: 300, ahead: 0, turn: true, seconds: seconds(10) },
  free: { kind: 'free', id: 6, inUse: 4, seats: 5, overdraft: false },
  'free, beyond the count': { kind: 'free', id: 6, inUse: 5, seats: 5, overdraft: true },
  'resources, all of two': {
    kind: 'resources',
    id: 7,
    total: 2,
    offset: 0,
    resources: [
      { name: 'billing', free: 0, total: 3 },
      { name: 'orders', free: 2, total: 2 },
    ],
  },
  'resources, none': { kind: 'resources', id: 8, total: 0, offset: 0, resources: [] },
  drawn: { kind: 'drawn', id: 9, left: 9999, documents: [HASH] },
  'drawn, the last, from two licenses': {
    kind: 'drawn',
    id: 10,
    left: 0,
    documents: [HASH, OTHER_HASH],
  },
  borrowed: { kind: 'borrowed', id: 11, token: fixedBytes('token', 64) },
};

/** Those and one refusal of every number, each by what it is called. */
export const NAMED_REPLIES: readonly (readonly [string, Reply])[] = [
  ...Object.entries(REPLIES),
  ...(Object.keys(REFUSALS) as RefusalCode[]).map(
    (code) => [`refused, ${code}`, { kind: 'refused', id: 9, code, inUse: 3, seats: 3 }] as const,
  ),
];

const PART: Value = [HASH, 0, 1];

/** Fields behind those of minor version 0 are to be ignored. */
export const EXTENDED_REPLIES: readonly (readonly [string, Value, string])[] = [
  ['renewed with a field of a later minor version', [2, 5, 600, true], 'renewed'],
  [
    'a part with a field of a later minor version',
    [1, 5, 600, false, [[HASH, 0, 1, 2]]],
    'granted',
  ],
  ['a refusal of a later minor version', [5, 5, 200, 0, 0], 'refused'],
  ['an ending for a reason of a later minor version', [7, 5, 60, 200], 'ending'],
];

export const BAD_REPLIES: readonly (readonly [string, Value])[] = [
  ['number of a later minor version', [13, 5]],
  ['granted without parts', [1, 5, 600, false]],
  ['granted with a term above a day', [1, 5, 86_401, false, [PART]]],
  ['granted with nine parts', [1, 5, 600, false, Array<Value>(9).fill(PART)]],
  ['granted with an overdraft of one', [1, 5, 600, 1, [PART]]],
  ['a part of pool 32', [1, 5, 600, false, [[HASH, 32, 1]]]],
  ['a part of 1,000,001 seats', [1, 5, 600, false, [[HASH, 0, 1_000_001]]]],
  ['a part with a hash of 31 bytes', [1, 5, 600, false, [[HASH.slice(1), 0, 1]]]],
  ['a part without seats', [1, 5, 600, false, [[HASH, 0]]]],
  ['renewed without a term', [2, 5]],
  ['new-epoch without an id', [6]],
  ['piece of 1,025 bytes', [4, 5, 2000, 0, new Uint8Array(1025)]],
  ['refused without numbers', [5, 5, 2]],
  ['ending without a reason', [7, 5, 60]],
  ['ending in more than a day', [7, 5, 86_401, 31]],
  ['queued without a time', [8, 5, 0, true]],
  ['queued whose turn is a number', [8, 5, 0, 1, 10]],
  ['queued for more than a day', [8, 5, 0, false, 86_401]],
  [
    'granted with a ticket of 65 bytes',
    [1, 5, 600, false, [[new Uint8Array(32), 0, 1]], new Uint8Array(TICKET_MAX + 1), 1],
  ],
  [
    'granted to be renewed within a text',
    [1, 5, 600, false, [[new Uint8Array(32), 0, 1]], new Uint8Array(40), 'soon'],
  ],
  ['queued with a ticket of 65 bytes', [8, 5, 0, false, 5, new Uint8Array(TICKET_MAX + 1)]],
  ['queued with a ticket that is a text', [8, 5, 0, false, 5, 'first']],
  ['free that does not tell of an overdraft', [9, 5, 4, 5]],
  ['257 resources', [10, 5, 257, 0, Array<Value>(257).fill(['r', 0, 1])]],
  ['a resource without a name', [10, 5, 1, 0, [['', 0, 1]]]],
  ['a resource without a total', [10, 5, 1, 0, [['orders', 0]]]],
  ['drawn from nine licenses', [11, 5, 0, Array<Value>(9).fill(HASH)]],
  ['drawn with a hash of 31 bytes', [11, 5, 0, [HASH.slice(1)]]],
  ['borrowed without a token', [12, 5]],
  ['a token of 1,025 bytes', [12, 5, new Uint8Array(1025)]],
  ['no id', [3]],
  ['no array', true],
];

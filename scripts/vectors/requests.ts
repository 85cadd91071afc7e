/** Bodies of requests, before they are sealed. */

import { HOST_CODE_MAX, TICKET_MAX } from '../../protocol/limits.ts';
import type { Value } from '../../protocol/msgpack.ts';
import type { Request } from '../../protocol/requests.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { DRAW_ID, fixedBytes, HASH, HOLDER, HOST_CODE, WISH } from './fixed.ts';

/** As long as one may be; what it says is nobody's concern here. */
const LONGEST_HOST_CODE = new Uint8Array(HOST_CODE_MAX).fill(1);
const NOBODY = { user: '', host: '', process: 0, application: '' };

export const REQUESTS: Readonly<Record<string, Request>> = {
  'acquire, nothing special': { kind: 'acquire', id: 1, wish: WISH, wait: false },
  'acquire, of a class, with features, waiting': {
    kind: 'acquire',
    id: 300,
    wish: { ...WISH, class: 'developer', features: ['export', 'render'], holder: NOBODY },
    wait: true,
  },
  'acquire, five seats for a resource, by a version': {
    kind: 'acquire',
    id: 2,
    wish: {
      ...WISH,
      resource: 'orders',
      weight: 5,
      version: '12.3.1',
      released: epochSeconds(1_772_323_200),
    },
    wait: false,
  },
  'acquire, waiting, with a ticket': {
    kind: 'acquire',
    id: 2,
    wish: WISH,
    wait: true,
    ticket: fixedBytes('ticket', 28),
  },
  'acquire, to be borrowed for a week': {
    kind: 'acquire',
    id: 1,
    wish: { ...WISH, borrow: seconds(604_800) },
    wait: false,
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
  'renew, idle for an hour': { kind: 'renew', id: 3, idle: seconds(3600) },
  'renew, the last id': { kind: 'renew', id: 0xffff_ffff, idle: seconds(0xffff_ffff) },
  release: { kind: 'release', id: 3 },
  'release, of what was borrowed': { kind: 'release', id: 4, returns: true },
  'document, from the start': { kind: 'document', id: 4, hash: HASH, offset: 0 },
  'document, further on': { kind: 'document', id: 5, hash: HASH, offset: 1024 },
  probe: { kind: 'probe', id: 6, wish: { ...WISH, class: 'developer' } },
  'resources, from the start': { kind: 'resources', id: 7, product: 'acme-cad', offset: 0 },
  'resources, further on': { kind: 'resources', id: 8, product: 'acme-cad', offset: 40 },
  draw: {
    kind: 'draw',
    id: 9,
    product: 'acme-cad',
    meter: 'runs',
    amount: 1,
    drawId: DRAW_ID,
    holder: HOLDER,
  },
  'draw, the most': {
    kind: 'draw',
    id: 10,
    product: 'acme-cad',
    meter: 'm'.repeat(64),
    amount: 0xffff_ffff,
    drawId: DRAW_ID,
    holder: NOBODY,
  },
  'borrow, a week': { kind: 'borrow', id: 11, duration: seconds(604_800), hostCode: HOST_CODE },
  'borrow, the longest host code': {
    kind: 'borrow',
    id: 12,
    duration: seconds(1),
    hostCode: LONGEST_HOST_CODE,
  },
};

const HOLDER_VALUE: Value = ['mira', 'ws-17', 4711, 'Acme CAD 9'];
/** Product, class, resource, features, weight, version, released, holder, borrow. */
const WISH_VALUE: readonly Value[] = [
  'acme-cad',
  null,
  null,
  [],
  1,
  null,
  null,
  HOLDER_VALUE,
  null,
];

/** Fields behind those of minor version 0 are to be ignored. */
export const EXTENDED_REQUESTS: readonly (readonly [string, Value, string])[] = [
  ['renew with fields of a later minor version', [2, 5, 0, 'later', [1]], 'renew'],
  [
    'acquire with a longer holder, wish and message of a later minor version',
    [
      1,
      6,
      [...WISH_VALUE.with(7, [...(HOLDER_VALUE as readonly Value[]), 'later']), null, 0],
      true,
      null,
      0,
    ],
    'acquire',
  ],
  ['draw with a field of a later minor version', drawOf(DRAW_ID, 1, 'later'), 'draw'],
];

const acquireOf = (wish: Value): Value => [1, 5, wish, false];

/** `bad-request`: the id can be read and is answered; `silence`: nothing is. */
export const BAD_REQUESTS: readonly (readonly [string, Value, 'bad-request' | 'silence'])[] = [
  ['number of a later minor version', [9, 5], 'bad-request'],
  ['release without an id', [3], 'silence'],
  ['acquire without a wish', [1, 5], 'bad-request'],
  ['acquire that does not say whether it waits', [1, 5, WISH_VALUE], 'bad-request'],
  ['acquire that waits one', [1, 5, WISH_VALUE, 1], 'bad-request'],
  [
    'acquire with a ticket of 65 bytes',
    [1, 5, WISH_VALUE, true, new Uint8Array(TICKET_MAX + 1)],
    'bad-request',
  ],
  ['acquire with a ticket that is a number', [1, 5, WISH_VALUE, true, 1], 'bad-request'],
  ['wish that is no array', acquireOf('acme-cad'), 'bad-request'],
  ['wish without a holder', acquireOf(WISH_VALUE.slice(0, 7)), 'bad-request'],
  ...badWishes().map(
    ([reason, at, value]) =>
      [reason, acquireOf(WISH_VALUE.with(at, value)), 'bad-request'] as const,
  ),
  ['renew without idle', [2, 5], 'bad-request'],
  ['hash of 31 bytes', [4, 5, HASH.slice(1), 0], 'bad-request'],
  ['document without an offset', [4, 5, HASH], 'bad-request'],
  ['probe of an empty product', [5, 5, WISH_VALUE.with(0, '')], 'bad-request'],
  ['resources without an offset', [6, 5, 'acme-cad'], 'bad-request'],
  ['draw of nothing', drawOf(DRAW_ID, 0), 'bad-request'],
  ['draw with an id of 15 bytes', drawOf(DRAW_ID.slice(1), 1), 'bad-request'],
  ['borrow for no time', [8, 5, 0, HOST_CODE], 'bad-request'],
  ['borrow without a host code', [8, 5, 60, null], 'bad-request'],
  ['borrow, one byte too many', [8, 5, 60, new Uint8Array(HOST_CODE_MAX + 1)], 'bad-request'],
  ['no array', 5, 'silence'],
  ['no id', [2], 'silence'],
  ['id that is a text', [2, '5'], 'silence'],
  ['number that is nil', [null, 5], 'silence'],
];

function drawOf(id: Uint8Array, amount: number, ...more: readonly Value[]): Value {
  return [7, 5, 'acme-cad', 'runs', amount, id, HOLDER_VALUE, ...more];
}

/** Which field of a wish does not fit. */
function badWishes(): readonly (readonly [string, number, Value])[] {
  return [
    ['product that is empty', 0, ''],
    ['product of 65 characters', 0, 'x'.repeat(65)],
    ['product with a line end', 0, 'acme\n'],
    ['product with a text direction', 0, 'acme\u202e'],
    ['class that is empty', 1, ''],
    ['resource that is empty', 2, ''],
    ['features that are no array', 3, 0],
    ['65 features', 3, Array<string>(65).fill('f')],
    ['weight of 0', 4, 0],
    ['weight of 1,000,001', 4, 1_000_001],
    ['version that is a number', 5, 12],
    ['version of 65 characters', 5, '1'.repeat(65)],
    ['release date that is a text', 6, '2026-03-01'],
    ['holder that is too short', 7, ['mira', 'ws-17']],
    ['user of 129 characters', 7, ['u'.repeat(129), '', 0, '']],
    ['a time to be borrowed for of 0', 8, 0],
    ['a time to be borrowed for that is a text', 8, 'a week'],
  ];
}

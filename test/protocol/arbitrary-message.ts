/** Requests and replies drawn at random; requests are short enough for a datagram. */

import fc from 'fast-check';
import { HOST_CODE_MAX, TICKET_MAX } from '../../protocol/limits.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import type { Reply, SeatPart } from '../../protocol/replies.ts';
import type { Request, SeatWish } from '../../protocol/requests.ts';
import { seconds } from '../../protocol/units.ts';
import { anyBytes, anyDate, anyHolder, anyText, anyUint, record } from './arbitrary.ts';

const kind = <Kind extends string>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);

const anyPlainWish: fc.Arbitrary<SeatWish> = record({
  product: anyText(1, 64),
  class: fc.option(anyText(1, 30)),
  resource: fc.option(anyText(1, 30)),
  features: fc.array(anyText(1, 20), { maxLength: 3 }),
  weight: fc.integer({ min: 1, max: 1_000_000 }),
  version: fc.option(anyText(1, 20)),
  released: fc.option(anyDate),
  holder: anyHolder,
});

export const anyWish: fc.Arbitrary<SeatWish> = fc.oneof(
  anyPlainWish,
  fc
    .tuple(anyPlainWish, fc.integer({ min: 1, max: 0xffff_ffff }).map(seconds))
    .map(([wish, borrow]) => ({ ...wish, borrow })),
);

export const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  record({ kind: kind('acquire'), id: anyUint, wish: anyWish, wait: fc.boolean() }),
  record({
    kind: kind('acquire'),
    id: anyUint,
    wish: anyWish,
    wait: fc.boolean(),
    ticket: fc.uint8Array({ maxLength: TICKET_MAX }),
  }),
  record({ kind: kind('renew'), id: anyUint, idle: anyUint.map(seconds) }),
  record({ kind: kind('release'), id: anyUint }),
  record({ kind: kind('release'), id: anyUint, returns: fc.constant(true as const) }),
  record({ kind: kind('document'), id: anyUint, hash: anyBytes(32), offset: anyUint }),
  record({ kind: kind('probe'), id: anyUint, wish: anyWish }),
  record({ kind: kind('resources'), id: anyUint, product: anyText(1, 64), offset: anyUint }),
  record({
    kind: kind('draw'),
    id: anyUint,
    product: anyText(1, 64),
    meter: anyText(1, 64),
    amount: fc.integer({ min: 1, max: 0xffff_ffff }),
    drawId: anyBytes(16),
    holder: anyHolder,
  }),
  record({
    kind: kind('borrow'),
    id: anyUint,
    duration: fc.integer({ min: 1, max: 0xffff_ffff }).map(seconds),
    hostCode: fc.uint8Array({ maxLength: HOST_CODE_MAX }),
  }),
);

const anyTerm = fc.nat(86_400).map(seconds);
const anyCode = fc.constantFrom(...(Object.keys(REFUSALS) as RefusalCode[]));

const anyPart: fc.Arbitrary<SeatPart> = record({
  document: anyBytes(32),
  pool: fc.option(fc.nat(31)),
  seats: fc.nat(1_000_000),
});

const anyGrant = {
  kind: kind('granted'),
  id: anyUint,
  term: anyTerm,
  overdraft: fc.boolean(),
  parts: fc.array(anyPart, { maxLength: 8 }),
};

export const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  record(anyGrant),
  record({
    ...anyGrant,
    takeover: record({ ticket: fc.uint8Array({ maxLength: 64 }), within: anyTerm }),
  }),
  record({ kind: kind('renewed'), id: anyUint, term: anyTerm }),
  record({ kind: kind('ending'), id: anyUint, term: anyTerm, code: anyCode }),
  record({ kind: fc.constantFrom('released' as const, 'new-epoch' as const), id: anyUint }),
  record({
    kind: kind('piece'),
    id: anyUint,
    total: anyUint,
    offset: anyUint,
    bytes: fc.uint8Array({ maxLength: 1024 }),
  }),
  record({ kind: kind('refused'), id: anyUint, code: anyCode, inUse: anyUint, seats: anyUint }),
  record({
    kind: kind('queued'),
    id: anyUint,
    ahead: anyUint,
    turn: fc.boolean(),
    seconds: anyTerm,
  }),
  record({
    kind: kind('queued'),
    id: anyUint,
    ahead: anyUint,
    turn: fc.boolean(),
    seconds: anyTerm,
    ticket: fc.uint8Array({ maxLength: TICKET_MAX }),
  }),
  record({
    kind: kind('free'),
    id: anyUint,
    inUse: anyUint,
    seats: anyUint,
    overdraft: fc.boolean(),
  }),
  record({
    kind: kind('resources'),
    id: anyUint,
    total: anyUint,
    offset: anyUint,
    resources: fc.array(record({ name: anyText(1, 64), free: anyUint, total: anyUint }), {
      maxLength: 5,
    }),
  }),
  record({
    kind: kind('drawn'),
    id: anyUint,
    left: anyUint,
    documents: fc.array(anyBytes(32), { maxLength: 8 }),
  }),
  record({ kind: kind('borrowed'), id: anyUint, token: fc.uint8Array({ maxLength: 1024 }) }),
);

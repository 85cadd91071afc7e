/** Values, messages and documents drawn at random, within the bounds that the protocol sets. */

import fc from 'fast-check';
import type { Holder } from '../../protocol/holder.ts';
import type { License } from '../../protocol/license.ts';
import type { Value } from '../../protocol/msgpack.ts';
import type { Discover, Offer } from '../../protocol/offers.ts';
import { REFUSALS, type RefusalCode } from '../../protocol/refusal.ts';
import type { Reply } from '../../protocol/replies.ts';
import type { Request } from '../../protocol/requests.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';

/** Objects as the code makes them: fast-check's own may have no prototype. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

const UINT32_MAX = 0xffff_ffff;

export const anyUint: fc.Arbitrary<number> = fc.oneof(
  fc.nat(UINT32_MAX),
  fc.constantFrom(0, 127, 128, 255, 256, 65_535, 65_536, UINT32_MAX),
);

export const anyBytes = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: size, maxLength: size });

/** Text that any field takes, in UTF-16 units. */
export const anyText = (least: number, most: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom('a', 'Z', ' ', 'ü', '株', '\u{1f512}', '~'), maxLength: most })
    .map((text) =>
      text.length > most ? text.slice(0, most).replace(/[\ud800-\udbff]$/, '') : text,
    )
    .map((text) => (text.length < least ? 'x'.repeat(least) : text));

export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom(null, true, false),
    anyUint,
    anyText(0, 300),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
  ),
})).value;

const anyVersions = record({ oldest: fc.nat(255), newest: fc.nat(255) });

export const anyDiscover: fc.Arbitrary<Discover> = record({
  nonce: anyBytes(16),
  versions: anyVersions,
  product: fc.option(anyText(1, 64)),
});

export const anyOffer: fc.Arbitrary<Offer> = record({
  nonce: anyBytes(16),
  versions: anyVersions,
  agentKey: anyBytes(32),
  epoch: anyBytes(8),
  cookie: anyBytes(16),
  name: anyText(0, 64),
  version: anyText(0, 64),
  products: fc.array(record({ product: anyText(1, 64), free: anyUint, total: anyUint }), {
    maxLength: 3,
  }),
  more: anyUint,
});

export const anyHolder: fc.Arbitrary<Holder> = record({
  user: anyText(0, 60),
  host: anyText(0, 60),
  process: anyUint,
  application: anyText(0, 60),
});

export const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  record({
    kind: fc.constant('acquire' as const),
    id: anyUint,
    product: anyText(1, 64),
    class: fc.option(anyText(1, 64)),
    features: fc.array(anyText(1, 20), { maxLength: 4 }),
    holder: anyHolder,
  }),
  record({ kind: fc.constantFrom('renew' as const, 'release' as const), id: anyUint }),
  record({
    kind: fc.constant('document' as const),
    id: anyUint,
    hash: anyBytes(32),
    offset: anyUint,
  }),
);

const anyTerm = fc.nat(86_400).map(seconds);

export const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  record({
    kind: fc.constant('granted' as const),
    id: anyUint,
    term: anyTerm,
    class: anyText(0, 64),
    document: anyBytes(32),
  }),
  record({ kind: fc.constant('renewed' as const), id: anyUint, term: anyTerm }),
  record({ kind: fc.constantFrom('released' as const, 'new-epoch' as const), id: anyUint }),
  record({
    kind: fc.constant('piece' as const),
    id: anyUint,
    total: anyUint,
    offset: anyUint,
    bytes: fc.uint8Array({ maxLength: 1024 }),
  }),
  record({
    kind: fc.constant('refused' as const),
    id: anyUint,
    code: fc.constantFrom(...(Object.keys(REFUSALS) as RefusalCode[])),
    inUse: anyUint,
    seats: anyUint,
  }),
);

export const anyLicense: fc.Arbitrary<Omit<License, 'id'>> = record({
  product: anyText(1, 64),
  customer: anyText(1, 128),
  issued: anyUint.map(epochSeconds),
  starts: anyUint.map(epochSeconds),
  expires: fc.option(anyUint.map(epochSeconds)),
  term: fc.integer({ min: 10, max: 86_400 }).map(seconds),
  pools: fc.uniqueArray(record({ class: anyText(1, 64), seats: fc.nat(1_000_000) }), {
    minLength: 1,
    maxLength: 32,
    selector: (pool) => pool.class,
  }),
  features: fc.array(anyText(1, 64), { maxLength: 64 }),
  activation: fc.constantFrom('required' as const, 'none' as const),
  hosts: record({
    virtual: fc.constantFrom('refuse' as const, 'allow' as const),
    container: fc.constantFrom('refuse' as const, 'allow' as const, 'host' as const),
    unknown: fc.constantFrom('refuse' as const, 'allow' as const),
  }),
});

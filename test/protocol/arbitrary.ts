/** Values, texts and what goes in the clear, drawn at random within the bounds that the protocol sets. */

import fc from 'fast-check';
import type { Holder } from '../../protocol/holder.ts';
import type { Value } from '../../protocol/msgpack.ts';
import type { Discover, Offer } from '../../protocol/offers.ts';
import { epochSeconds } from '../../protocol/units.ts';

/** Objects as the code makes them: fast-check's own may have no prototype. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

const UINT32_MAX = 0xffff_ffff;

export const anyUint: fc.Arbitrary<number> = fc.oneof(
  fc.nat(UINT32_MAX),
  fc.constantFrom(0, 127, 128, 255, 256, 65_535, 65_536, UINT32_MAX),
);

export const anyDate = anyUint.map(epochSeconds);

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
  user: anyText(0, 40),
  host: anyText(0, 40),
  process: anyUint,
  application: anyText(0, 40),
});

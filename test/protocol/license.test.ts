import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { concatBytes, equalBytes } from '../../protocol/bytes.ts';
import { licenseId } from '../../protocol/ids.ts';
import type { License, PoolGrant } from '../../protocol/license.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { hashDocument, openDocument } from '../../protocol/signed-document.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import {
  LICENSE,
  LICENSE_BYTES,
  LICENSE_ID,
  poolOf,
  VENDOR_KEYS,
} from '../../scripts/vectors/fixed.ts';
import { anyBytes } from './arbitrary.ts';
import { anyLicense } from './arbitrary-license.ts';

const sign = (license: Omit<License, 'id'>): Uint8Array =>
  signLicense(license, LICENSE_ID, VENDOR_KEYS, primitives);

const verdict = (bytes: Uint8Array): string => {
  const opened = openLicense(bytes, primitives);
  return opened.ok ? 'read' : opened.error;
};

const licenses = suite('license');

licenses('every license reads back under the key that signed it', () => {
  fc.assert(
    fc.property(anyLicense, anyBytes(16), (license, id) => {
      const bytes = signLicense(license, id, VENDOR_KEYS, primitives);
      const opened = openLicense(bytes, primitives);
      assert.ok(opened.ok);
      if (!opened.ok) return;
      assert.equal(opened.value.license, { ...license, id: licenseId(id) });
      assert.ok(equalBytes(opened.value.vendor, VENDOR_KEYS.publicKey));
      assert.ok(equalBytes(opened.value.bytes, bytes));
    }),
    { numRuns: 100 },
  );
});

licenses('no license survives the change of any bit', () => {
  for (let bit = 0; bit < 8 * LICENSE_BYTES.length; bit++) {
    const changed = LICENSE_BYTES.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.is.not(verdict(changed), 'read', `bit ${bit}`);
  }
});

licenses('no license survives being cut short or lengthened', () => {
  for (let end = 0; end < LICENSE_BYTES.length; end++)
    assert.is(verdict(LICENSE_BYTES.subarray(0, end)), 'malformed');
  assert.is(verdict(concatBytes(LICENSE_BYTES, new Uint8Array(1))), 'malformed');
});

licenses('a signature for one kind of document does not serve another', () => {
  const [, , signer, payload, signature] = unpack(LICENSE_BYTES) as readonly Value[];
  assert.is(verdict(pack(['usher-lease', 1, signer, payload, signature] as Value)), 'other-kind');
  assert.is(
    verdict(pack(['usher-license', 3, signer, payload, signature] as Value)),
    'newer-format',
  );
  assert.is(verdict(pack(['pusher', 1, signer, payload, signature] as Value)), 'malformed');
});

const STANDALONE = {
  ...LICENSE,
  type: 'standalone',
  pools: [],
  hostCode: new Uint8Array(10),
} as const;
const SERVER = { ...LICENSE, type: 'server', pools: [] } as const;
const stageOf = (from: number, until: number | null): PoolGrant => ({
  ...poolOf(1),
  stages: [
    { from: epochSeconds(from), until: until === null ? null : epochSeconds(until), seats: 2 },
  ],
});
const borrow = { seats: 1, longest: seconds(60) };
const earlier = licenseId(new Uint8Array(16));
const versionsOf = (oldest: string | null, newest: string | null) => ({
  versions: { oldest, newest },
});

licenses('a license of any type may be for one computer alone', () => {
  for (const license of [LICENSE, SERVER, STANDALONE]) {
    const bound = { ...license, hostCode: new Uint8Array(10).fill(1) };
    const opened = openLicense(signLicense(bound, LICENSE_ID, VENDOR_KEYS, primitives), primitives);
    assert.ok(opened.ok && opened.value.license.hostCode?.length === 10);
  }
});

const UNSOUND: Readonly<Record<string, Omit<License, 'id'>>> = {
  'a floating license without pools': { ...LICENSE, pools: [] },
  'a named license without pools': { ...LICENSE, type: 'named', pools: [] },
  'a server license with a pool': { ...SERVER, pools: [poolOf(1)] },
  'a standalone license with a pool': { ...STANDALONE, pools: [poolOf(1)] },
  'a standalone license without a host code': { ...STANDALONE, hostCode: null },
  'two pools of one class': { ...LICENSE, pools: [poolOf(1), poolOf(2)] },
  'a stage that ends when it begins': { ...LICENSE, pools: [stageOf(5, 5)] },
  'a stage that ends before it begins': { ...LICENSE, pools: [poolOf(1, 'x'), stageOf(5, 4)] },
  'two meters of one name': {
    ...LICENSE,
    meters: [
      { name: 'runs', allowance: 1 },
      { name: 'runs', allowance: 2 },
    ],
  },
  'an oldest version that is none': { ...LICENSE, ...versionsOf('twelve', null) },
  'a newest version that is none': { ...LICENSE, ...versionsOf('12', '12..3') },
  'borrowing from a server license': { ...SERVER, borrow },
  'borrowing from a standalone license': { ...STANDALONE, borrow },
  'a license superseded twice': { ...LICENSE, supersedes: [earlier, earlier] },
  'a license that supersedes itself': { ...LICENSE, supersedes: [licenseId(LICENSE_ID)] },
};

for (const [what, license] of Object.entries(UNSOUND))
  licenses(`${what} is refused`, () => assert.is(verdict(sign(license)), 'malformed'));

licenses('what is unsound is so by one word', () => {
  for (const sound of [
    SERVER,
    STANDALONE,
    { ...LICENSE, type: 'named' as const, borrow, supersedes: [earlier] },
    { ...LICENSE, pools: [stageOf(5, 6)] },
    { ...LICENSE, pools: [stageOf(5, null)], ...versionsOf('12', '12.3') },
  ])
    assert.is(verdict(sign(sound)), 'read');
});

licenses('an array within has no further fields either', () => {
  const [, , , payloadBytes] = unpack(LICENSE_BYTES) as readonly Value[];
  const payload = unpack(payloadBytes as Uint8Array) as readonly Value[];
  for (const changed of [
    payload.with(9, [['generic', 1, 0, [], 0]]),
    payload.with(19, [0, 0, 0, 0]),
  ]) {
    const bytes = signPayload(pack(changed));
    assert.ok(openDocument('license', bytes, primitives).ok, 'the envelope is genuine');
    assert.is(verdict(bytes), 'malformed');
  }
});

/** Any payload in a genuine envelope. */
const signPayload = (payload: Uint8Array): Uint8Array => {
  const context = new TextEncoder().encode('usher license 1\0');
  const message = concatBytes(context, VENDOR_KEYS.publicKey, payload);
  const signature = primitives.sign(message, VENDOR_KEYS);
  return pack(['usher-license', 1, VENDOR_KEYS.publicKey, payload, signature]);
};

licenses('random bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.is.not(verdict(bytes), 'read');
    }),
    { numRuns: 2000 },
  );
});

licenses('a document is named by the start of its hash', () => {
  const hash = hashDocument(LICENSE_BYTES, primitives);
  assert.is(hash.length, 32);
  assert.ok(equalBytes(hash, primitives.sha512(LICENSE_BYTES).subarray(0, 32)));
});

licenses.run();

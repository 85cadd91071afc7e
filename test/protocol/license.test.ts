import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { concatBytes, equalBytes } from '../../protocol/bytes.ts';
import { licenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { hashDocument, openDocument } from '../../protocol/signed-document.ts';
import { openLicense, signLicense } from '../../protocol/signed-license.ts';
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
      assert.ok(equalBytes(opened.value.signer, VENDOR_KEYS.publicKey));
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
    verdict(pack(['usher-license', 2, signer, payload, signature] as Value)),
    'newer-format',
  );
  assert.is(verdict(pack(['pusher', 1, signer, payload, signature] as Value)), 'malformed');
});

licenses('two pools of one class are refused', () => {
  const pool = poolOf(1);
  assert.is(verdict(sign({ ...LICENSE, pools: [pool, pool] })), 'malformed');
  assert.is(verdict(sign({ ...LICENSE, pools: [] })), 'malformed');
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

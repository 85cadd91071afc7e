import fc from 'fast-check';
import nacl from 'tweetnacl';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex } from '../../protocol/bytes.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../protocol/portable-primitives.ts';
import { deriveSessionKeys, openSealed, SEAL_OVERHEAD, sealInPlace } from '../../protocol/seal.ts';
import { anyBytes } from './arbitrary.ts';

const seal = (body: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array => {
  const target = new Uint8Array(SEAL_OVERHEAD + body.length);
  target.set(body, SEAL_OVERHEAD);
  sealInPlace(target, 0, body.length, nonce, key);
  return target;
};

const sealing = suite('seal');

sealing('any body opens again, under its own key and nonce only', () => {
  const body = fc.uint8Array({ maxLength: 1100 });
  fc.assert(
    fc.property(body, anyBytes(16), anyBytes(32), fc.nat(), (plain, nonce, key, at) => {
      const box = seal(plain, nonce, key);
      assert.equal(openSealed(box, nonce, key)?.slice(), plain);
      const flip = (bytes: Uint8Array): Uint8Array =>
        bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte));
      assert.is(openSealed(flip(box), nonce, key), undefined);
      assert.is(openSealed(box, flip(nonce), key), undefined);
      assert.is(openSealed(box, nonce, flip(key)), undefined);
    }),
    { numRuns: 300 },
  );
});

sealing('boxes of impossible sizes do not open', () => {
  for (const size of [0, 15, 1185, 70_000])
    assert.is(openSealed(new Uint8Array(size), new Uint8Array(16), new Uint8Array(32)), undefined);
});

sealing('it is the secretbox of NaCl, its nonce completed by zeros', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      anyBytes(16),
      anyBytes(32),
      (plain, nonce, key) => {
        const whole = new Uint8Array(24);
        whole.set(nonce);
        assert.equal(seal(plain, nonce, key), nacl.secretbox(plain, whole, key));
      },
    ),
  );
});

sealing('both ends derive the same keys, one for each direction', () => {
  fc.assert(
    fc.property(anyBytes(32), anyBytes(32), (clientSecret, agentSecret) => {
      const clientKey = primitives.agreementKeys(clientSecret).publicKey;
      const agentKey = primitives.agreementKeys(agentSecret).publicKey;
      const ends = { clientKey, agentKey };
      const client = { ...ends, ownSecret: clientSecret, otherKey: agentKey };
      const agent = { ...ends, ownSecret: agentSecret, otherKey: clientKey };
      const keys = deriveSessionKeys(client, primitives);
      assert.equal(deriveSessionKeys(agent, portablePrimitives), keys);
      assert.ok(keys);
      if (keys !== undefined) assert.is.not(bytesToHex(keys.request), bytesToHex(keys.reply));
    }),
    { numRuns: 20 },
  );
});

sealing('no keys are derived with a key of small order', () => {
  const ownSecret = new Uint8Array(32).fill(5);
  const clientKey = primitives.agreementKeys(ownSecret).publicKey;
  const agentKey = new Uint8Array(32);
  const ends = { ownSecret, otherKey: agentKey, clientKey, agentKey };
  assert.is(deriveSessionKeys(ends, primitives), undefined);
  assert.is(deriveSessionKeys(ends, portablePrimitives), undefined);
});

sealing.run();

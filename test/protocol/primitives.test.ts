import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex, hexToBytes } from '../../protocol/bytes.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../protocol/portable-primitives.ts';
import { isSoundKey } from '../../protocol/primitives.ts';
import { anyBytes } from './arbitrary.ts';

const TWINS = { portable: portablePrimitives, native: nativePrimitives };
const hex = (text: string): Uint8Array => hexToBytes(text) ?? new Uint8Array();
const message = fc.uint8Array({ maxLength: 100 });
const RUNS = { numRuns: 40 };

/** RFC 8032, section 7.1: seed, public key, message, signature. */
const SIGNATURES = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

/** Every encoding of a point whose order divides eight, the ones with y ≥ p included. */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The signature with its S larger by the group order: it satisfies the same equation. */
const withLargerS = (signature: Uint8Array): Uint8Array => {
  const other = signature.slice();
  let scalar = ORDER;
  for (let i = 0; i < 32; i++) scalar += BigInt(signature[32 + i] ?? 0) << BigInt(8 * i);
  for (let i = 0; i < 32; i++) other[32 + i] = Number((scalar >> BigInt(8 * i)) & 255n);
  return other;
};

const primitives = suite('primitives');

for (const [twin, own] of Object.entries(TWINS)) {
  primitives(`${twin}: RFC 8032 signatures`, () => {
    for (const [seed, key, text, signature] of SIGNATURES) {
      const keys = own.signingKeys(hex(seed));
      assert.is(bytesToHex(keys.publicKey), key);
      assert.is(bytesToHex(own.sign(hex(text), keys)), signature);
      assert.ok(own.verify(hex(text), hex(signature), hex(key)));
      assert.not(own.verify(hex(`${text}00`), hex(signature), hex(key)));
    }
  });

  primitives(`${twin}: RFC 7748 agreement`, () => {
    const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const point = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    const shared = own.agree(scalar, point);
    assert.is(
      bytesToHex(shared ?? new Uint8Array()),
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    );
  });

  primitives(`${twin}: a point with its high bit set is read without it`, () => {
    const scalar = hex('4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d');
    const point = hex('e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493');
    assert.is(
      bytesToHex(own.agree(scalar, point) ?? new Uint8Array()),
      '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
    );
  });

  primitives(`${twin}: S not below the group order is refused`, () => {
    for (const [, key, text, signature] of SIGNATURES)
      assert.not(own.verify(hex(text), withLargerS(hex(signature)), hex(key)));
  });

  primitives(`${twin}: keys of small order are refused`, () => {
    const identity = hex(`01${'00'.repeat(63)}`);
    const secret = new Uint8Array(32).fill(8);
    for (const key of SMALL_ORDER)
      assert.not(own.verify(new Uint8Array(5), identity, hex(key)), key);
    assert.is(own.agree(secret, new Uint8Array(32)), undefined);
    assert.is(own.agree(secret, hex(`01${'00'.repeat(31)}`)), undefined);
  });

  primitives(`${twin}: wrong sizes are refused`, () => {
    const [, key, text, signature] = SIGNATURES[0];
    assert.not(own.verify(hex(text), hex(signature).subarray(1), hex(key)));
    assert.not(own.verify(hex(text), hex(signature), hex(key).subarray(1)));
  });

  primitives(`${twin}: SHA-512`, () => {
    for (const hash of [own.sha512, own.sha512Secret]) {
      const digest = hash(new Uint8Array([0x61, 0x62, 0x63]));
      assert.ok(bytesToHex(digest).startsWith('ddaf35a193617abacc417349ae204131'));
      assert.is(digest.length, 64);
      assert.is(Object.getPrototypeOf(digest), Uint8Array.prototype);
    }
  });
}

primitives('the twins sign, verify, agree and hash alike', () => {
  fc.assert(
    fc.property(anyBytes(32), anyBytes(32), message, fc.nat(767), (seed, other, text, bit) => {
      const { portable, native } = TWINS;
      const keys = portable.signingKeys(seed);
      assert.equal(keys, native.signingKeys(seed));
      const signature = portable.sign(text, keys);
      assert.equal(signature, native.sign(text, keys));
      assert.equal(portable.agreementKeys(seed), native.agreementKeys(seed));
      assert.equal(portable.agree(seed, other), native.agree(seed, other));
      assert.equal(portable.sha512(text), native.sha512(text));
      assert.equal(portable.sha512Secret(text), native.sha512Secret(text));
      const spoiled = new Uint8Array([...signature, ...keys.publicKey]);
      spoiled[bit >> 3] = (spoiled[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const [changed, key] = [spoiled.slice(0, 64), spoiled.slice(64)];
      assert.not(portable.verify(text, changed, key));
      assert.not(native.verify(text, changed, key));
    }),
    RUNS,
  );
});

primitives('the twins judge arbitrary keys and signatures alike', () => {
  fc.assert(
    fc.property(anyBytes(32), anyBytes(64), message, (key, signature, text) => {
      assert.is(
        portablePrimitives.verify(text, signature, key),
        nativePrimitives.verify(text, signature, key),
      );
    }),
    RUNS,
  );
});

primitives('sound keys are those with a canonical y and a large order', () => {
  for (const key of SMALL_ORDER) assert.not(isSoundKey(hex(key)), key);
  const signed = Buffer.from(`eb${'ff'.repeat(31)}`, 'hex');
  isSoundKey(signed);
  assert.is(signed[31], 0xff, 'looking at a key does not change it');
  for (const low of ['ed', 'f0', 'ff']) assert.not(isSoundKey(hex(`${low}${'ff'.repeat(30)}7f`)));
  assert.ok(isSoundKey(hex(`eb${'ff'.repeat(30)}7f`)));
  for (const [, key] of SIGNATURES) assert.ok(isSoundKey(hex(key)));
});

primitives.run();

import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  agentSigningKeys,
  type BorrowToken,
  openBorrowToken,
  resourceMark,
  signBorrowToken,
} from '../../protocol/borrow-token.ts';
import { concatBytes, equalBytes, utf8ToBytes } from '../../protocol/bytes.ts';
import { HOST_CODE_MAX } from '../../protocol/limits.ts';
import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { portablePrimitives } from '../../protocol/portable-primitives.ts';
import { openDocument } from '../../protocol/signed-document.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { anyBytes, anyText, anyUint } from './arbitrary.ts';

const SECRET = new Uint8Array(32).fill(7);
const KEYS = agentSigningKeys(SECRET, primitives);

const TOKEN: BorrowToken = {
  clientKey: new Uint8Array(32).fill(1),
  product: 'acme-cad',
  resource: null,
  parts: [
    { document: new Uint8Array(32).fill(2), pool: 1, seats: 1 },
    { document: new Uint8Array(32).fill(3), pool: null, seats: 0 },
  ],
  hostCode: new Uint8Array(40).fill(4),
  from: epochSeconds(1_767_225_600),
  until: epochSeconds(1_767_225_600 + 7 * 86_400),
  agentName: 'licenses-1',
  agentKey: new Uint8Array(32).fill(5),
};
const BYTES = signBorrowToken(TOKEN, KEYS, primitives);

const verdict = (bytes: Uint8Array): string => {
  const opened = openBorrowToken(bytes, primitives);
  return opened.ok ? 'read' : opened.error;
};

/** Any payload in a genuine envelope. */
const signPayload = (payload: Uint8Array): Uint8Array => {
  const message = concatBytes(utf8ToBytes('usher borrowing 1\0'), KEYS.publicKey, payload);
  return pack(['usher-borrowing', 1, KEYS.publicKey, payload, primitives.sign(message, KEYS)]);
};

const payloadOf = (bytes: Uint8Array): readonly Value[] => {
  const [, , , payload] = unpack(bytes) as readonly Value[];
  return unpack(payload as Uint8Array) as readonly Value[];
};

const anyToken: fc.Arbitrary<BorrowToken> = fc
  .tuple(
    fc.record({ clientKey: anyBytes(32), agentKey: anyBytes(32), product: anyText(1, 64) }),
    fc.option(anyBytes(16)),
    fc.array(
      fc.record({
        document: anyBytes(32),
        pool: fc.option(fc.nat(31)),
        seats: fc.nat(1_000_000),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    fc.uint8Array({ maxLength: HOST_CODE_MAX }),
    fc.uniqueArray(anyUint, { minLength: 2, maxLength: 2 }),
    anyText(0, 24),
  )
  .map(([names, resource, parts, hostCode, dates, agentName]) => {
    const [from = 0, until = 1] = dates.toSorted((a, b) => a - b);
    const plain = parts.map((part) => ({ ...part }));
    const [start, end] = [epochSeconds(from), epochSeconds(until)];
    return { ...names, resource, parts: plain, hostCode, from: start, until: end, agentName };
  });

const tokens = suite('borrow token');

tokens('every token reads back under the key that signed it, and is one piece', () => {
  fc.assert(
    fc.property(anyToken, (token) => {
      const bytes = signBorrowToken(token, KEYS, primitives);
      assert.ok(bytes.length <= 1024);
      const opened = openBorrowToken(bytes, primitives);
      assert.ok(opened.ok);
      if (!opened.ok) return;
      assert.equal(opened.value.token, token);
      assert.ok(equalBytes(opened.value.signer, KEYS.publicKey));
      assert.ok(equalBytes(opened.value.bytes, bytes));
    }),
    { numRuns: 200 },
  );
});

tokens('no token survives the change of any bit', () => {
  for (let bit = 0; bit < 8 * BYTES.length; bit++) {
    const changed = BYTES.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.is.not(verdict(changed), 'read', `bit ${bit}`);
  }
});

tokens('no token survives being cut short or lengthened', () => {
  for (let end = 0; end < BYTES.length; end++)
    assert.is(verdict(BYTES.subarray(0, end)), 'malformed');
  assert.is(verdict(concatBytes(BYTES, new Uint8Array(1))), 'malformed');
});

tokens('the longest there can be is one piece: the name of the agent is shortened', () => {
  const longest: BorrowToken = {
    ...TOKEN,
    product: '株'.repeat(64),
    resource: new Uint8Array(16),
    parts: Array.from({ length: 8 }, () => ({
      document: new Uint8Array(32),
      pool: 31,
      seats: 1_000_000,
    })),
    hostCode: new Uint8Array(HOST_CODE_MAX),
    until: epochSeconds(0xffff_ffff),
    agentName: '\u{1f512}'.repeat(32),
  };
  const bytes = signBorrowToken(longest, KEYS, primitives);
  assert.ok(bytes.length <= 1024, `${bytes.length} bytes`);
  const opened = openBorrowToken(bytes, primitives);
  assert.equal(opened.ok && opened.value.token, {
    ...longest,
    agentName: '\u{1f512}'.repeat(24),
  });
});

tokens('what is longer than a piece is not read', () => {
  const payload = payloadOf(BYTES);
  assert.is(verdict(signPayload(pack(payload))), 'read');
  const bytes = signPayload(pack([...payload, new Uint8Array(1024)]));
  assert.ok(openDocument('borrowing', bytes, primitives).ok, 'the envelope is genuine');
  assert.is(verdict(bytes), 'malformed');
});

tokens('fields that do not fit together are refused', () => {
  const payload = payloadOf(BYTES);
  const wrong: readonly (readonly [number, Value])[] = [
    [0, new Uint8Array(31)],
    [1, ''],
    [2, new Uint8Array(15)],
    [3, []],
    [3, Array.from({ length: 9 }, () => [new Uint8Array(32), null, 1])],
    [3, [[new Uint8Array(32), 32, 1]]],
    [3, [[new Uint8Array(32), null, 1, 0]]],
    [3, [[new Uint8Array(32), null, 1_000_001]]],
    [4, new Uint8Array(HOST_CODE_MAX + 1)],
    [6, TOKEN.from],
    [7, 'x'.repeat(65)],
    [7, 'a\u0007'],
    [8, new Uint8Array(33)],
  ];
  for (const [index, value] of wrong) {
    const bytes = signPayload(pack(payload.with(index, value)));
    assert.ok(openDocument('borrowing', bytes, primitives).ok, 'the envelope is genuine');
    assert.is(verdict(bytes), 'malformed', `field ${index}`);
  }
  assert.is(verdict(signPayload(pack([...payload, 0]))), 'malformed');
  assert.is(verdict(signPayload(pack(payload.slice(0, -1)))), 'malformed');
});

tokens('a license is no token, and a token no license', () => {
  const [, , signer, payload, signature] = unpack(BYTES) as readonly Value[];
  const relabelled = pack(['usher-license', 1, signer, payload, signature] as Value);
  assert.is(verdict(relabelled), 'other-kind');
  const opened = openDocument('license', relabelled, primitives);
  assert.is(opened.ok ? 'read' : opened.error, 'bad-signature');
});

tokens('an agent has one signing key, whatever computes it, and no other agent has it', () => {
  const portable = agentSigningKeys(SECRET, portablePrimitives);
  assert.ok(equalBytes(portable.publicKey, KEYS.publicKey));
  assert.not(equalBytes(KEYS.secretKey, SECRET));
  const other = agentSigningKeys(new Uint8Array(32).fill(8), primitives);
  assert.not(equalBytes(other.publicKey, KEYS.publicKey));
});

tokens('a resource is known by its name in either case', () => {
  const mark = resourceMark('Sales', primitives.sha512);
  assert.is(mark.length, 16);
  assert.ok(equalBytes(mark, resourceMark('sALES', primitives.sha512)));
  assert.not(equalBytes(mark, resourceMark('sale', primitives.sha512)));
});

tokens('a token that nobody would read is not signed', () => {
  assert.throws(() => signBorrowToken({ ...TOKEN, until: TOKEN.from }, KEYS, primitives), /Bug/);
  assert.throws(() => signBorrowToken({ ...TOKEN, parts: [] }, KEYS, primitives), /Bug/);
});

tokens.run();

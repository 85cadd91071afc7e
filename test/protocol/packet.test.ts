import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex } from '../../protocol/bytes.ts';
import type { Frame } from '../../protocol/frame.ts';
import { DATAGRAM_MAX, DISCOVER_SIZE, HOST_CODE_MAX } from '../../protocol/limits.ts';
import { pack } from '../../protocol/msgpack.ts';
import { buildNonce, readNumber, writeNumber } from '../../protocol/nonce.ts';
import { discoverToValue, offerToValue } from '../../protocol/offers.ts';
import {
  buildDiscover,
  buildHello,
  buildOffer,
  buildReply,
  buildRequest,
  encodeRequest,
  openReply,
  openRequest,
  parseFrame,
} from '../../protocol/packet.ts';
import type { Request } from '../../protocol/requests.ts';
import { SEAL_OVERHEAD } from '../../protocol/seal.ts';
import { seconds } from '../../protocol/units.ts';
import { WISH } from '../../scripts/vectors/fixed.ts';
import { anyBytes, anyDiscover, anyOffer } from './arbitrary.ts';
import { anyReply, anyRequest } from './arbitrary-message.ts';

const anyNumber = fc.maxSafeNat();
const anyNonce = fc.tuple(anyBytes(8), anyNumber).map(([epoch, n]) => buildNonce(epoch, n));
const RUNS = { numRuns: 300 };

const frameOf = <Kind extends Frame['kind']>(
  kind: Kind,
  bytes: Uint8Array,
): Extract<Frame, { kind: Kind }> => {
  const frame = parseFrame(bytes);
  assert.ok(typeof frame !== 'string' && frame.kind === kind, String(frame));
  return frame as Extract<Frame, { kind: Kind }>;
};

const packet = suite('packet');

packet('every discover reads back and is of one size', () => {
  fc.assert(
    fc.property(anyDiscover, (discover) => {
      const bytes = buildDiscover(discover);
      assert.is(bytes.length, DISCOVER_SIZE);
      assert.equal(frameOf('discover', bytes).discover, discover);
    }),
    RUNS,
  );
});

packet('every offer that fits reads back and is no longer than a discover', () => {
  fc.assert(
    fc.property(anyOffer, (offer) => {
      const bytes = buildOffer(offer);
      assert.ok(bytes !== undefined && bytes.length <= DISCOVER_SIZE);
      if (bytes !== undefined) assert.equal(frameOf('offer', bytes).offer, offer);
    }),
    RUNS,
  );
});

packet('an offer of more products than fit is not built', () => {
  const [offer] = fc.sample(anyOffer, 1);
  assert.ok(offer);
  const products = Array.from({ length: 40 }, () => ({
    product: 'p'.repeat(64),
    free: 1,
    total: 1,
  }));
  if (offer !== undefined) assert.is(buildOffer({ ...offer, products }), undefined);
});

packet('every request reads back, by hello and by request', () => {
  const key = anyBytes(32);
  fc.assert(
    fc.property(
      anyRequest,
      anyBytes(16),
      key,
      anyNonce,
      key,
      (request, cookie, client, nonce, seal) => {
        const body = encodeRequest(request);
        assert.ok(body);
        if (body === undefined) return;
        const hello = frameOf('hello', buildHello(cookie, client, nonce, body, seal));
        assert.equal([hello.cookie, hello.clientKey, hello.nonce], [cookie, client, nonce]);
        assert.equal(openRequest(hello, seal), { id: request.id, request });
        const framed = frameOf('request', buildRequest(client, nonce, body, seal));
        assert.equal([framed.clientKey, framed.nonce], [client, nonce]);
        assert.equal(openRequest(framed, seal), { id: request.id, request });
      },
    ),
    RUNS,
  );
});

packet('every reply reads back, and is no longer than the least request that it can answer', () => {
  fc.assert(
    fc.property(anyReply, anyBytes(8), anyNonce, anyBytes(32), (reply, tag, nonce, seal) => {
      const bytes = buildReply(tag, nonce, reply, seal);
      assert.ok(bytes.length <= LEAST_REQUEST[reply.kind], reply.kind);
      const frame = frameOf('reply', bytes);
      assert.equal([frame.tag, frame.nonce], [tag, nonce]);
      assert.equal(openReply(frame.box, frame.nonce, seal), reply);
    }),
    RUNS,
  );
});

/** Bytes of the shortest datagram that brings a reply of this kind. */
const LEAST_REQUEST = {
  granted: 484,
  queued: 484,
  free: 484,
  drawn: 484,
  resources: 1124,
  borrowed: 1124,
  ending: 100,
  renewed: 100,
  released: 100,
  piece: 1124,
  refused: 100,
  'new-epoch': 100,
} as const;

packet('the least datagrams are as long as the page says', () => {
  const { product, holder } = WISH;
  const hash = new Uint8Array(32);
  const drawId = new Uint8Array(16);
  const requests: readonly (readonly [Request, number])[] = [
    [{ kind: 'renew', id: 1, idle: seconds(0) }, 32],
    [{ kind: 'release', id: 1 }, 32],
    [{ kind: 'acquire', id: 1, wish: WISH, wait: true }, 416],
    [{ kind: 'probe', id: 1, wish: WISH }, 416],
    [{ kind: 'draw', id: 1, product, meter: 'runs', amount: 1, drawId, holder }, 416],
    [{ kind: 'document', id: 1, hash, offset: 0 }, 1056],
    [{ kind: 'resources', id: 1, product, offset: 0 }, 1056],
    [
      { kind: 'borrow', id: 1, duration: seconds(1), hostCode: new Uint8Array(HOST_CODE_MAX) },
      1056,
    ],
  ];
  for (const [request, size] of requests)
    assert.is(encodeRequest(request)?.length, size, request.kind);
});

const acquireOf = (product: string, features: readonly string[] = []): Request => ({
  kind: 'acquire',
  id: 1,
  wish: { ...WISH, product, features },
  wait: false,
});

packet('a request beyond its bounds is not encoded, however long it is', () => {
  const nobody = encodeRequest(acquireOf(''));
  assert.is(nobody, undefined);
  for (const product of ['p'.repeat(65), 'line\nend', '\ud800', 'p'.repeat(1_000_000)])
    assert.is(encodeRequest(acquireOf(product)), undefined);
  assert.is(encodeRequest(acquireOf('p', Array(65).fill('f'))), undefined);
  assert.is(encodeRequest(acquireOf('p', Array(20).fill('f'.repeat(64)))), undefined);
});

packet('the longest body fits a hello exactly', () => {
  const body = new Uint8Array(1100);
  const bytes = buildHello(
    new Uint8Array(16),
    new Uint8Array(32),
    new Uint8Array(16),
    body,
    new Uint8Array(32),
  );
  assert.is(bytes.length, DATAGRAM_MAX);
});

packet('numbers up to 2⁵³−1 read back, larger ones do not', () => {
  fc.assert(
    fc.property(anyNumber, (number) => {
      const nonce = new Uint8Array(16).fill(0xee);
      writeNumber(nonce, number);
      assert.is(readNumber(nonce), number);
      assert.is(bytesToHex(nonce.subarray(8)), number.toString(16).padStart(16, '0'));
      assert.is(bytesToHex(nonce.subarray(0, 8)), 'ee'.repeat(8));
    }),
  );
  const above = new Uint8Array(16);
  above.set([0, 0x20], 8);
  assert.is(readNumber(above), undefined);
});

/** What has been read, written again: the same bytes, but for fields of a later version. */
const rewritten = (frame: Frame): Uint8Array => {
  switch (frame.kind) {
    case 'discover':
      return pack(discoverToValue(frame.discover));
    case 'offer':
      return pack(offerToValue(frame.offer));
    default:
      return frame.box;
  }
};

const startsWith = (bytes: Uint8Array, start: Uint8Array, at: number): boolean =>
  bytesToHex(bytes.subarray(at, at + start.length)) === bytesToHex(start);

const survives = (bytes: Uint8Array): void => {
  const frame = parseFrame(bytes);
  if (typeof frame === 'string') return;
  const again = rewritten(frame);
  if (frame.kind !== 'discover' && frame.kind !== 'offer') {
    assert.ok(
      again.length >= SEAL_OVERHEAD && startsWith(bytes, again, bytes.length - again.length),
    );
    return;
  }
  // Beyond the known fields only the array's head and what was appended may differ.
  assert.ok(startsWith(bytes, again.subarray(1), 5) || (bytes[4] ?? 0) !== again[0]);
};

packet('random datagrams never throw', () => {
  const header = fc.constantFrom(
    [0x55, 0x53, 0, 1],
    [0x55, 0x53, 0, 2],
    [0x55, 0x53, 1, 3],
    [0x55, 0x53, 1, 4],
    [0x55, 0x53, 1, 5],
    [],
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ minLength: 1180, maxLength: 1190 }),
  );
  fc.assert(
    fc.property(header, body, (start, rest) => survives(new Uint8Array([...start, ...rest]))),
    { numRuns: 20_000 },
  );
});

packet('mutated datagrams never throw, and read as nothing that is written differently', () => {
  const [discover] = fc.sample(anyDiscover, { numRuns: 1, seed: 1 });
  const offers = fc
    .sample(anyOffer, { numRuns: 20, seed: 1 })
    .flatMap((one) => buildOffer(one) ?? []);
  const seeds = [...offers, ...(discover ? [buildDiscover(discover)] : [])];
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      fc.nat(3),
      (seed, changes, cut) => {
        const bytes = seed.slice(0, seed.length - cut);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        survives(bytes);
      },
    ),
    { numRuns: 20_000 },
  );
});

packet('a mutated sealed datagram does not open', () => {
  const key = new Uint8Array(32).fill(7);
  const body = encodeRequest({ kind: 'renew', id: 9, idle: seconds(0) }) ?? new Uint8Array();
  const seed = buildRequest(new Uint8Array(32), buildNonce(new Uint8Array(8), 1), body, key);
  fc.assert(
    fc.property(
      fc.integer({ min: 36, max: seed.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, change) => {
        const bytes = seed.slice();
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const frame = frameOf('request', bytes);
        assert.is(openRequest(frame, key), undefined);
      },
    ),
    { numRuns: 2000 },
  );
});

packet('a hello opens with the cookie that it was sealed for, and with no other', () => {
  const [key, client] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
  const body = encodeRequest({ kind: 'renew', id: 9, idle: seconds(0) }) ?? new Uint8Array();
  const nonce = buildNonce(new Uint8Array(8), 1);
  const cookie = new Uint8Array(16).fill(3);
  const hello = frameOf('hello', buildHello(cookie, client, nonce, body, key));
  assert.ok(openRequest(hello, key));
  assert.is(openRequest({ ...hello, cookie: new Uint8Array(16).fill(4) }, key), undefined);
});

packet.run();

import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { concatBytes } from '../../../protocol/bytes.ts';
import {
  packBorrowRecord,
  parseBorrowRecord,
  RECORD_MAX,
} from '../../../protocol/client/borrow-record.ts';
import { pack, unpack, type Value } from '../../../protocol/msgpack.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { borrowingOf, licenseProof, recordOf } from './borrowings.ts';

const { sha512 } = nativePrimitives;
const BYTES = packBorrowRecord(recordOf(), sha512);

const verdict = (bytes: Uint8Array): string => {
  const parsed = parseBorrowRecord(bytes, sha512);
  return parsed.ok ? 'read' : parsed.error;
};

/** A body that another program wrote, with its check. */
const wrap = (body: Value): Uint8Array => {
  const bytes = pack(body);
  return concatBytes(bytes, sha512(bytes).slice(0, 16));
};

const BODY = unpack(BYTES.slice(0, -16)) as readonly Value[];

const records = suite('borrow record');

records('every record reads back', () => {
  const returning = recordOf({ state: 'returning', resumes: 4095 });
  for (const record of [recordOf(), returning, recordOf({ state: 'asking', borrowing: null })]) {
    assert.equal(parseBorrowRecord(packBorrowRecord(record, sha512), sha512), {
      ok: true,
      value: record,
    });
  }
});

records('the longest there can be is read', () => {
  const document = new Uint8Array(32_768);
  const borrowing = {
    ...borrowingOf(licenseProof()),
    token: new Uint8Array(1024),
    proofs: Array.from({ length: 8 }, () => document),
  };
  const bytes = packBorrowRecord(recordOf({ borrowing, product: '株'.repeat(64) }), sha512);
  assert.ok(bytes.length < RECORD_MAX);
  assert.is(verdict(bytes), 'read');
});

records('no record survives the change of any byte, or being cut short', () => {
  for (let i = 0; i < BYTES.length; i++) {
    assert.is.not(verdict(BYTES.with(i, (BYTES[i] ?? 0) ^ 1)), 'read', `byte ${i}`);
    assert.is(verdict(BYTES.subarray(0, i)), 'damaged');
  }
  assert.is(verdict(concatBytes(BYTES, new Uint8Array(1))), 'damaged');
});

records('fields that do not fit are damage, a later format is one', () => {
  assert.is(verdict(wrap(BODY)), 'read');
  const wrong: readonly (readonly [number, Value])[] = [
    [0, 'usher-license'],
    [2, 3],
    [3, ''],
    [4, new Uint8Array(31)],
    [5, 4096],
    [6, ['a', new Uint8Array(32), '192.0.2.7', 65_536]],
    [7, null],
    [7, [new Uint8Array(1025), new Uint8Array(32), [], 0, 0]],
  ];
  for (const [index, value] of wrong) {
    assert.is(verdict(wrap(BODY.with(index, value))), 'damaged', `field ${index}`);
  }
  assert.is(verdict(wrap([...BODY, 0])), 'damaged');
  assert.is(verdict(wrap(['usher-borrowed-seat', 2, 'anything'])), 'newer-format');
  assert.is(verdict(new Uint8Array(RECORD_MAX + 1)), 'damaged');
});

records('random bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.is(verdict(bytes), 'damaged');
    }),
    { numRuns: 1000 },
  );
});

records.run();

import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CALL_DOCUMENTS_MAX, CALL_MAX, DOCUMENT_MAX, SENTENCE_MAX } from '../../protocol/limits.ts';
import {
  CALL_REFUSALS,
  decodeCallRefusal,
  decodeMasterCall,
  encodeCallRefusal,
  encodeMasterCall,
} from '../../protocol/master-call.ts';
import { pack } from '../../protocol/msgpack.ts';

const arbitraryBytes = fc.uint8Array({ minLength: 1, maxLength: 300 });

test('a call reads back as it was made', () => {
  const many = fc.array(arbitraryBytes, { maxLength: CALL_DOCUMENTS_MAX - 1 });
  fc.assert(
    fc.property(arbitraryBytes, many, (request, receipts) => {
      assert.equal(decodeMasterCall(encodeMasterCall({ request, receipts })), {
        request,
        receipts,
      });
    }),
  );
});

test('what is no call reads as none, and nothing throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const call = decodeMasterCall(bytes);
      if (call !== undefined) assert.equal(encodeMasterCall(call), bytes);
    }),
  );
  const one = Uint8Array.of(1);
  assert.is(decodeMasterCall(pack([])), undefined, 'no request');
  assert.is(decodeMasterCall(pack(one)), undefined, 'no array');
  assert.is(decodeMasterCall(pack([one, 'text'])), undefined, 'text for a receipt');
  const many = Array.from({ length: CALL_DOCUMENTS_MAX + 1 }, () => one);
  assert.is(decodeMasterCall(pack(many)), undefined, 'too many');
  const large = pack(Array.from({ length: 5 }, () => new Uint8Array(DOCUMENT_MAX)));
  assert.ok(large.length > CALL_MAX);
  assert.is(decodeMasterCall(large), undefined, 'too long');
  assert.throws(() => encodeMasterCall({ request: one, receipts: many }), /nobody would read/);
});

test('a refusal reads back by its code', () => {
  for (const code of CALL_REFUSALS) {
    const refusal = { code, sentence: 'Wait “a while”, then ask again.' };
    assert.equal(decodeCallRefusal(encodeCallRefusal(refusal)), refusal);
  }
});

test('what is no refusal of a master reads as none', () => {
  const long = 'x'.repeat(SENTENCE_MAX + 1);
  const texts = [
    '',
    '<html>502</html>',
    'null',
    '7',
    '{}',
    '{"code":"busy"}',
    '{"code":"busy","sentence":""}',
    '{"code":"busy","sentence":"a\\u0007bell"}',
    `{"code":"busy","sentence":"${long}"}`,
    '{"code":"toString","sentence":"Hello."}',
    `{"code":"busy","sentence":"Wait."}${' '.repeat(5000)}`,
  ];
  for (const text of texts) assert.is(decodeCallRefusal(text), undefined, text.slice(0, 40));
});

test.run();

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeMark,
  encodeMark,
  type SiteMark,
} from '../../../../agent/core/site/edition-record.ts';
import { pack } from '../../../../protocol/msgpack.ts';

const MARK: SiteMark = {
  site: new Uint8Array(16).fill(7),
  revision: 7,
  edition: { number: 2, member: '0123456789abcdef' },
};

test('a mark is read as it was written, however often the register was', () => {
  for (const revision of [0, 7, 2 ** 32, Number.MAX_SAFE_INTEGER])
    assert.equal(decodeMark(encodeMark({ ...MARK, revision })), { ...MARK, revision });
});

test('what is no mark is none', () => {
  for (const revision of ['', 'x', '1e99', 7, null])
    assert.is(decodeMark(pack([1, MARK.site, revision, 2, '0123456789abcdef'])), undefined);
  assert.is(decodeMark(pack([2, MARK.site, '7', 2, '0123456789abcdef'])), undefined);
});

test.run();

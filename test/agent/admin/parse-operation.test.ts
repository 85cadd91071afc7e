import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseOperation } from '../../../agent/admin/parse-operation.ts';
import { PASTE_MAX } from '../../../protocol/limits.ts';

test('each operation is taken with its own fields and no others', () => {
  assert.equal(parseOperation({ kind: 'status', force: true }), { kind: 'status' });
  assert.equal(parseOperation({ kind: 'license-list' }), { kind: 'license-list' });
  assert.equal(parseOperation({ kind: 'seat-list' }), { kind: 'seat-list' });
  assert.equal(parseOperation({ kind: 'license-add', text: 'x', id: 'y' }), {
    kind: 'license-add',
    text: 'x',
  });
  assert.equal(parseOperation({ kind: 'license-show', id: 'AB' }), {
    kind: 'license-show',
    id: 'ab',
  });
  assert.equal(parseOperation({ kind: 'seat-disconnect', id: 'a', force: 'yes' }), {
    kind: 'seat-disconnect',
    id: 'a',
    force: false,
  });
});

test('what is no operation, or has a field that does not fit, is none', () => {
  for (const value of [
    undefined,
    null,
    1,
    'status',
    [],
    {},
    { kind: 'toString' },
    { kind: ['status'] },
    { kind: 'license-add' },
    { kind: 'license-add', text: 1 },
    { kind: 'license-add', text: 'x'.repeat(PASTE_MAX + 1) },
    { kind: 'license-show', id: '' },
    { kind: 'license-remove', id: 'x'.repeat(65) },
    { kind: 'seat-disconnect', id: { length: 1 } },
  ]) {
    assert.is(parseOperation(value), undefined, JSON.stringify(value));
  }
});

test.run();

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

const users = ['ann', 'bob'];

test('operations on users, resources, rules and the clock are taken', () => {
  for (const operation of [
    { kind: 'seat-queue' },
    { kind: 'user-list', product: null },
    { kind: 'user-assign', product: 'p', class: 'generic', users },
    { kind: 'user-recall', product: null, class: 'c', users: null, force: false },
    { kind: 'user-recall', product: null, class: 'c', users, force: true },
    { kind: 'resource-list' },
    { kind: 'resource-add', names: users, customer: null },
    { kind: 'resource-activate', name: 'n', license: 'abc', customer: 'Bauhaus' },
    { kind: 'resource-remove', name: 'n' },
    { kind: 'rules-show' },
    { kind: 'rules-reload' },
    { kind: 'rules-text' },
    { kind: 'rules-write', text: 'x', was: '' },
    { kind: 'rules-edit', change: { kind: 'add', line: 'x' } },
    { kind: 'rules-edit', change: { kind: 'add', line: 'x', before: 3 } },
    { kind: 'rules-edit', change: { kind: 'remove', line: 3 } },
    { kind: 'clock-reset' },
    { kind: 'site-forget', member: 'box-3' },
    { kind: 'explain', wish: wish({}), address: null, rules: 'x' },
  ]) {
    assert.equal(parseOperation({ ...operation, more: 1 }), operation, operation.kind);
  }
  const brief = { kind: 'user-assign', users };
  const whole = { kind: 'user-assign', product: null, class: 'generic', users };
  assert.equal(parseOperation(brief), whole);
});

const wish = (terms: object) => ({
  product: 'p',
  class: null,
  resource: null,
  features: ['f'],
  weight: 1,
  version: '1.2',
  released: null,
  holder: { user: 'ann', host: '', application: '', process: 0 },
  ...terms,
});

test('operations about activation are read with all that they carry', () => {
  const credentials = { name: 'N-1', secret: 'ann@example.com' };
  assert.equal(parseOperation({ kind: 'license-activate', ids: ['ABC'], credentials, more: 1 }), {
    kind: 'license-activate',
    ids: ['abc'],
    credentials,
  });
  assert.equal(parseOperation({ kind: 'license-refresh' }), { kind: 'license-refresh', ids: [] });
  const give = { kind: 'license-deactivate', id: 'abc', online: true, credentials: null } as const;
  assert.equal(parseOperation(give), give);
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
    { kind: 'license-activate', ids: 'abc' },
    { kind: 'license-activate', ids: new Array(33).fill('a') },
    { kind: 'license-activate', credentials: { name: 'ann' } },
    { kind: 'license-activate', credentials: { name: 'a:b', secret: 'x' } },
    { kind: 'license-deactivate' },
    { kind: 'license-response', text: 1 },
    { kind: 'license-restore', id: '' },
    { kind: 'seat-disconnect', id: { length: 1 } },
    { kind: 'user-list', product: 1 },
    { kind: 'user-list', product: 'x'.repeat(65) },
    { kind: 'user-assign', users: [] },
    { kind: 'user-assign', users: 'ann' },
    { kind: 'user-assign', users: ['ann', 1] },
    { kind: 'user-assign', users: [''] },
    { kind: 'user-assign', users: ['x'.repeat(129)] },
    { kind: 'user-assign', users: ['a\nb'] },
    { kind: 'user-assign', users: new Array(100_001).fill('ann') },
    { kind: 'user-assign', users, class: '' },
    { kind: 'user-recall', users: {} },
    { kind: 'resource-add', names: ['x'.repeat(65)] },
    { kind: 'resource-add', names: users, customer: '\u202e' },
    { kind: 'resource-activate', name: 'n' },
    { kind: 'resource-activate', license: 'abc' },
    { kind: 'resource-remove' },
    { kind: 'rules-apply', file: { ok: true, value: '' } },
    { kind: 'rules-edit' },
    { kind: 'rules-edit', change: { kind: 'other', line: 1 } },
    { kind: 'rules-edit', change: { kind: 'add', line: 'x'.repeat(262_145) } },
    { kind: 'rules-edit', change: { kind: 'add', line: 'x', before: 0 } },
    { kind: 'rules-edit', change: { kind: 'remove', line: 'x' } },
    { kind: 'rules-write', text: 'x' },
    { kind: 'rules-write', text: 'x'.repeat(262_145), was: '' },
    { kind: 'explain', address: null, rules: null },
    { kind: 'explain', wish: wish({ product: '' }) },
    { kind: 'explain', wish: wish({ features: new Array(65).fill('f') }) },
    { kind: 'explain', wish: wish({ weight: 0 }) },
    { kind: 'explain', wish: wish({ released: -1 }) },
    { kind: 'explain', wish: wish({ holder: null }) },
    { kind: 'explain', wish: wish({ holder: { user: 1 } }) },
    { kind: 'explain', wish: wish({}), rules: 'x'.repeat(262_145) },
  ]) {
    assert.is(parseOperation(value), undefined, JSON.stringify(value));
  }
});

test.run();

/** Long lists, page by page; and what would be issued. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { epochSeconds } from '../../../../protocol/units.ts';
import { plainLicense } from '../../../plain-license.ts';
import { AgentDouble } from './agent-double.ts';
import { Bench, DAY } from './master-rig.ts';

const test = suite('lists of a master');
const ANY = { customer: null, product: null, number: null, state: null } as const;

test('every row is on one page, the newest first, and the total is of all', () => {
  const bench = new Bench();
  const issued: string[] = [];
  for (let i = 0; i < 23; i++) {
    bench.pass(DAY);
    issued.unshift(bench.issue({ product: i % 2 === 0 ? 'acme-cad' : 'acme-sim' }).license.id);
  }
  const told: string[] = [];
  for (let from = 0; from < 40; from += 10) {
    const page = { from, most: 10 };
    const found = bench.must('licenses', { kind: 'license-list', ...ANY, page });
    assert.is(found.total, 23);
    told.push(...found.licenses.map(({ id }) => id));
  }
  assert.equal(told, issued);
  const some = bench.must('licenses', {
    kind: 'license-list',
    ...ANY,
    text: 'SIM',
    page: { from: 0, most: 2 },
  });
  assert.equal([some.total, some.licenses.length], [11, 2]);
});

test('a text is looked for in customer, product, project and number', () => {
  const bench = new Bench();
  const { id } = bench.issue().license;
  bench.issue({ product: 'acme-sim' });
  bench.must('licenses', { kind: 'license-project', license: id, project: 'Harbour bridge' });
  const count = (text: string): number =>
    bench.must('licenses', { kind: 'license-list', ...ANY, text }).total;
  for (const text of ['bridge', id.slice(0, 9), id.toUpperCase()]) assert.is(count(text), 1, text);
  assert.is(count('example'), 2);
  assert.is(count(''), 2);
  assert.is(count('nothing such'), 0);
});

test('current are those whose place no other has taken, suspended ones as well', () => {
  const bench = new Bench();
  const { id } = bench.issue().license;
  const expires = epochSeconds(bench.now + 90 * DAY);
  const next = bench.must('license', { kind: 'license-extend', license: id, expires }).license.id;
  const standing = { kind: 'license-standing', license: next, reason: '' } as const;
  bench.must('done', { ...standing, state: 'suspended' });
  const found = bench.must('licenses', { kind: 'license-list', ...ANY, state: 'current' });
  assert.equal(
    found.licenses.map((one) => [one.id, one.state]),
    [[next, 'suspended']],
  );
});

test('activations and requests, those that were heard of last first', () => {
  const bench = new Bench();
  const [free, asked] = [bench.issue(), bench.issue({}, 'ask')];
  bench.must('licenses', { kind: 'license-policy', license: asked.license.id, policy: 'ask' });
  bench.ask(new AgentDouble('early').request('activate', [free]));
  for (const name of ['first', 'second', 'third']) {
    bench.pass(60);
    bench.ask(new AgentDouble(name).request('activate', [asked]));
  }
  const requests = bench.must('requests', {
    kind: 'request-list',
    decision: 'open',
    page: { from: 1, most: 1 },
  });
  assert.equal([requests.total, requests.requests[0]?.hostName], [3, 'second']);
  const places = { kind: 'activation-list', license: null } as const;
  assert.is(bench.must('activations', { ...places, text: 'EARLY' }).total, 1);
  assert.is(bench.must('activations', { ...places, text: 'late' }).total, 0);
});

test('what would be issued is said, and nothing is issued', () => {
  const bench = new Bench();
  bench.issue();
  const { batches } = bench;
  const before = batches.length;
  const terms = plainLicense({ product: 'acme-sim' });
  const order = { kind: 'license-check', policy: 'agents', expands: null, terms } as const;
  const checked = bench.must('checked', { ...order, customer: 'Example Ltd' });
  assert.equal([checked.terms.product, checked.terms.isForOneHost], ['acme-sim', false]);
  assert.is(bench.must('refused', { ...order, customer: 'Nobody' }).code, 'unknown');
  const { id } = bench.issue().license;
  const supersedes = [id];
  const wrong = { ...order, customer: 'Example Ltd', terms: { ...terms, supersedes } };
  assert.match(bench.must('refused', wrong).sentence, /of another product/);
  assert.is(batches.length - before, 1, 'but for the one that was');
});

test('an account lists by its customer alone', () => {
  const bench = new Bench();
  bench.issue();
  const [customer] = bench.must('customers', { kind: 'customer-list', text: '' }).customers;
  const account = { kind: 'account-set', hash: '00:00' } as const;
  bench.must('done', { ...account, name: 'vera', role: 'staff', customer: null });
  bench.must('done', { ...account, name: 'carl', role: 'customer', customer: 'Example Ltd' });
  const found = bench.must('accounts', { kind: 'account-list', customer: customer?.id ?? '' });
  assert.equal(
    found.accounts.map(({ name }) => name),
    ['carl'],
  );
  assert.is(bench.must('accounts', { kind: 'account-list' }).total, 2);
});

test.run();

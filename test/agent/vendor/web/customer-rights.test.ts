/** What a customer may ask of a master, and what not: everything there is, tried. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { licenseId } from '../../../../protocol/ids.ts';
import { AgentDouble } from '../master/agent-double.ts';
import { FakeExchange, openRoutes, PASSWORD } from './routes-rig.ts';

const test = suite("a customer's rights at a master");

const ORDER = { product: 'acme-cad', seats: '5' };

/** Whatever only the vendor may ask, about this license. */
const forClerks = (license: string): readonly object[] => [
  { kind: 'status' },
  { kind: 'clock-confirm' },
  { kind: 'customer-add', name: 'Mallory' },
  { kind: 'customer-list' },
  { kind: 'account-list' },
  { kind: 'account-set', name: 'x', role: 'staff', password: PASSWORD },
  { kind: 'account-remove', name: 'vera' },
  { kind: 'license-issue', customer: 'Example Ltd', order: ORDER },
  { kind: 'license-check', customer: 'Example Ltd', order: ORDER },
  { kind: 'license-add', text: '' },
  { kind: 'license-extend', license, expires: '2040-01-01' },
  { kind: 'license-seats', license, seats: '500' },
  { kind: 'license-standing', license, state: 'suspended' },
  { kind: 'license-policy', license, policy: 'agents' },
  { kind: 'activation-free', license, agent: 'one' },
  { kind: 'request-list' },
  { kind: 'request-decide', license, agent: 'one', decision: 'approved' },
  { kind: 'revocations-add', text: '' },
  { kind: 'audit' },
  { kind: 'audit-check' },
];

test('nothing of what a clerk does', async () => {
  const { bench, enter } = openRoutes();
  const { id } = bench.issue().license;
  const clerk = await enter('vera', null);
  const customer = await enter('carl', 'Example Ltd');
  for (const question of forClerks(id)) {
    const what = JSON.stringify(question);
    assert.is((await customer(question)).said, 'json refused forbidden', what);
    assert.is.not((await clerk(question)).said, 'json refused forbidden', what);
  }
});

test("its own licenses, and no other's", async () => {
  const { bench, enter } = openRoutes();
  const own = bench.issue();
  bench.must('customers', { kind: 'customer-add', name: 'Other GmbH', mail: '' });
  const other = bench.must('license', {
    kind: 'license-issue',
    customer: 'Other GmbH',
    policy: 'agents',
    expands: null,
    terms: own.license,
  }).license;
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [bench.license(other.id)]));
  const ask = await enter('carl', 'Example Ltd');
  const answer = async (question: object) =>
    (await ask(question)).answer as {
      kind: string;
      total?: number;
      licenses?: { id: string }[];
      activations?: object[];
      text?: string;
    };
  const listed = await answer({ kind: 'license-list' });
  assert.equal([listed.total, listed.licenses?.map(({ id }) => id)], [1, [own.license.id]]);
  // However it is looked for.
  for (const search of [{ text: 'Other' }, { customer: 'Other' }, { number: other.id }]) {
    assert.is((await answer({ kind: 'license-list', ...search })).total, 0);
    assert.is((await answer({ kind: 'license-export', ...search })).text, '');
  }
  for (const kind of ['license-show', 'license-project']) {
    const said = (await ask({ kind, license: other.id, project: 'mine' })).said;
    assert.is(said, 'json refused unknown', kind);
  }
  for (const license of [other.id, null]) {
    const { total } = await answer({ kind: 'activation-list', license });
    assert.is(total, 0, 'a computer of somebody else');
  }
  const unknown = licenseId(new Uint8Array(16));
  const [theirs, none] = await Promise.all(
    [other.id, unknown].map((license) => answer({ kind: 'license-show', license })),
  );
  assert.equal(theirs, none, 'it is not told either that there is one');
});

test('another password for itself, with the old one, and then everybody signs in anew', async () => {
  const { bench, ask, enter } = openRoutes();
  bench.issue();
  const own = await enter('carl', 'Example Ltd');
  const change = { kind: 'own-password', old: PASSWORD, password: 'another long one' };
  assert.is((await own({ ...change, old: 'guess' })).said, 'json refused wrong');
  assert.is((await own({ ...change, password: 'short' })).said, 'bad-request');
  assert.is((await own({ kind: 'license-list' })).said, 'json licenses');
  assert.is((await own(change)).said, 'json done');
  assert.is((await own({ kind: 'license-list' })).said, 'unauthorized');
  const again = (password: string) =>
    ask(new FakeExchange('/api/sign-in', JSON.stringify({ name: 'carl', password })));
  assert.is(await again(PASSWORD), 'unauthorized');
  assert.is(await again('another long one'), 'json undefined');
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { signCertificate } from '../../../../protocol/certificate.ts';
import { nativePrimitives as primitives } from '../../../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { ACTIVATION_TERMS, plainPool } from '../../../plain-license.ts';
import { AgentDouble, hostOf } from './agent-double.ts';
import { activationIn, Bench, DAY, REFRESHED, START, type Told, VENDOR } from './master-rig.ts';

const test = suite('what a vendor changes');

const licenseIn = ({ documents }: Told) => {
  for (const one of documents) if (one.kind === 'license') return one.signed;
  throw new Error('There is no license in this answer.');
};

test('a suspended license is told at the refresh, and so is its resuming', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const { id } = license.license;
  const agent = new AgentDouble('one');
  const first = activationIn(bench.ask(agent.request('activate', [license])));
  const stand = (state: 'active' | 'suspended' | 'revoked') =>
    bench.operate({ kind: 'license-standing', license: id, state, reason: '' }).kind;
  assert.is(stand('suspended'), 'done');
  assert.is(stand('suspended'), 'refused');
  bench.pass(DAY);
  assert.equal(bench.ask(agent.request('refresh', [license])).kinds, ['suspended']);
  assert.is(stand('active'), 'done');
  const resumed = bench.ask(agent.request('refresh', [license]));
  assert.equal(resumed.kinds, ['active', 'activation']);
  assert.ok(activationIn(resumed).activation.number > first.activation.number);
  assert.is(stand('revoked'), 'done');
  assert.is(stand('active'), 'refused');
  assert.equal(bench.ask(agent.request('refresh', [license])).kinds, ['revoked']);
});

test('an extended license comes with its activation, and the old one is given up in one', () => {
  const bench = new Bench();
  const old = bench.issue({ expires: epochSeconds(START + 10 * DAY) });
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [old]));
  const { license } = bench.must('license', {
    kind: 'license-extend',
    license: old.license.id,
    expires: epochSeconds(START + 400 * DAY),
  });
  const told = bench.ask(agent.request('refresh', [old]));
  assert.equal(told.kinds, ['license', 'activation', 'freed']);
  const fresh = licenseIn(told);
  assert.is(fresh.license.id, license.id);
  assert.equal(fresh.license.supersedes, [old.license.id]);
  assert.is(activationIn(told).activation.license, license.id);
  const other = bench.ask(new AgentDouble('two').request('activate', [old]));
  assert.equal(other.refusals, { [old.license.id]: 'agents-taken' });
});

test('a computer that has not heard of the newer license keeps its place on it', () => {
  const bench = new Bench();
  const old = bench.issue();
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  bench.ask(one.request('activate', [old]));
  const { license } = bench.must('license', {
    kind: 'license-seats',
    license: old.license.id,
    pools: [plainPool(9)],
  });
  const fresh = bench.license(license.id);
  assert.equal(bench.ask(two.request('activate', [fresh])).refusals, {
    [license.id]: 'agents-taken',
  });
  assert.equal(bench.ask(one.request('refresh', [old])).kinds, ['license', 'activation', 'freed']);
});

test('twice extended, an agent that missed the first hears of both', () => {
  const bench = new Bench();
  const old = bench.issue();
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [old]));
  const add = (seats: number) =>
    bench.must('license', {
      kind: 'license-seats',
      license: old.license.id,
      pools: [plainPool(seats)],
    });
  const middle = add(2).license.id;
  const last = add(3).license.id;
  const told = bench.ask(agent.request('refresh', [old]));
  assert.is(licenseIn(told).license.id, last);
  assert.equal(licenseIn(told).license.supersedes, [middle, old.license.id]);
  const { licenses } = bench.must('licenses', {
    kind: 'license-list',
    customer: null,
    product: null,
    number: null,
    state: 'superseded',
  });
  assert.is(licenses.length, 2);
});

test('a license for fewer computers goes to who asks first, the other ends', () => {
  const bench = new Bench();
  const old = bench.issue({ activation: { ...ACTIVATION_TERMS, agents: 2 } });
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  for (const agent of [one, two]) bench.ask(agent.request('activate', [old]));
  const fresh = bench.issue({ supersedes: [old.license.id] });
  assert.equal(bench.ask(two.request('refresh', [old])).kinds, ['license', 'activation', 'freed']);
  const late = bench.ask(one.request('refresh', [old]));
  assert.equal(late.refusals, { [old.license.id]: 'agents-taken' });
  assert.ok(late.kinds.includes('freed'), late.kinds.join());
  assert.ok(fresh.license.supersedes.length === 1);
});

test('an expansion goes to the agents of the license that it adds to', () => {
  const bench = new Bench();
  const base = bench.issue();
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [base]));
  const { customer } = bench.must('license', {
    kind: 'license-show',
    license: base.license.id,
  }).license;
  const { id: _, ...terms } = base.license;
  const more = bench.must('license', {
    kind: 'license-issue',
    customer: customer ?? '',
    policy: 'agents',
    expands: base.license.id,
    terms,
  });
  for (const round of [1, 2]) {
    bench.restart();
    const told = bench.ask(agent.request('refresh', [base]));
    assert.is(licenseIn(told).license.id, more.license.id, `round ${round}`);
    assert.is(activationIn(told, more.license.id).activation.license, more.license.id);
  }
});

test('the request of an agent that was freed since, asked again, gives it no place', () => {
  const bench = new Bench();
  const license = bench.issue();
  const { id } = license.license;
  const one = new AgentDouble('one');
  const first = one.request('activate', [license]);
  bench.ask(first);
  const free = { kind: 'activation-free', license: id, agent: 'one', reason: 'It burnt.' } as const;
  bench.must('done', free);
  assert.is(bench.operate(free).kind, 'refused');
  assert.equal(bench.ask(first).kinds, ['freed']);
  assert.equal(bench.ask(one.request('activate', [license])).kinds, ['activation']);
});

test('an agent that refreshes again and again is a line an hour in the log', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [license]));
  const lines = (): number => bench.master.lines.last;
  bench.ask(agent.request('refresh', [license]));
  const before = lines();
  for (let i = 0; i < 20; i++) {
    bench.pass(60);
    bench.ask(agent.request('refresh', [license]));
  }
  assert.is(lines(), before);
  bench.pass(3600);
  bench.ask(agent.request('refresh', [license]));
  assert.is(lines(), before + 1);
});

test('a freed agent is told so, and may begin anew', () => {
  const bench = new Bench();
  const license = bench.issue();
  const { id } = license.license;
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  const number = activationIn(bench.ask(one.request('activate', [license]))).activation.number;
  bench.must('done', { kind: 'activation-free', license: id, agent: 'one', reason: 'It burnt.' });
  assert.equal(bench.ask(two.request('activate', [license])).kinds, ['activation']);
  const told = bench.ask(one.request('refresh', [license]));
  assert.equal(told.kinds, ['freed']);
  for (const { kind, signed } of told.documents) {
    if (kind === 'standing') assert.ok(signed.standing.number > number);
  }
});

test('a computer that is not taken for that of the agent is told that this was freed', () => {
  const bench = new Bench();
  const license = bench.issue();
  const { id } = license.license;
  const one = new AgentDouble('one');
  const first = activationIn(bench.ask(one.request('activate', [license]))).activation.number;
  bench.must('done', { kind: 'activation-free', license: id, agent: 'one', reason: 'It burnt.' });
  one.host = hostOf('two');
  assert.equal(bench.ask(one.request('refresh', [license])).kinds, ['freed']);
  const heard = (): number => {
    one.host = hostOf('one');
    const told = bench.ask(one.request('refresh', [license]));
    assert.equal(told.refusals, { [id]: 'other-host' });
    const [freed] = told.documents;
    if (freed?.kind !== 'standing' || told.documents.length > 1) throw new Error('no standing');
    assert.is(freed.signed.standing.state, 'freed');
    return freed.signed.standing.number;
  };
  assert.ok(heard() > first);
  one.host = hostOf('two');
  const second = activationIn(bench.ask(one.request('activate', [license]))).activation.number;
  bench.restart();
  const number = heard();
  assert.ok(number > first && number < second, 'what it began anew with is not over');
});

test('freed from a license whose place a newer one took, an agent is told of both', () => {
  const bench = new Bench();
  const old = bench.issue();
  const { id } = old.license;
  const one = new AgentDouble('one');
  bench.ask(one.request('activate', [old]));
  bench.must('license', { kind: 'license-extend', license: id, expires: null });
  bench.must('done', { kind: 'activation-free', license: id, agent: 'one', reason: 'It burnt.' });
  assert.equal(bench.ask(one.request('refresh', [old])).kinds, ['license', 'freed']);
});

test('a key without a certificate for it signs nothing, and says so', () => {
  const issuer = primitives.signingKeys(new Uint8Array(32).fill(9));
  const certificate = (uses: readonly ('licenses' | 'activations' | 'standings')[], days: number) =>
    signCertificate(
      {
        key: issuer.publicKey,
        uses,
        starts: epochSeconds(START),
        ends: epochSeconds(START + days * DAY),
        number: 1,
      },
      VENDOR,
      primitives,
    );
  const bench = new Bench({
    keys: { ...issuer, certificate: certificate(['licenses', 'activations'], 30) },
  });
  const license = bench.issue();
  const agent = new AgentDouble('one');
  assert.equal(bench.ask(agent.request('activate', [license])).kinds, ['activation']);
  const asked = {
    kind: 'license-standing',
    license: license.license.id,
    state: 'suspended',
    reason: '',
  } as const;
  const refused = bench.must('refused', asked);
  assert.is(refused.code, 'unavailable');
  assert.match(refused.sentence, /does not allow it to sign standings/);
  bench.pass(30 * DAY);
  assert.is(bench.call(agent.request('refresh', [license])), 'unavailable');
});

test('a customer sees what is its own and changes nothing', () => {
  const bench = new Bench();
  const license = bench.issue();
  const { customer } = bench.must('license', {
    kind: 'license-show',
    license: license.license.id,
  }).license;
  const search = { customer: null, product: null, number: null, state: null };
  for (const [who, count] of [
    [customer ?? '', 1],
    ['stranger', 0],
  ] as const) {
    const caller = { name: 'carl', from: '192.0.2.7', customer: who };
    assert.is(
      bench.must('licenses', { kind: 'license-list', ...search }, caller).licenses.length,
      count,
    );
    const forbidden = bench.must('refused', { kind: 'customer-list', text: '' }, caller);
    assert.is(forbidden.code, 'forbidden');
    const project = {
      kind: 'license-project',
      license: license.license.id,
      project: 'Bridge',
    } as const;
    assert.is(bench.operate(project, caller).kind, count === 1 ? 'licenses' : 'refused');
  }
});

test.run();

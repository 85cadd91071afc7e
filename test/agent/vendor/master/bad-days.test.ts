import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { epochSeconds } from '../../../../protocol/units.ts';
import { AgentDouble } from './agent-double.ts';
import { activationIn, Bench, DAY, REFRESHED, START } from './master-rig.ts';

const test = suite('bad days of a master');
const YEAR = 365 * DAY;

test('a place that is returned by its receipt is for the next, and only then', () => {
  const bench = new Bench();
  const license = bench.issue();
  const { id } = license.license;
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  const { bytes } = activationIn(bench.ask(one.request('activate', [license])));
  const none = bench.ask(one.request('return', [license]));
  assert.equal(none.refusals, { [id]: 'other' });
  const forged = two.receipt(bytes);
  assert.equal(bench.ask(one.request('return', [license], [forged])).refusals, { [id]: 'other' });
  assert.equal(bench.ask(two.request('return', [license], [forged])).refusals, { [id]: 'other' });
  assert.equal(bench.ask(two.request('activate', [license])).kinds, []);
  const call = one.request('return', [license], [one.receipt(bytes)]);
  const told = bench.ask(call);
  assert.equal(told.refusals, {});
  assert.equal(told.kinds, ['freed']);
  assert.equal(bench.ask(call).bytes, told.bytes);
  assert.equal(bench.ask(two.request('activate', [license])).kinds, ['activation']);
  // Its data comes back from a backup of before the return: it hears that it lends no more.
  assert.equal(bench.ask(one.request('refresh', [license])).kinds, ['freed']);
});

test('a receipt of an earlier activation than the last is not counted', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const agent = new AgentDouble('one');
  const first = activationIn(bench.ask(agent.request('activate', [license])));
  bench.pass(DAY);
  // This answer is lost: but it is out there, and would make the agent lend again.
  const lost = activationIn(bench.ask(agent.request('refresh', [license])));
  const told = bench.ask(agent.request('return', [license], [agent.receipt(first.bytes)]));
  assert.equal(told.refusals, { [license.license.id]: 'other' });
  assert.equal(activationIn(told).bytes, lost.bytes);
  const again = bench.ask(agent.request('return', [license], [agent.receipt(lost.bytes)]));
  assert.equal(again.refusals, {});
});

/** What happens to one license, step by step; each step is what somebody asks. */
const life = (bench: Bench) => {
  const license = bench.issue(REFRESHED);
  const { id } = license.license;
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  const first = one.request('activate', [license]);
  const second = two.request('activate', [license]);
  let given: Uint8Array | undefined;
  let returning: ReturnType<AgentDouble['request']> | undefined;
  const steps: readonly (() => void)[] = [
    () => {
      given = activationIn(bench.ask(first)).bytes;
    },
    () => void bench.ask(second),
    () => {
      if (given === undefined) throw new Error('nothing was given');
      returning ??= one.request('return', [license], [one.receipt(given)]);
      bench.ask(returning);
    },
    () => void bench.ask(two.request('activate', [license])),
    () =>
      void bench.operate({ kind: 'license-standing', license: id, state: 'suspended', reason: '' }),
    () =>
      void bench.operate({ kind: 'license-standing', license: id, state: 'active', reason: '' }),
    () => void bench.operate({ kind: 'activation-free', license: id, agent: 'two', reason: 'x' }),
    () => void bench.ask(one.request('activate', [license])),
  ];
  return { id, steps };
};

const activeOn = (bench: Bench, license: ReturnType<typeof life>['id']): readonly string[] =>
  bench
    .must('activations', { kind: 'activation-list', license })
    .activations.filter(({ state }) => state === 'active')
    .map(({ hostName }) => hostName);

test('the power goes at any of its writes: what was asked is asked again, and ends the same', () => {
  const whole = new Bench();
  const story = life(whole);
  const before = whole.batches.length;
  for (const step of story.steps) step();
  const count = story.steps.length;
  assert.equal(activeOn(whole, story.id), ['one']);
  for (let cut = 0; cut < count; cut++) {
    // The step is done in memory, its writes are lost, and nobody was answered.
    const bench = new Bench();
    const { id, steps } = life(bench);
    for (const [at, step] of steps.entries()) {
      const written = bench.batches.length;
      if (at === cut) {
        step();
        bench.restart(written);
      }
      step();
      assert.ok(activeOn(bench, id).length <= 1, `cut ${cut}, step ${at}`);
    }
    assert.equal(activeOn(bench, id), ['one'], `cut ${cut}`);
  }
  assert.ok(whole.batches.length > before + 5);
});

test('at every prefix of its writes a master can be read, and nothing is active twice', () => {
  const bench = new Bench();
  const { id, steps } = life(bench);
  const from = bench.batches.length;
  for (const step of steps) step();
  for (let count = bench.batches.length; count >= from; count--) {
    bench.restart(count);
    assert.is(bench.master.unread, 0);
    assert.ok(activeOn(bench, id).length <= 1, `${count} writes`);
  }
});

test('restored from last month, its numbers do not go back, and agents believe what comes', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const { id } = license.license;
  const agent = new AgentDouble('one');
  bench.ask(agent.request('activate', [license]));
  const backup = bench.batches.length;
  let last = 0;
  for (let day = 0; day < 28; day++) {
    bench.pass(DAY);
    last = activationIn(bench.ask(agent.request('refresh', [license]))).activation.number;
  }
  bench.restart(backup);
  bench.pass(60);
  bench.must('done', { kind: 'license-standing', license: id, state: 'suspended', reason: '' });
  const told = bench.ask(agent.request('refresh', [license]));
  assert.equal(told.kinds, ['suspended']);
  for (const { kind, signed } of told.documents) {
    if (kind === 'standing') assert.ok(signed.standing.number > last);
  }
});

test('restored from before an activation, it takes the agent at its word while there is room', () => {
  const bench = new Bench();
  const license = bench.issue(REFRESHED);
  const backup = bench.batches.length;
  const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
  bench.ask(one.request('activate', [license]));
  bench.restart(backup);
  assert.equal(bench.ask(one.request('refresh', [license])).kinds, []);
  bench.write(bench.master.wasRestored(bench.moment));
  bench.restart();
  assert.equal(bench.ask(one.request('refresh', [license])).kinds, ['activation']);
  const second = bench.ask(two.request('refresh', [license]));
  assert.equal(second.refusals, { [license.license.id]: 'agents-taken' });
  bench.pass(61 * DAY);
  const late = bench.ask(two.request('refresh', [license]));
  assert.equal(late.refusals, {});
  assert.equal(late.kinds, []);
});

test('a clock that jumps by a year ends nothing and gives nothing away', () => {
  for (const jump of [YEAR, -YEAR]) {
    const bench = new Bench();
    const license = bench.issue(REFRESHED);
    const [one, two] = [new AgentDouble('one'), new AgentDouble('two')];
    bench.ask(one.request('activate', [license]));
    bench.now += jump;
    assert.is(bench.call(two.request('activate', [license])), 'unavailable');
    assert.is(bench.call(one.request('refresh', [license])), 'unavailable');
    const { trouble } = bench.must('status', { kind: 'status' });
    assert.match(trouble ?? '', /^The master's clock is 36\d days (ahead|behind)/);
    bench.now -= jump;
    bench.pass(60);
    assert.equal(bench.ask(two.request('activate', [license])).kinds, []);
    assert.equal(bench.ask(one.request('refresh', [license])).kinds, ['activation']);
  }
});

test('a clock that is wrong at the start is doubted until somebody says that it is right', () => {
  for (const [jump, away, doubted] of [
    [-2 * DAY, null, true],
    [YEAR, null, false],
    [YEAR, 45 * DAY, true],
    [40 * DAY, 45 * DAY, false],
  ] as const) {
    const bench = new Bench({ away });
    const license = bench.issue();
    bench.now += jump;
    bench.restart();
    const call = new AgentDouble('one').request('activate', [license]);
    const told = bench.call(call);
    assert.is(told === 'unavailable', doubted, `${jump} ${away}`);
    if (!doubted) continue;
    const refused = bench.must('refused', { kind: 'license-list', ...ANY });
    assert.is(refused.code, 'unavailable');
    bench.must('done', { kind: 'clock-confirm' });
    assert.equal(bench.ask(call).kinds, ['activation']);
    bench.restart();
    assert.is(bench.must('status', { kind: 'status' }).trouble, null);
  }
});

const ANY = { customer: null, product: null, number: null, state: null } as const;

test('a quiet master writes the date down, so that a long silence is no jump', () => {
  const bench = new Bench({ away: 45 * DAY });
  bench.issue({ expires: epochSeconds(START + YEAR) });
  for (let day = 0; day < 100; day++) {
    bench.pass(DAY);
    bench.write(bench.master.tick(bench.moment));
  }
  bench.restart();
  assert.is(bench.must('status', { kind: 'status' }).trouble, null);
});

test.run();

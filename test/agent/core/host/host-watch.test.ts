import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { HostVerdict } from '../../../../agent/core/host/host-verdict.ts';
import { LOOK_EVERY } from '../../../../agent/core/host/host-watch.ts';
import type { HostCase } from '../../../../agent/core/host/judged-host.ts';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import type { Outcome } from '../../../../agent/core/operations.ts';
import type { License } from '../../../../protocol/license.ts';
import type { Reply } from '../../../../protocol/replies.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { AgentRig, acquire, makeLicense, only, PHYSICAL, renew } from '../agent-rig.ts';

const STRICT: License['hosts'] = { virtual: 'refuse', container: 'refuse', unknown: 'refuse' };
const OPEN: License['hosts'] = { virtual: 'allow', container: 'allow', unknown: 'allow' };
const TWO_SEATS = [plainPool(2)];

const VIRTUAL: HostVerdict = {
  verdict: 'virtual',
  score: 100,
  evidence: [{ id: 'cpu-flag', weight: 100, value: 'hypervisor' }],
  host: 'virtual',
};
const UNKNOWN: HostVerdict = {
  verdict: 'unknown',
  score: 0,
  evidence: [],
  host: 'unknown',
  unreadable: ['/sys/class/dmi'],
};
const IN_CONTAINER: HostVerdict = { ...VIRTUAL, verdict: 'container', container: 'docker' };
const IN_CONTAINER_ON_HARDWARE: HostVerdict = { ...IN_CONTAINER, host: 'physical' };

const codeOf = (reply: Reply | undefined) => (reply?.kind === 'refused' ? reply.code : reply?.kind);

const looksIn = (effects: readonly Effect[]): number =>
  effects.filter(({ kind }) => kind === 'look-at-host').length;

const looks = suite('host watch: looks');

looks('a seat that is asked for within a term of the last look needs none', () => {
  const rig = new AgentRig();
  rig.step({ kind: 'host-judged', verdict: PHYSICAL });
  rig.add(makeLicense(1, { hosts: STRICT }));
  rig.looksWait = true;
  rig.now += LOOK_EVERY - 1;
  assert.is(rig.client(1).take(1)?.kind, 'granted');
});

looks('an agent that lends nothing looks at nothing', () => {
  const rig = new AgentRig();
  rig.step({ kind: 'host-judged', verdict: PHYSICAL });
  rig.add(makeLicense(1, { hosts: STRICT }));
  rig.looksWait = true;
  const ann = rig.client(1);
  ann.take(1);
  for (let hours = 0; hours < 24; hours++) {
    rig.now += 3_600_000;
    assert.is(looksIn(rig.step({ kind: 'wake' })), 0);
    ann.discover();
  }
});

looks('with an old verdict the seat waits for a look, which is asked for once', () => {
  const rig = new AgentRig();
  rig.step({ kind: 'host-judged', verdict: PHYSICAL });
  rig.add(makeLicense(1, { hosts: STRICT, pools: TWO_SEATS }));
  rig.looksWait = true;
  rig.now += LOOK_EVERY;
  const [ann, bob] = [rig.client(1), rig.client(2)];
  const first = ann.ask(acquire(1));
  assert.is(looksIn(first), 1);
  assert.is(ann.read(first), undefined);
  assert.is(looksIn(ann.ask(acquire(1))), 0, 'asked again meanwhile');
  assert.is(looksIn(bob.ask(acquire(1))), 0);
  rig.step({ kind: 'host-judged', verdict: PHYSICAL });
  assert.is(rig.agent.leaseCount, 2);
});

looks(
  'a crowd that waits for a look is bounded, and who asks again afterwards is decided on',
  () => {
    const MOST = 1024;
    const rig = new AgentRig(1, [], 2 * MOST);
    rig.add(makeLicense(1, { hosts: STRICT, pools: [plainPool(2 * MOST)] }));
    rig.step({ kind: 'host-judged', verdict: PHYSICAL });
    rig.now += LOOK_EVERY;
    rig.looksWait = true;
    const crowd = Array.from({ length: MOST + 1 }, (_, i) => {
      rig.now += 2;
      const client = rig.client(i + 1);
      client.ask(acquire(1));
      return client;
    });
    rig.looksWait = false;
    rig.settle(rig.step({ kind: 'host-judged', verdict: PHYSICAL }));
    assert.is(rig.agent.leaseCount, MOST);
    assert.is(crowd.at(-1)?.take(1)?.kind, 'granted');
  },
);

looks('a request that came meanwhile replaces the one that waits', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1, { hosts: STRICT, pools: TWO_SEATS }));
  rig.looksWait = true;
  const ann = rig.client(1);
  ann.ask(acquire(1));
  ann.ask({ kind: 'release', id: 2 });
  rig.step({ kind: 'host-judged', verdict: PHYSICAL });
  assert.is(rig.agent.leaseCount, 0, 'it was released before it was granted');
});

looks.run();

const changes = suite('host watch: changes');

changes('after a migration nothing is lent, and who works goes on working', () => {
  const rig = new AgentRig();
  rig.add(makeLicense(1, { hosts: STRICT, pools: TWO_SEATS, term: seconds(60) }));
  const [ann, bob] = [rig.client(1), rig.client(2)];
  assert.is(ann.take(1)?.kind, 'granted');
  rig.verdict = VIRTUAL;
  rig.now += 20_000;
  assert.is(codeOf(bob.read(bob.ask(acquire(1)))), 'virtual-host');
  for (let id = 2; id < 50; id++) {
    rig.now += 20_000;
    assert.is(codeOf(ann.read(ann.ask(renew(id)))), 'renewed');
  }
  assert.is(rig.agent.leaseCount, 1);
  ann.ask({ kind: 'release', id: 50 });
  assert.is(codeOf(ann.read(ann.ask(acquire(51)))), 'virtual-host', 'given back is given back');
});

changes('dates and removal still end a lease on such a host', () => {
  const rig = new AgentRig();
  const ends = epochSeconds(1_800_000_100);
  rig.add(makeLicense(1, { hosts: STRICT, expires: ends }));
  const ann = rig.client(1);
  ann.take(1);
  rig.step({ kind: 'host-judged', verdict: VIRTUAL });
  assert.is(codeOf(ann.read(ann.ask(renew(2)))), 'renewed');
  rig.change({ kind: 'license-remove', id: '' });
  assert.is(codeOf(ann.read(ann.ask(renew(3)))), 'license-removed');
});

changes('a change is noted with what decided, a look that finds the same is not', () => {
  const rig = new AgentRig();
  assert.equal(rig.step({ kind: 'host-judged', verdict: PHYSICAL }), []);
  assert.equal(rig.step({ kind: 'host-judged', verdict: PHYSICAL }), []);
  const { note } = only(rig.step({ kind: 'host-judged', verdict: VIRTUAL }), 'note');
  assert.is(
    noteToSentence(note),
    'This host is judged virtual now, no longer physical: cpu-flag (hypervisor).',
  );
});

changes('back on real hardware it lends again', () => {
  const rig = new AgentRig();
  rig.verdict = VIRTUAL;
  rig.add(makeLicense(1, { hosts: STRICT }));
  const ann = rig.client(1);
  assert.is(codeOf(ann.read(ann.ask(acquire(1)))), 'virtual-host');
  rig.verdict = PHYSICAL;
  rig.now += LOOK_EVERY;
  assert.is(ann.take(2)?.kind, 'granted');
});

changes.run();

const policy = suite('host watch: policy');

const reply = (rig: AgentRig, verdict: HostVerdict, hosts: License['hosts']) => {
  rig.verdict = verdict;
  rig.add(makeLicense(1, { hosts }));
  return answerTo(rig, 1);
};

/** What client `number` hears when it asks for a seat. */
const answerTo = (rig: AgentRig, number: number) => {
  const client = rig.client(number);
  const effects = client.ask(acquire(1));
  return codeOf(
    client.read(effects.some(({ kind }) => kind === 'commit') ? rig.settle(effects) : effects),
  );
};

policy('each rule of a license does what it says', () => {
  const cases: readonly [HostVerdict, Partial<License['hosts']>, string][] = [
    [PHYSICAL, {}, 'granted'],
    [VIRTUAL, {}, 'virtual-host'],
    [VIRTUAL, { virtual: 'allow' }, 'granted'],
    [UNKNOWN, {}, 'unknown-host'],
    [UNKNOWN, { unknown: 'allow' }, 'granted'],
    [IN_CONTAINER, {}, 'container-host'],
    [IN_CONTAINER, { container: 'allow' }, 'granted'],
    [IN_CONTAINER, { container: 'host' }, 'virtual-host'],
    [IN_CONTAINER, { container: 'host', virtual: 'allow' }, 'granted'],
    [IN_CONTAINER_ON_HARDWARE, { container: 'host' }, 'granted'],
    [IN_CONTAINER_ON_HARDWARE, { virtual: 'allow' }, 'container-host'],
  ];
  for (const [verdict, rules, expected] of cases) {
    assert.is(reply(new AgentRig(), verdict, { ...STRICT, ...rules }), expected);
  }
});

policy('a setting of the agent refuses what a license allows, and never the reverse', () => {
  assert.is(reply(new AgentRig(1, ['virtual']), VIRTUAL, OPEN), 'virtual-host');
  assert.is(reply(new AgentRig(1, ['container']), IN_CONTAINER, OPEN), 'container-host');
  assert.is(reply(new AgentRig(1, ['virtual']), IN_CONTAINER, OPEN), 'virtual-host');
  assert.is(reply(new AgentRig(1, ['unknown']), UNKNOWN, OPEN), 'unknown-host');
  assert.is(reply(new AgentRig(1, ['container', 'unknown']), VIRTUAL, OPEN), 'granted');
  assert.is(reply(new AgentRig(1, []), VIRTUAL, STRICT), 'virtual-host');
});

policy('what the administrator has set anew holds from the next request on', () => {
  const rig = new AgentRig(1, ['virtual']);
  const prefer = (refuseHosts: readonly HostCase[]) =>
    rig.step({ kind: 'preferences', preferred: { name: 'other', vendorKeys: [], refuseHosts } });
  rig.verdict = VIRTUAL;
  rig.step({ kind: 'host-judged', verdict: VIRTUAL });
  rig.add(makeLicense(1, { hosts: OPEN }));
  assert.is(answerTo(rig, 1), 'virtual-host');
  prefer([]);
  assert.is(answerTo(rig, 2), 'granted');
  prefer(['virtual']);
  assert.is(answerTo(rig, 3), 'virtual-host');
  const status = rig.change({ kind: 'status' });
  assert.is(status.kind === 'status' && status.status.name, 'other');
  const added = rig.add(makeLicense(2, {}));
  assert.is(added.kind === 'license-add' && added.results[0]?.fault, 'wrong-key');
});

const listed = (outcome: Outcome) =>
  outcome.kind === 'license-list' ? outcome.licenses : assert.unreachable();

policy('a refused license is listed with the evidence, and the others go on', () => {
  const rig = new AgentRig();
  rig.step({ kind: 'host-judged', verdict: VIRTUAL });
  rig.add(makeLicense(1, { hosts: STRICT, product: 'other' }), makeLicense(2, { hosts: OPEN }));
  const [strict, open] = listed(rig.change({ kind: 'license-list' })) ?? [];
  assert.is(strict?.state, 'virtual-host');
  assert.equal(strict?.refusedHost, {
    verdict: 'virtual',
    by: 'license',
    evidence: VIRTUAL.evidence,
    unreadable: [],
  });
  assert.is(open?.state, 'active');
  assert.is(open?.refusedHost, null);
  assert.is(rig.client(1).take(1)?.kind, 'granted');
});

policy('what must be opened, and whose rule it is, is told', () => {
  const rig = new AgentRig(1, ['unknown']);
  rig.step({ kind: 'host-judged', verdict: UNKNOWN });
  rig.add(makeLicense(1, { hosts: OPEN }));
  const [one] = listed(rig.change({ kind: 'license-list' })) ?? [];
  assert.is(one?.refusal, 'unknown-host');
  assert.is(one?.refusedHost?.by, 'settings');
  assert.equal(one?.refusedHost?.unreadable, ['/sys/class/dmi']);
});

policy.run();

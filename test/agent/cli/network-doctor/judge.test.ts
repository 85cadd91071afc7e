import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type {
  AgentHere,
  Evidence,
  Heard,
  Target,
} from '../../../../agent/cli/network-doctor/evidence.ts';
import { REASONS, type Reason } from '../../../../agent/cli/network-doctor/finding.ts';
import {
  parseLinuxArp,
  parseLinuxGateways,
  parseWindowsArp,
} from '../../../../agent/cli/network-doctor/neighbours.ts';
import {
  judgeNetwork,
  renderFindings,
} from '../../../../agent/cli/network-doctor/network-doctor.ts';
import type { MasterView, SiteView } from '../../../../agent/core/operations.ts';
import type { WindowsState } from '../../../../agent/service/firewall/windows-state.ts';
import { epochSeconds } from '../../../../protocol/units.ts';

const HEARD: Heard = {
  address: '10.0.0.1',
  port: 24711,
  name: 'box',
  version: '1.0.0',
  versions: { oldest: 1, newest: 1 },
  agentKey: 'aa',
  epoch: '01',
  products: [{ product: 'acme', free: 1, total: 1 }],
  more: 0,
};

const TARGET: Target = {
  address: '10.0.0.1',
  port: 24711,
  origin: 'flag',
  answer: HEARD,
  isStrange: false,
  error: null,
  leavesFrom: '10.0.0.2',
  answersLater: null,
};

/** A client whose agent answers in every way. */
const WELL: Evidence = {
  port: 24711,
  product: 'acme',
  heard: [HEARD],
  targets: [TARGET],
  named: { mdns: [], srv: [] },
  unresolved: [],
  own: [
    {
      interface: 'eth0',
      address: '10.0.0.2',
      netmask: '255.255.255.0',
      isTunnel: false,
      internal: false,
    },
  ],
  neighbours: { present: ['10.0.0.254'], gateways: ['10.0.0.254'] },
  outwardFrom: '10.0.0.2',
  here: {
    platform: 'linux',
    agent: 'none',
    answer: null,
    portHolder: 'nobody',
    firewall: null,
    windows: null,
  },
};

const troubles = (evidence: Evidence): readonly Reason[] =>
  judgeNetwork(evidence)
    .filter(({ standing }) => standing === 'trouble')
    .map(({ code }) => code);

const standing = (evidence: Evidence, code: Reason) =>
  judgeNetwork(evidence).find((one) => one.code === code)?.standing;

test('an agent that mDNS or DNS names is found, whatever becomes of broadcasts', () => {
  const deaf = { ...WELL, heard: [], targets: [{ ...TARGET, answersLater: true }] };
  assert.equal(troubles(deaf), ['broadcast-lost']);
  const lost = { ...WELL, heard: [], targets: [{ ...TARGET, answersLater: false }] };
  assert.equal(troubles(lost), ['broadcast-lost']);
  for (const evidence of [deaf, lost]) {
    assert.equal(troubles({ ...evidence, named: { mdns: ['10.0.0.1'], srv: [] } }), []);
    assert.equal(troubles({ ...evidence, named: { mdns: ['10.0.0.9'], srv: [] } }), [
      'broadcast-lost',
    ]);
  }
  const beyond = { ...WELL, heard: [], targets: [{ ...TARGET, address: '10.1.0.1' }] };
  assert.equal(troubles(beyond), ['other-subnet']);
  assert.equal(troubles({ ...beyond, named: { mdns: [], srv: ['10.1.0.1'] } }), []);
});

test('every reason is judged, in one order, and nothing is guessed where nobody answers', () => {
  assert.equal(
    judgeNetwork(WELL).map(({ code }) => code),
    REASONS,
  );
  assert.equal(troubles(WELL), []);
  const blind = { ...WELL, heard: [], targets: [] };
  assert.equal(troubles(blind), []);
  for (const code of ['no-agent', 'blocked-port', 'client-isolation', 'version'] as const) {
    assert.is(standing(blind, code), 'unknown', code);
  }
});

test('that this computer answers itself says nothing of its neighbours', () => {
  for (const address of ['10.0.0.2', '127.0.0.1']) {
    const alone = { ...WELL, heard: [{ ...HEARD, address }], targets: [{ ...TARGET, address }] };
    assert.is(standing(alone, 'client-isolation'), 'unknown', address);
    assert.is(standing({ ...alone, heard: [HEARD] }, 'client-isolation'), 'well');
  }
});

test('clients are told the port of an agent that has another than all others', () => {
  const cureOf = (port: number): string | null | undefined => {
    const targets = [{ ...TARGET, port, answersLater: false }];
    const findings = judgeNetwork({ ...WELL, port, heard: [], targets });
    return findings.find(({ code }) => code === 'broadcast-lost')?.cure;
  };
  assert.is(cureOf(24711), 'usher client set --agent 10.0.0.1');
  assert.is(cureOf(24712), 'usher client set --agent 10.0.0.1:24712');
});

test('silence is a blocked port only where the computer is known to be up', () => {
  const silent = { ...WELL, heard: [], targets: [{ ...TARGET, answer: null }] };
  assert.equal(troubles(silent), []);
  assert.is(standing(silent, 'client-isolation'), 'unknown');
  const up = { ...silent, neighbours: { present: ['10.0.0.1'], gateways: [] } };
  assert.equal(troubles(up), ['blocked-port']);
  assert.equal(troubles({ ...silent, neighbours: null }), []);
  const refused: Target = { ...TARGET, answer: null, error: 'refused' };
  assert.equal(troubles({ ...silent, targets: [refused] }), ['no-agent']);
});

const AGENT: AgentHere = { port: 24711, clockBehind: 0, masters: [], site: null };

const here = (change: Partial<Evidence['here']>): Evidence => ({
  ...WELL,
  here: {
    ...WELL.here,
    agent: AGENT,
    portHolder: { name: 'process 7 (usher)' },
    answer: HEARD,
    ...change,
  },
});

test('the agent’s own computer: its clock, who has the port, what its user may not see', () => {
  assert.equal(troubles(here({})), []);
  assert.is(standing(here({}), 'blocked-port'), 'unknown', 'the firewall could not be read');
  assert.equal(troubles(here({ agent: { ...AGENT, clockBehind: 60 } })), ['clock']);
  assert.equal(troubles(here({ answer: null, portHolder: 'somebody' })), ['port-taken']);
  assert.is(standing(here({ agent: 'not-permitted' }), 'clock'), 'unknown');
});

test('a master that does not answer is told with why; one that was not asked is not guessed', () => {
  const master = 'https://m.example';
  const asked = (standing: MasterView['standing']) => {
    const failure = {
      at: epochSeconds(5),
      code: 'unreachable',
      sentence: 'Nobody is there.',
    } as const;
    const silentSince = standing === 'silent' ? epochSeconds(5) : null;
    const one = { master, standing, heard: null, silentSince, failure };
    return here({ agent: { ...AGENT, masters: [one] } });
  };
  assert.equal(troubles(asked('silent')), ['master']);
  const found = judgeNetwork(asked('silent')).find(({ code }) => code === 'master');
  assert.match(found?.sentence ?? '', /has not answered since .*Nobody is there\./);
  assert.is(standing(asked('answers'), 'master'), 'well');
  assert.is(standing(asked('unasked'), 'master'), 'unknown');
});

test('a site is told to be whole, or what of it is not, and what mends that', () => {
  const member = { version: '1', addresses: [], port: 24711, isThis: false, longest: 60 };
  const endpoint = { version: null, cluster: null, member: null, behind: null, size: null };
  const whole: SiteView = {
    name: 'office',
    here: { isHeard: true, trouble: null },
    members: ['one', 'two'].map((name) => ({ ...member, id: name, name, standing: 'member' })),
    blocks: [],
    register: [{ ...endpoint, url: 'http://a:2379', standing: 'leader', trouble: null }],
    trouble: null,
  };
  const judged = (change: Partial<SiteView>) =>
    judgeNetwork(here({ agent: { ...AGENT, site: { ...whole, ...change } } })).find(
      ({ code }) => code === 'site',
    );
  assert.is(judged({})?.sentence, 'The site office is whole: 2 members, 1 endpoint of etcd.');
  const cut = judged({ here: { isHeard: false, trouble: 'It waits.' } });
  assert.equal(
    [cut?.standing, cut?.sentence.endsWith('lends nothing. It waits.')],
    ['trouble', true],
  );
  const silent = { ...endpoint, url: 'http://[fd00::1]:2379', trouble: 'It is off.' } as const;
  const register = [...whole.register, { ...silent, standing: 'unreachable' as const }];
  assert.is(judged({ register })?.cure, 'systemctl status etcd (on [fd00::1])');
  assert.match(judged({ register, trouble: 'No leader.' })?.sentence ?? '', /answer: No leader\.$/);
  const dead = [...whole.members, { ...member, id: 'x', name: 'three', standing: 'dead' as const }];
  assert.match(
    judged({ members: dead })?.cure ?? '',
    /^usher service start \(on three; .* forget three\)$/,
  );
  const gone = [
    ...whole.members,
    { ...member, id: 'x', name: 'x', standing: 'forgotten' as const },
  ];
  assert.match(judged({ members: gone })?.sentence ?? '', /: 2 members,/);
  assert.is(standing(here({ agent: 'none' }), 'site'), 'unknown');
});

test('Windows: a public network keeps clients from an agent, not a client from agents', () => {
  const windows: WindowsState = {
    isAdministrator: true,
    networks: [{ interface: 'LAN', category: 'public' }],
    profiles: [],
    rules: [],
    blocks: [],
  };
  const win = { platform: 'win32', windows };
  assert.equal(troubles(here(win)), ['wrong-profile']);
  assert.equal(troubles(here({ ...win, agent: 'none', answer: null, portHolder: 'nobody' })), []);
  const profiles = [
    { name: 'Public', isEnabled: true, allowsLocalRules: true, allowsAnswers: false },
  ];
  const deaf = here({
    ...win,
    agent: 'none',
    windows: { ...windows, profiles },
    portHolder: 'nobody',
  });
  assert.ok(troubles(deaf).includes('wrong-profile'));
});

test('one agent at two addresses is no twin; two starts at two addresses are', () => {
  const second = { ...HEARD, address: '10.1.0.1' };
  assert.equal(troubles({ ...WELL, heard: [HEARD, second] }), []);
  assert.equal(troubles({ ...WELL, heard: [HEARD, { ...second, epoch: '02' }] }), ['second-agent']);
  assert.equal(troubles({ ...WELL, heard: [HEARD, { ...HEARD, epoch: '02' }] }), [], 'restarted');
});

test('each finding stands on a line, with what cures it on the next', () => {
  const text = renderFindings(judgeNetwork({ ...WELL, product: 'other' }));
  assert.match(text, /^ {2}ok {7}port-taken {8}UDP port/);
  assert.match(
    text,
    /TROUBLE {2}no-license {8}No agent .*\n {29}-> usher license add FILE \(on 10\.0\.0\.1\)\n/m,
  );
});

test('the tables of the systems are read', () => {
  const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.77.0.1        0x1         0x2         02:00:00:00:00:01     *        eth0
10.77.0.9        0x1         0x0         00:00:00:00:00:00     *        eth0
`;
  assert.equal(parseLinuxArp(arp), ['10.77.0.1']);
  const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t00000000\tFE004D0A\t0003\t0\t0\t0\t00000000
eth0\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF
`;
  assert.equal(parseLinuxGateways(routes), ['10.77.0.254']);
  const windows = '\r\nInterface: 10.0.0.2 --- 0x4\r\n  10.0.0.1   02-00-00-00-00-01   dynamic\r\n';
  assert.equal(parseWindowsArp(windows), ['10.0.0.1']);
});

test.run();

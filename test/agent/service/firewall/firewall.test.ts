import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Tool } from '../../../../agent/edges/system-tool.ts';
import type { FirewallWish } from '../../../../agent/service/firewall/firewall.ts';
import { surveyFirewalld } from '../../../../agent/service/firewall/firewalld.ts';
import { surveyIptables } from '../../../../agent/service/firewall/iptables.ts';
import { surveyNftables } from '../../../../agent/service/firewall/nftables.ts';
import { runSteps } from '../../../../agent/service/firewall/system-firewall.ts';
import { surveyUfw } from '../../../../agent/service/firewall/ufw.ts';
import { surveyWindows } from '../../../../agent/service/firewall/windows-firewall.ts';
import { wordsToText } from '../../../../agent/service/plan.ts';
import { UsherError } from '../../../../agent/usher-error.ts';

const WISH: FirewallWish = {
  port: 24711,
  consolePort: null,
  networks: ['10.0.0.0/24'],
  isLocal: true,
  withPublic: false,
  interfaces: ['eth0'],
  program: 'C:\\Program Files\\Usher\\usher.exe',
};

/** Tools that answer by the beginning of what is asked; the rest are not there. */
const tools =
  (answers: Readonly<Record<string, string>>): Tool =>
  async (words) => {
    const asked = words.join(' ');
    const found = Object.keys(answers).find((one) => asked.startsWith(one));
    const out = found === undefined ? undefined : answers[found];
    return { status: out === undefined ? null : 0, out: out ?? '', err: '' };
  };

const texts = (steps: readonly (readonly string[])[]): readonly string[] => steps.map(wordsToText);

test('what is not there, or filters nothing, is not in charge', async () => {
  for (const survey of [
    surveyFirewalld,
    surveyUfw,
    surveyNftables,
    surveyIptables,
    surveyWindows,
  ]) {
    assert.is(await survey(tools({}), WISH), undefined);
  }
  assert.is(await surveyUfw(tools({ 'ufw status': 'Status: inactive\n' }), WISH), undefined);
  const accepting = '-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -j f2b-sshd\n';
  assert.is(await surveyIptables(tools({ iptables: accepting }), WISH), undefined);
});

test('ufw: adds what is missing, takes away what is stale, and leaves the rest alone', async () => {
  const added = (...lines: readonly string[]) =>
    tools({ 'ufw status': 'Status: active\n', 'ufw show added': lines.join('\n') });
  const rule = 'allow from 10.0.0.0/24 to any port 24711 proto udp';
  const comment = "comment 'usher: udp 24711 from 10.0.0.0/24'";
  const closed = await surveyUfw(added('ufw allow 22/tcp'), WISH);
  assert.equal(texts(closed?.open ?? []), [`ufw ${rule} ${comment}`]);
  assert.is(closed?.isOpen, false);
  assert.equal(closed?.close, []);

  const open = await surveyUfw(added('ufw allow 22/tcp', `ufw ${rule} ${comment}`), WISH);
  assert.is(open?.isOpen, true);
  assert.equal(open?.open, []);
  assert.equal(texts(open?.close ?? []), [`ufw delete ${rule}`]);

  const moved = { ...WISH, networks: ['10.9.0.0/16'] };
  const stale = await surveyUfw(added(`ufw ${rule} ${comment}`), moved);
  assert.equal(texts(stale?.open ?? []).length, 2);
  assert.is(texts(stale?.open ?? [])[0], `ufw delete ${rule}`);

  const seen = await surveyUfw(added(`ufw ${rule} ${comment}`), { ...WISH, consolePort: 8443 });
  const tcp = 'ufw allow from 10.0.0.0/24 to any port 8443 proto tcp';
  assert.equal(texts(seen?.open ?? []), [`${tcp} comment 'usher: tcp 8443 from 10.0.0.0/24'`]);

  const theirs = await surveyUfw(added('ufw allow 24711/udp'), WISH);
  assert.is(theirs?.isNamedByOthers, true);
});

test('nftables: into every chain that can drop a datagram, and no other', async () => {
  const chain = (table: string, name: string, policy: string, more: object = {}) => ({
    chain: { family: 'inet', table, name, handle: 1, hook: 'input', policy, ...more },
  });
  const rule = (table: string, name: string, expr: readonly object[], comment?: string) => ({
    rule: { family: 'inet', table, chain: name, handle: 7, expr, ...(comment && { comment }) },
  });
  const tcp = { match: { left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 22 } };
  const json = JSON.stringify({
    nftables: [
      chain('site', 'in', 'drop'),
      chain('ssh', 'in', 'accept'),
      rule('ssh', 'in', [tcp, { drop: null }]),
      chain('guard', 'in', 'accept'),
      rule('guard', 'in', [{ reject: null }]),
      rule('site', 'in', [{ accept: null }], 'usher: udp 9 from 10.0.0.0/24'),
      chain('site', 'out', 'drop', { hook: 'output' }),
      chain('filter', 'INPUT', 'drop'),
      chain('old', 'in', 'drop', { family: 'ip6' }),
    ],
  });
  const seen = await surveyNftables(tools({ 'nft -j list ruleset': json }), WISH);
  const words = 'in ip saddr 10.0.0.0/24 udp dport 24711 accept comment';
  const comment = `'"usher: udp 24711 from 10.0.0.0/24"'`;
  assert.equal(texts(seen?.open ?? []), [
    'nft delete rule inet site in handle 7',
    `nft insert rule inet site ${words} ${comment}`,
    `nft insert rule inet guard ${words} ${comment}`,
  ]);
  assert.equal(texts(seen?.close ?? []), ['nft delete rule inet site in handle 7']);
});

test('iptables: IPv6 by its own program, and only where that filters', async () => {
  const own =
    '-A INPUT -s 10.0.0.0/24 -p udp -m udp --dport 24711 -m comment --comment "usher: udp 24711 from 10.0.0.0/24" -j ACCEPT';
  const answers = { 'iptables -w -S': `-P INPUT DROP\n${own}\n`, ip6tables: '-P INPUT DROP\n' };
  const wish = { ...WISH, networks: ['10.0.0.0/24', 'fe80::/10'] };
  const seen = await surveyIptables(tools(answers), wish);
  assert.equal(texts(seen?.open ?? []), [
    "ip6tables -w -I INPUT 1 -s fe80::/10 -p udp --dport 24711 -m comment --comment 'usher: udp 24711 from fe80::/10' -j ACCEPT",
  ]);
  assert.match(texts(seen?.close ?? [])[0] ?? '', /^iptables -w -D INPUT -s 10\.0\.0\.0\/24/);
  const without = await surveyIptables(tools({ ...answers, ip6tables: '-P INPUT ACCEPT\n' }), wish);
  assert.is(without?.isOpen, true);
});

test('firewalld: in the zone of the interface, for now and for good', async () => {
  const listing =
    'dmz\n  services: ssh\n\nhome (active)\n  interfaces: eth0 eth1\n  services: ssh\n  rich rules: \n';
  const answers = {
    'firewall-cmd --list-all-zones': listing,
    'firewall-cmd --permanent --list-all-zones': listing,
    'firewall-cmd --get-default-zone': 'public\n',
    'firewall-cmd --info-service=usher': 'usher\n  ports: 24711/udp\n',
    'firewall-cmd --permanent --service=usher --get-short': 'Usher\n',
  };
  const seen = await surveyFirewalld(tools(answers), WISH);
  const rule =
    '\'--add-rich-rule=rule family="ipv4" source address="10.0.0.0/24" service name="usher" accept\'';
  assert.equal(texts(seen?.open ?? []), [
    `firewall-cmd --zone=home ${rule}`,
    `firewall-cmd --permanent --zone=home ${rule}`,
  ]);
  const elsewhere = await surveyFirewalld(tools(answers), { ...WISH, interfaces: ['wlan0'] });
  assert.match(elsewhere?.state ?? '', /zone public/);
  const undefinedYet = { ...answers, 'firewall-cmd --info-service=usher': '' };
  const defining = await surveyFirewalld(tools(undefinedYet), WISH);
  assert.ok(texts(defining?.open ?? []).includes('firewall-cmd --reload'));
  assert.is(defining?.isOpen, false);
});

/** What PowerShell answers. */
const windows = (change: object): Tool =>
  tools({
    'powershell.exe': JSON.stringify({
      admin: true,
      networks: { interface: "Bob's LAN", category: 1 },
      profiles: [{ name: 'Private', enabled: 1, localRules: 2, answers: 2 }],
      rules: [],
      blocks: [],
      ...change,
    }),
  });

test('Windows: for the program, the local subnet, and never by itself where it is public', async () => {
  const closed = await surveyWindows(windows({}), WISH);
  const script = closed?.open[0]?.at(-1) ?? '';
  assert.match(script, /-Protocol UDP -LocalPort 24711/);
  assert.match(script, /-Program 'C:\\Program Files\\Usher\\usher\.exe'/);
  assert.match(script, /-Profile Domain,Private -RemoteAddress 'LocalSubnet'/);
  assert.is(closed?.refusal, null);

  const rule = {
    ...{ name: 'usher-udp', profiles: 3, enabled: 1, port: '24711', networks: 'LocalSubnet' },
    program: 'c:\\program files\\usher\\USHER.exe',
  };
  const open = await surveyWindows(windows({ rules: rule }), WISH);
  assert.is(open?.isOpen, true);
  assert.equal(open?.open, []);
  assert.match(open?.close[0]?.at(-1) ?? '', /^Remove-NetFirewallRule -Group 'Usher'/);

  const outside = windows({ networks: { interface: "Bob's LAN", category: 0 } });
  const refused = await surveyWindows(outside, WISH);
  assert.match(refused?.refusal ?? '', /-InterfaceAlias 'Bob''s LAN' -NetworkCategory Private/);
  const forced = await surveyWindows(outside, { ...WISH, withPublic: true });
  assert.is(forced?.refusal, null);
  assert.match(forced?.open[0]?.at(-1) ?? '', /-Profile Domain,Private,Public/);
  const both = [
    { interface: 'Wi-Fi', category: 0 },
    { interface: 'LAN', category: 2 },
  ];
  const mixed = await surveyWindows(windows({ networks: both }), WISH);
  assert.is(mixed?.refusal, null);
  assert.match(mixed?.warnings[0] ?? '', /Nothing is opened on Wi-Fi/);
  const blocked = await surveyWindows(windows({ rules: rule, blocks: 'q7' }), WISH);
  assert.is(blocked?.isOpen, false);
  assert.match(blocked?.warnings[0] ?? '', /Remove-NetFirewallRule -Name 'q7'/);
});

test('a step that fails ends the rest, and says what the tool said', async () => {
  const run: string[] = [];
  const tool: Tool = async ([program = '']) => {
    run.push(program);
    return { status: program === 'bad' ? 1 : 0, out: '', err: 'no room' };
  };
  const failed = await runSteps([['good'], ['bad', 'x y'], ['late']], tool).catch((e) => e);
  assert.instance(failed, UsherError);
  assert.is(failed.code, 'REFUSED');
  assert.is(failed.message, "`bad 'x y'` failed: no room");
  assert.equal(run, ['good', 'bad']);
});

test.run();

/** What the doctor says of networks that are really so, in namespaces of our own. */

import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canMakeHosts } from './hosts.ts';
import { LanSite } from './site.ts';

interface Finding {
  readonly code: string;
  readonly standing: 'well' | 'trouble' | 'unknown';
  readonly sentence: string;
  readonly cure: string | null;
}

/** What the doctor finds on a host. */
const examine = (site: LanSite, host: number, ...words: readonly string[]): readonly Finding[] => {
  const data = words.includes('--data') ? [] : ['--data', site.data(`none${host}`)];
  const { out, err } = site.on(host, 'doctor', '--json', ...data, ...words);
  assert.is(err, '');
  return (JSON.parse(out) as { network: Finding[] }).network;
};

const troubles = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ standing }) => standing === 'trouble').map(({ code }) => code);

const find = (findings: readonly Finding[], code: string): Finding => {
  const found = findings.find((one) => one.code === code);
  assert.ok(found);
  return found as Finding;
};

const AGENT = ['--agent', '10.77.0.1'];

/** Answers every discover as an agent of another time would. */
const ALIEN = `
import { createSocket } from 'node:dgram';
import { buildOffer, parseFrame } from '${pathToFileURL('build/out/js/protocol/packet.js').href}';
const socket = createSocket('udp4');
socket.on('message', (bytes, from) => {
  const frame = parseFrame(new Uint8Array(bytes));
  if (frame.kind !== 'discover') return;
  const versions = { oldest: 9, newest: 9 };
  const zeros = (size) => new Uint8Array(size);
  const offer = { nonce: frame.discover.nonce, versions, agentKey: zeros(32), epoch: zeros(8),
    cookie: zeros(16), name: 'later', version: '9.0.0', products: [], more: 0 };
  socket.send(buildOffer(offer), from.port, from.address);
});
socket.bind(24711, () => console.log('bound'));
`;

/** Hears and says nothing. */
const MUTE = `require('dgram').createSocket('udp4').bind(24711, () => console.log('bound'))`;

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): the doctor is not tried on them.');
} else {
  test('I6: the doctor finds nothing where all is well, and what license or twin is wrong', async () => {
    using site = new LanSite(3);
    await site.serve(1, 'data');
    site.license(1, 'data', 'acme');
    const healthy = examine(site, 2, '--product', 'acme', ...AGENT);
    assert.equal(troubles(healthy), []);
    assert.is(find(healthy, 'broadcast-lost').standing, 'well');
    assert.is(find(healthy, 'clock').standing, 'unknown');
    assert.equal(troubles(examine(site, 1, '--data', site.data('data'))), []);

    const other = examine(site, 2, '--product', 'other');
    assert.equal(troubles(other), ['no-license']);
    assert.match(find(other, 'no-license').cure ?? '', /^usher license add/);

    site.sh(
      1,
      `mkdir -m 700 ${site.data('copy')}; cp -p ${site.data('data')}/agent.key ${site.data('copy')}`,
    );
    await site.serve(3, 'copy');
    const twice = examine(site, 2);
    assert.equal(troubles(twice), ['second-agent']);
    // Both have noticed each other when the second one started.
    for (const [host, name, other] of [
      [3, 'copy', '10.77.0.1:24711'],
      [1, 'data', '10.77.0.3:24711'],
    ] as const) {
      const status = site.on(host, 'status', '--data', site.data(name));
      assert.match(
        status.out,
        new RegExp(`Twins +${other}: a copy of this agent runs there`),
        name,
      );
    }
    assert.match(find(twice, 'second-agent').sentence, /10\.77\.0\.[13] and 10\.77\.0\.[13]/);
  });

  test('I6: the doctor tells a blocked port from a dropped answer, from either side', async () => {
    using site = new LanSite(2);
    await site.serve(1, 'data');
    site.license(1, 'data', 'acme');
    const rules = (input: string): string =>
      `nft -f - <<'END'
flush ruleset
table inet site { chain incoming { type filter hook input priority 0; iif lo accept; ${input}
}
}
END`;
    site.sh(1, rules('udp dport 24711 drop'));
    const blocked = examine(site, 2, ...AGENT);
    assert.equal(troubles(blocked), ['blocked-port']);
    assert.is(find(blocked, 'blocked-port').cure, 'usher firewall open (on 10.77.0.1)');
    const inside = examine(site, 1, '--data', site.data('data'));
    // Rules of others name the port: whether they let clients in, only a client can tell.
    assert.is(find(inside, 'blocked-port').standing, 'unknown');
    site.sh(1, rules('tcp dport 22 accept; drop'));
    const closed = examine(site, 1, '--data', site.data('data'));
    assert.is(find(closed, 'blocked-port').cure, 'usher firewall open');

    site.sh(1, rules('ip daddr 10.77.0.1 udp dport 24711 reject'));
    assert.equal(troubles(examine(site, 2)), ['blocked-port'], 'broadcasts come in, the rest not');

    site.sh(1, 'nft flush ruleset');
    site.sh(2, rules('ct state established,related accept; drop'));
    const deaf = examine(site, 2, ...AGENT);
    assert.equal(troubles(deaf), ['broadcast-lost']);
    assert.match(find(deaf, 'broadcast-lost').sentence, /firewall of this computer/);
    assert.is(find(deaf, 'broadcast-lost').cure, 'usher client set --agent 10.77.0.1');
    site.sh(2, 'nft flush ruleset');
    site.sh(1, rules('meta pkttype broadcast drop'));
    const found = find(examine(site, 2, ...AGENT), 'broadcast-lost');
    assert.match(found.sentence, /mDNS finds it/);
    site.sh(2, rules('udp dport 5353 drop'));
    const lost = find(examine(site, 2, ...AGENT), 'broadcast-lost');
    assert.match(lost.sentence, /do not arrive there/);
  });

  test('I6: the doctor names who has the port, who speaks another version, and where nobody is', async () => {
    using site = new LanSite(2);
    const nobody = examine(site, 2, ...AGENT);
    assert.equal(troubles(nobody), ['no-agent']);
    assert.match(find(nobody, 'no-agent').cure ?? '', /^usher service start/);

    const mute = await site.lan.start(1, [process.execPath, '-e', MUTE], /^bound/);
    const taken = find(examine(site, 1), 'port-taken');
    assert.is(taken.standing, 'trouble');
    assert.is(taken.cure, `kill ${mute.pid}`);
    await site.lan.stop(mute, 'SIGTERM');

    const alien = [process.execPath, '--input-type=module', '-e', ALIEN];
    await site.lan.start(1, alien, /^bound/);
    const version = find(examine(site, 2), 'version');
    assert.is(version.standing, 'trouble');
    assert.match(version.sentence, /10\.77\.0\.1 \(Usher 9\.0\.0\) speaks a newer/);
  });

  test('I6: the doctor sees routers, tunnels, and neighbours that are kept apart', async () => {
    using site = new LanSite(4);
    const { lan } = site;
    await site.serve(1, 'data');
    site.license(1, 'data', 'acme');
    // Host 3 is the router to host 4, which is alone on a cable.
    lan.join(3, 4, 'far');
    site.sh(3, 'ip addr add 10.78.0.3/24 brd + dev far; echo 1 > /proc/sys/net/ipv4/ip_forward');
    site.sh(4, 'ip addr flush dev eth0; ip link set eth0 down');
    site.sh(4, 'ip addr add 10.78.0.4/24 brd + dev far; ip route add default via 10.78.0.3');
    for (const host of [1, 2]) site.sh(host, 'ip route add default via 10.77.0.3');
    const beyond = examine(site, 4, ...AGENT);
    assert.equal(troubles(beyond), ['other-subnet']);
    assert.is(find(beyond, 'other-subnet').cure, 'usher client set --agent 10.77.0.1');
    assert.is(site.on(4, 'client', 'set', '--agent', '10.77.0.1').status, 0);
    assert.equal(troubles(examine(site, 4)), [], 'cured');

    // A point-to-point line to the agent's host that takes what belongs to the link.
    lan.join(2, 1, 'vpn');
    site.sh(1, 'ip addr add 10.99.0.1 peer 10.99.0.2 dev vpn');
    site.sh(2, 'ip addr add 10.99.0.2 peer 10.99.0.1 dev vpn; ip route add 10.77.0.1/32 dev vpn');
    const tunnel = find(examine(site, 2, ...AGENT), 'vpn-route');
    assert.is(tunnel.standing, 'trouble');
    assert.match(tunnel.sentence, /network of eth0.*tunnel vpn/);
    site.sh(2, tunnel.cure ?? '');
    assert.is(find(examine(site, 2, ...AGENT), 'vpn-route').standing, 'well', 'cured');
    site.sh(2, 'ip link del vpn; ip route del 10.77.0.1/32 || true; ip neigh flush dev eth0');

    lan.isolate(1, 2);
    const apart = examine(site, 2, ...AGENT);
    assert.equal(troubles(apart), []);
    const isolation = find(apart, 'client-isolation');
    assert.is(isolation.standing, 'unknown', 'it might be off as well');
    assert.match(isolation.sentence, /while the router 10\.77\.0\.3 does/);
  });
}

test.run();

/**
 * Agents are found without configuration in networks of many kinds, and held seats survive what
 * becomes of them. `discover` listens for one second, a search for a seat lasts three.
 */

import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canMakeHosts } from './hosts.ts';
import { LanSite } from './site.ts';

const nft = (chains: string): string => `nft -f - <<'END'
table inet site {
${chains}
}
END`;

const incoming = (...rules: readonly string[]): string =>
  nft(`chain incoming { type filter hook input priority 0; policy drop
iif lo accept
${rules.join('\n')}
}`);

const ESTABLISHED = 'ct state established,related accept';
const NEIGHBOURS = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept';

/** As ufw and firewalld (zones home, internal and work) set up a desktop. */
const CLIENT_FIREWALLS = {
  ufw: incoming(
    ESTABLISHED,
    NEIGHBOURS,
    'ip daddr 224.0.0.251 udp dport 5353 accept',
    'ip6 daddr ff02::fb udp dport 5353 accept',
    'ip daddr 239.255.255.250 udp dport 1900 accept',
  ),
  firewalld: incoming(
    ESTABLISHED,
    NEIGHBOURS,
    'ct state invalid drop',
    'tcp dport 22 accept',
    'ip daddr 224.0.0.251 udp dport 5353 accept',
    'ip6 daddr ff02::fb udp dport 5353 accept',
    'reject with icmpx admin-prohibited',
  ),
};

/** An agent with a license on host 1. */
const withAgent = async (
  hosts: number,
  what: (site: LanSite) => Promise<void> | void,
): Promise<void> => {
  using site = new LanSite(hosts);
  await site.serve(1, 'data');
  site.license(1, 'data', 'acme', 40);
  await what(site);
};

/** A seat can be had on this host. */
const works = (site: LanSite, host: number): void => {
  const { status, err } = site.on(host, 'run', '--product', 'acme', '--', 'true');
  assert.is(status, 0, err);
};

/** A seat that is held on host 2 outlasts its term while `what` has become of the network. */
const outlasts = async (site: LanSite, what: () => unknown, seconds = 14): Promise<void> => {
  const holder = await site.work(2, 'acme');
  await what();
  await sleep(seconds * 1000);
  assert.is(holder.exitCode, null, 'the application runs');
  assert.is(site.seats(1, 'data').length, 1, 'and holds its seat');
};

/** A name server on `host` that knows the agent. */
const serveNames = (site: LanSite, host: number, agent: string): Promise<unknown> =>
  site.lan.start(
    host,
    [
      'sh',
      '-c',
      'echo up; exec "$@"',
      'names',
      'dnsmasq',
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--pid-file=',
      '--no-resolv',
      '--no-hosts',
      '--user=root',
      '--srv-host=_usher._udp.office.example,agent.office.example,24711',
      `--address=/agent.office.example/${agent}`,
    ],
    /^up/,
  );

const isHere = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const behindRouter = async (): Promise<void> => {
  const [router, ...far] = [21, 22, 23];
  using site = new LanSite(23);
  await site.serve(1, 'data');
  site.license(1, 'data', 'acme', 40);
  await serveNames(site, router, '10.77.0.1');
  site.sh(router, 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  site.sh(1, 'ip route add 10.78.0.0/16 via 10.77.0.21');
  for (const host of far) {
    site.sh(host, 'ip addr flush dev eth0; ip link set eth0 down');
    site.lan.join(router, host, `far${host}`);
    site.sh(router, `ip addr add 10.78.${host}.1/24 brd + dev far${host}`);
    site.sh(host, `ip addr add 10.78.${host}.2/24 brd + dev far${host}`);
    site.sh(host, `ip route add default via 10.78.${host}.1`);
    site.lan.ownFile(host, 'resolv.conf', `nameserver 10.78.${host}.1\nsearch office.example\n`);
  }
  for (let host = 2; host <= 20; host++)
    assert.ok(site.found(host).includes('10.77.0.1'), `${host}`);
  for (const host of far) {
    assert.equal(site.found(host), ['10.77.0.1'], `host ${host}, behind the router`);
    works(site, host);
  }
};

const pointToPoint = (): Promise<void> =>
  withAgent(2, async (site) => {
    site.lan.join(1, 2, 'vpn');
    for (const [host, own, peer] of [
      [1, '10.99.0.1', '10.99.0.2'],
      [2, '10.99.0.2', '10.99.0.1'],
    ] as const) {
      // Nothing but unicast goes through such a tunnel.
      site.sh(host, 'ip link set eth0 down; echo 1 > /proc/sys/net/ipv6/conf/vpn/disable_ipv6');
      site.sh(host, `ip addr add ${own} peer ${peer} dev vpn; ip link set vpn multicast off`);
    }
    assert.equal(site.found(2), [], 'nobody tells');
    await serveNames(site, 1, '10.99.0.1');
    site.lan.ownFile(2, 'resolv.conf', 'nameserver 10.99.0.1\nsearch office.example\n');
    works(site, 2);
    assert.equal(site.found(2), ['10.99.0.1']);
  });

const badCable = (): Promise<void> =>
  withAgent(3, async (site) => {
    site.lan.onSwitch('ip link set p1 nomaster; ip link add c1 type veth peer name c2');
    site.lan.onSwitch('ip link set c2 master br0; ip link set c1 up; ip link set c2 up');
    await site.lan.startOnSwitch(['python3', 'test/lan/bad_cable.py', 'p1', 'c1', '0.2', '200']);
    let got = 0;
    for (let tries = 0; tries < 5; tries++) {
      if (site.on(3, 'run', '--product', 'acme', '--', 'true').status === 0) got++;
    }
    assert.ok(got >= 4, `${got} of 5 have found a seat`);
    await outlasts(site, () => {}, 25);
  });

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): the ways to an agent are not tried.');
} else {
  test('twenty hosts on a switch and two behind a router find the agent', behindRouter);

  test('an agent whose firewall lets in its fixed port alone is found', () =>
    withAgent(2, (site) => {
      site.sh(1, incoming(ESTABLISHED, 'udp dport 24711 accept'));
      assert.ok(site.found(2).includes('10.77.0.1'));
      works(site, 2);
    }));

  for (const [name, firewall] of Object.entries(CLIENT_FIREWALLS)) {
    test(`a client behind the defaults of ${name} finds the agent, and keeps its seat`, () =>
      withAgent(3, async (site) => {
        site.sh(3, firewall);
        assert.ok(site.found(3).includes('10.77.0.1'));
        works(site, 3);
        await outlasts(site, () => site.sh(2, firewall));
      }));
  }

  test('with IPv6 alone, and nothing but link-local addresses', () =>
    withAgent(2, async (site) => {
      for (const host of [1, 2]) site.sh(host, 'ip -4 addr flush dev eth0');
      for (const host of [1, 2]) {
        site.sh(
          host,
          'timeout 10 sh -c "while ip -6 addr | grep -q tentative; do sleep 0.1; done"',
        );
      }
      assert.match(site.found(2).join(), /^fe80::/);
      works(site, 2);
      await outlasts(site, () => {});
    }));

  test('by the second of two interfaces, and by the first when that is cut', () =>
    withAgent(2, async (site) => {
      site.lan.join(1, 2, 'second');
      site.sh(1, 'ip addr add 10.80.0.1/24 brd + dev second; ip link set eth0 down');
      site.sh(2, 'ip addr add 10.80.0.2/24 brd + dev second');
      assert.ok(site.found(2).includes('10.80.0.1'));
      await outlasts(site, () => site.sh(1, 'ip link set eth0 up; ip link set second down'));
    }));

  if (isHere('dnsmasq')) {
    test('through a tunnel from point to point, by the site’s DNS', pointToPoint);
  } else console.log('dnsmasq is not installed: SRV records are not tried.');

  test('through a switch that eats broadcasts', () =>
    withAgent(3, async (site) => {
      const eat = `nft -f - <<'END'
table bridge eats {
  chain eating { type filter hook forward priority 0
    ether daddr ff:ff:ff:ff:ff:ff ether type ip drop
  }
}
END`;
      site.lan.onSwitch(eat);
      assert.ok(site.found(3).includes('10.77.0.1'));
      works(site, 3);
      await outlasts(site, () => {});
    }));

  test('a seat is held while the agent moves to another address', () =>
    withAgent(2, (site) =>
      outlasts(site, () => {
        site.sh(1, 'ip addr add 10.77.0.99/24 brd + dev eth0; ip addr del 10.77.0.1/24 dev eth0');
      }),
    ));

  if (isHere('python3')) {
    test('over a cable that loses a fifth, delays by 200 ms, doubles and reorders', badCable);
  }
}

test.run();

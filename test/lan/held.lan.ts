/** Held seats outlive every kind of network, while firewalls come up and broadcasts are eaten. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AGENT_PORT_ONLY, LIKE_FIREWALLD_PUBLIC, LIKE_UFW } from './firewalls.ts';
import { canMakeHosts } from './hosts.ts';
import { BAD_LINE } from './relay.ts';
import { HeldSeat } from './seeker.ts';
import { LanSite } from './site.ts';

/** Seconds of a term, and milliseconds that are longer. */
const TERM = '10';
const LONGER_MS = 15_000;

/** A line without broadcast, mDNS' own; the agent takes it up when it hears somebody. */
const openLine = (site: LanSite, host: number): void => {
  site.sh(host, 'ip link del eth0');
  site.lan.join(1, host, 'vpn');
  for (const end of [1, host]) {
    site.sh(end, 'echo 1 > /proc/sys/net/ipv6/conf/vpn/disable_ipv6');
  }
  site.sh(1, 'ip addr add 10.99.0.1 peer 10.99.0.2 dev vpn');
  site.sh(host, 'ip addr add 10.99.0.2 peer 10.99.0.1 dev vpn');
  const hasTakenUp = (): boolean => {
    site.on(1, 'discover');
    return /mDNS.*\bvpn\b/.test(site.on(1, 'status', '--data', site.data('data')).out);
  };
  for (let asked = 0; !hasTakenUp(); asked++) assert.ok(asked < 20, 'the line is never taken up');
};

/** A second network of the agent, with this host in it and in no other. */
const openSecond = (site: LanSite, host: number): void => {
  site.lan.join(1, host, 'second');
  site.sh(1, 'ip addr add 10.79.0.1/24 brd + dev second');
  site.sh(host, `ip link del eth0; ip addr add 10.79.0.${host}/24 brd + dev second`);
};

/** A host behind another one that loses, doubles and delays what it passes on. */
const openBadLine = async (site: LanSite, between: number, host: number): Promise<void> => {
  site.lan.join(between, host, 'bad');
  site.sh(between, `ip addr add 10.80.0.${between}/24 brd + dev bad`);
  site.sh(host, `ip link del eth0; ip addr add 10.80.0.${host}/24 brd + dev bad`);
  const relay = [process.execPath, '--input-type=module', '-e', BAD_LINE, '10.77.0.1', '8'];
  await site.lan.start(between, relay, /^passing on/);
};

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): no seat is held.');
} else {
  test('a held seat survives every kind of network', async () => {
    using site = new LanSite(12);
    await site.serve(1, 'data');
    site.license(1, 'data', 'acme', 20, '--term', TERM);
    await site.route({ router: 8, far: [9], names: 7 });
    openSecond(site, 5);
    await openBadLine(site, 10, 11);
    site.sh(4, 'ip -4 addr flush dev eth0');
    site.settle(1, 2, 3, 4, 5, 12);
    openLine(site, 6);
    site.sh(2, LIKE_UFW);
    const kinds = {
      'like ufw': 2,
      'like firewalld, zone public': 3,
      'IPv6 only': 4,
      'second interface': 5,
      'point-to-point': 6,
      'behind a router': 9,
      'a bad line': 11,
      'an ordinary switch': 12,
    };
    const held = new Map<string, HeldSeat>();
    for (const [kind, host] of Object.entries(kinds))
      held.set(kind, await HeldSeat.take(site, host));
    site.sh(3, LIKE_FIREWALLD_PUBLIC);
    site.sh(1, AGENT_PORT_ONLY);
    site.lan.filter(
      'table bridge site { chain passing { type filter hook forward priority 0;\n' +
        'ether daddr ff:ff:ff:ff:ff:ff ether type ip drop\n}\n}\n',
    );
    await new Promise((resolve) => setTimeout(resolve, LONGER_MS));
    for (const [kind, { child, untold }] of held) {
      console.log(`  ${kind}: ${untold.join(', ') || 'nothing to tell'}`);
      assert.is(child.exitCode, null, kind);
      assert.not.ok(
        untold.some((line) => line.startsWith('lost')),
        kind,
      );
    }
    assert.is(site.seats(1, 'data').length, held.size);
  });
}

test.run();

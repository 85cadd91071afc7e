/** The firewall commands against real rules, each in a network namespace of its own. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canMakeHosts } from './hosts.ts';
import { LanSite } from './site.ts';

/** firewalld speaks over a bus: this one is its own. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=BUS</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

const startFirewalld = async (site: LanSite): Promise<void> => {
  const bus = site.data('bus');
  writeFileSync(`${bus}.conf`, BUS.replace('BUS', bus));
  site.lan.ownSettings(1, 'firewalld');
  const dbus = ['dbus-daemon', `--config-file=${bus}.conf`, '--nofork', '--print-address=1'];
  await site.lan.start(1, dbus, /^unix:/);
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = `unix:path=${bus}`;
  await site.lan.start(1, ['sh', '-c', 'echo up; exec firewalld --nofork --nopid'], /^up/);
  site.sh(1, 'timeout 30 sh -c "until firewall-cmd --state; do sleep 0.1; done"');
};

interface Firewall {
  readonly name: string;
  /** The program without which it cannot be tried. */
  readonly needs: string;
  /** Sets it up on host 1 as its makers do. */
  readonly raise: (site: LanSite) => unknown;
  /** The rules, to see that closing leaves them as they were. */
  readonly rules: string;
}

const FIREWALLS: readonly Firewall[] = [
  {
    name: 'nftables',
    needs: 'nft',
    raise: (site) =>
      site.sh(
        1,
        `nft -f - <<'END'
table inet site {
  chain incoming {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iif lo accept
    tcp dport 22 accept
  }
}
table inet guard {
  chain incoming {
    type filter hook input priority 10; policy accept;
    udp dport 1024-65535 reject
  }
  chain ssh {
    type filter hook input priority 11; policy accept;
    tcp dport 22 drop
  }
}
END`,
      ),
    rules: 'nft list ruleset',
  },
  {
    name: 'iptables',
    needs: 'iptables',
    raise: (site) =>
      site.sh(
        1,
        'for t in iptables ip6tables; do $t -P INPUT DROP; $t -A INPUT -i lo -j ACCEPT; done; ' +
          'iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      ),
    rules: 'iptables -S; ip6tables -S',
  },
  {
    name: 'ufw',
    needs: 'ufw',
    raise: (site) => {
      site.lan.ownSettings(1, 'ufw');
      site.sh(1, 'ufw --force enable');
    },
    rules: 'ufw status; ufw show added',
  },
  {
    name: 'firewalld',
    needs: 'firewalld',
    raise: startFirewalld,
    rules: 'firewall-cmd --list-all; firewall-cmd --permanent --list-all; nft list ruleset',
  },
];

const isHere = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const settle = async ({ name, raise, rules }: Firewall): Promise<void> => {
  using site = new LanSite(2);
  await site.serve(1, 'data');
  assert.equal(site.found(2), ['10.77.0.1'], 'without a firewall');
  await raise(site);
  const before = site.sh(1, rules);
  assert.equal(site.found(2), [], 'closed');

  const shown = JSON.parse(site.on(1, 'firewall', 'show', '--json').out) as {
    firewall: string;
    isOpen: boolean;
    open: readonly (readonly string[])[];
  };
  assert.is(shown.firewall, name);
  assert.is(shown.isOpen, false);
  const dry = site.on(1, 'firewall', 'open', '--dry-run');
  assert.is(dry.out.trim().split('\n').length, shown.open.length);
  assert.is(site.sh(1, rules), before, 'looking changes nothing');

  assert.match(site.on(1, 'firewall', 'open').out, /^Opened: UDP 24711 from 10\.77\.0\.0\/24/);
  assert.equal(site.found(2), ['10.77.0.1'], 'opened');
  const opened = site.sh(1, rules);
  assert.match(site.on(1, 'firewall', 'open').out, /^Open already/);
  assert.is(site.sh(1, rules), opened, 'opening twice is opening once');

  assert.is(site.on(1, 'firewall', 'open', '--scope', '10.77.0.9').status, 0);
  assert.equal(site.found(2), [], 'opened for somebody else');

  assert.match(site.on(1, 'firewall', 'close').out, /^Closed/);
  assert.is(site.sh(1, rules), before, 'closing leaves nothing behind');
  assert.equal(site.found(2), [], 'closed again');
  assert.match(site.on(1, 'firewall', 'close').out, /^There is no rule of Usher/);
};

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): the firewall tests are left out.');
} else {
  for (const firewall of FIREWALLS) {
    if (!isHere(firewall.needs)) {
      console.log(`${firewall.needs} is not installed: not tried with it.`);
      continue;
    }
    test(`I6: ${firewall.name} lets clients in when it is opened, and closes again`, () =>
      settle(firewall));
  }

  test('I6: without a firewall there is nothing to open, and a user who is not root is told', () => {
    using site = new LanSite(1);
    assert.match(site.on(1, 'firewall', 'open').out, /nothing to open/);
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const refused = site.by(1, nobody, 'firewall', 'open', '--data', site.data('none'));
    assert.is(refused.status, 4, refused.err);
    assert.match(refused.err, /Only root/);
  });
}

test.run();

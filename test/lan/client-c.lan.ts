/** The client in C finds the agent wherever the one in TypeScript does, with nothing configured. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CWorkshop, findCompiler } from '../interop/c-program.ts';
import { LIKE_FIREWALLD_HOME, LIKE_UFW } from './firewalls.ts';
import { canMakeHosts } from './hosts.ts';
import { LanSite } from './site.ts';

/** Milliseconds to a seat: where all is well, and where it is not. */
const GOOD = 1000;
const BAD = 5000;

interface Step {
  readonly step: string;
  readonly code: string;
  readonly address?: string;
  readonly micros?: number;
}

const compiler = findCompiler('gcc', 'clang');
const workshop = new CWorkshop();
process.on('exit', () => workshop[Symbol.dispose]());

const openSite = async (hosts: number, ...more: readonly string[]): Promise<LanSite> => {
  const site = new LanSite(hosts);
  await site.serve(1, 'data');
  site.license(1, 'data', 'acme', 5, ...more);
  return site;
};

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): the client in C looks for nothing.');
} else if (compiler === undefined) {
  console.log('Not run: the client in C needs gcc or clang, which this computer does not have.');
} else {
  const driver = workshop.make(compiler, 'driver', '-O2');
  const words = (site: LanSite, ...more: readonly string[]) => [
    ...[driver, '--product', 'acme', '--vendor-key', site.vendorKey('acme'), ...more],
  ];

  /** Takes a seat on a host and gives it back; where the agent was found. */
  const acquire = (site: LanSite, host: number, most: number, name: string): string => {
    const { status, out, err } = site.lan.run(host, words(site, '--patience', '8000'));
    assert.is(status, 0, `${name}: ${out} ${err}`);
    const steps = out.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Step] : []));
    const got = steps.find(({ step }) => step === 'acquired');
    const took = (got?.micros ?? 0) / 1000;
    console.log(`  ${name}: ${took} ms, at ${got?.address}`);
    assert.ok(took < most, `${name}: a seat after ${took} ms`);
    return got?.address ?? '';
  };

  test('C: by broadcast, and through firewalls of clients by mDNS', async () => {
    using site = await openSite(3);
    site.settle(1, 2, 3);
    assert.is(acquire(site, 2, GOOD, 'one switch'), '10.77.0.1:24711');
    site.sh(3, LIKE_UFW);
    acquire(site, 3, GOOD, 'like ufw');
  });

  // On a switch of its own: an agent answers everybody on a link once a second.
  test('C: through the firewall of Fedora’s homes by mDNS', async () => {
    using site = await openSite(2);
    site.settle(1, 2);
    site.sh(2, LIKE_FIREWALLD_HOME);
    acquire(site, 2, GOOD, 'like firewalld, zone home');
  });

  test('C: IPv6 alone is enough, by multicast and by mDNS', async () => {
    using site = await openSite(3);
    for (const host of [1, 2, 3]) site.sh(host, 'ip -4 addr flush dev eth0');
    site.settle(1, 2, 3);
    assert.match(acquire(site, 2, GOOD, 'IPv6 only'), /^\[fe80:.*%eth0\]:24711$/);
    site.sh(3, LIKE_UFW);
    acquire(site, 3, BAD, 'IPv6 only, like ufw');
  });

  test('C: two interfaces, and a switch that eats broadcasts', async () => {
    using site = await openSite(4);
    site.lan.join(1, 3, 'second');
    site.sh(1, 'ip addr add 10.79.0.1/24 brd + dev second');
    site.sh(3, 'ip link del eth0; ip addr add 10.79.0.3/24 brd + dev second');
    site.settle(1, 2, 3, 4);
    assert.is(acquire(site, 3, BAD, 'second interface'), '10.79.0.1:24711');
    site.lan.filter(
      'table bridge site { chain passing { type filter hook forward priority 0;\n' +
        'ether daddr ff:ff:ff:ff:ff:ff ether type ip drop\n}\n}\n',
    );
    acquire(site, 2, BAD, 'no broadcasts');
    for (const host of [1, 4]) site.sh(host, 'ip -6 addr flush dev eth0');
    assert.is(acquire(site, 4, BAD, 'no broadcasts, no IPv6'), '10.77.0.1:24711');
  });

  test('C: behind a router by DNS', async () => {
    using site = await openSite(5);
    await site.route({ router: 4, far: [5], names: 3 });
    assert.is(acquire(site, 5, BAD, 'behind the router'), '10.77.0.1:24711');
  });

  test('C: an agent that moves to another address keeps its seats', async () => {
    using site = await openSite(2, '--term', '10');
    const told: string[] = [];
    let wake = (): void => {};
    const hear = (line: string): void => {
      told.push((JSON.parse(line) as Step).step);
      wake();
    };
    // It holds the seat until its input ends.
    const command = `sleep 600 | exec ${words(site, '--hold').join(' ')}`;
    await site.lan.start(2, ['sh', '-c', command], /"acquired"/, hear);
    site.sh(1, 'ip addr del 10.77.0.1/24 dev eth0; ip addr add 10.77.0.50/24 brd + dev eth0');
    const moved = performance.now();
    while (!['held', 'lost'].includes(told.slice(2).at(-1) ?? '')) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    assert.equal(told, ['held', 'acquired', 'unreachable', 'held']);
    console.log(`  followed ${Math.round(performance.now() - moved)} ms after the move`);
    assert.is(site.seats(1, 'data').length, 1);
  });
}

test.run();

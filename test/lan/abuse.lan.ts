/**
 * Strangers who send as much as the socket takes, and honest people on the same wire. Run by .ci/run;
 * needs root and network namespaces. Bars: nothing ends, memory and log stay within bounds, nobody
 * gets more bytes than were sent, and an honest client's renewals take less than 50 ms (99th
 * percentile). Honest processes go before the flood at the processor, for on one machine they share it.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canMakeHosts } from './hosts.ts';
import { LanSite } from './site.ts';

const AGENT = '10.77.0.1';
const SECONDS = 4;
const P99_MS = 50;
/** A busy machine delays everybody: one of these tries must be in time. */
const TRIES = 3;
/**
 * What the agent may keep of strangers at most, and of what they sent until the engine collects it: up
 * to 64 MiB beside its heap, at the rate that a quiet machine takes.
 */
const GROWTH_MAX = (64 + 64) * 1024 * 1024;
/** Its log takes 50 lines a second after the first 500, and a line has some 500 bytes. */
const WRITTEN_PER_SECOND = 50 * 512;
const WRITTEN_AT_ONCE = 500 * 512;

interface Renewals {
  readonly renewals: number;
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
}

interface Flood {
  readonly sent: { readonly datagrams: number; readonly bytes: number };
  readonly heard: { readonly datagrams: number; readonly bytes: number };
  readonly perSecond: number;
}

/** From each of 65,536 addresses in turn. */
const FORGED_SOURCES = `nft -f - <<'END'
table ip forged {
  chain out {
    type filter hook output priority 0
    udp dport 24711 ip saddr set numgen random mod 65536 offset ${0x0a4d_0000}
  }
}
END`;

const script = (name: string): string => join('build', 'out', 'js', 'test', 'lan', `${name}.js`);

/** A process on a host, its lines as they come. */
const startOn = (site: LanSite, host: number, nice: number, words: readonly string[]) => {
  const command = site.lan.commandOn(host, [
    'nice',
    '-n',
    String(nice),
    process.execPath,
    ...words,
  ]);
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(`${words.join(' ')} has ended`);
    return value as string;
  };
  return { next };
};

const memoryOf = ({ pid }: ChildProcess): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
};

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size,
      0,
    );

/** An honest client renews while somebody floods. */
const endure = async (
  site: LanSite,
  kind: string,
  agent: string,
): Promise<readonly [Renewals, Flood]> => {
  const honest = startOn(site, 2, -10, [script('honest-process'), agent, String(SECONDS + 1)]);
  const [, clientKey = ''] = (await honest.next()).split(' ');
  const flooder = startOn(site, 3, 5, [
    script('flooder-process'),
    kind,
    agent,
    String(SECONDS),
    clientKey,
  ]);
  await flooder.next();
  const flood = JSON.parse(await flooder.next()) as Flood;
  return [JSON.parse(await honest.next()) as Renewals, flood];
};

/** Floods until the honest client was in time; the last try counts. */
const flood = async (site: LanSite, kind: string, agent = AGENT): Promise<void> => {
  for (let tries = 1; ; tries++) {
    const [renewals, { sent, heard, perSecond }] = await endure(site, kind, agent);
    console.log(`${kind}: ${perSecond} a second; honest: ${JSON.stringify(renewals)}`);
    assert.ok(sent.datagrams > 1000, 'there was a flood');
    assert.ok(heard.bytes <= sent.bytes, `${heard.bytes} bytes for ${sent.bytes}`);
    if (renewals.p99 < P99_MS) return;
    assert.ok(tries < TRIES, `${kind}: ${JSON.stringify(renewals)}`);
  }
};

/** An agent with seats, and someone who holds one of them all the while. */
const withAgent = async (what: (site: LanSite) => Promise<void>): Promise<void> => {
  using site = new LanSite(3);
  const agent = await site.serve(1, 'data');
  spawnSync('renice', ['-n', '-10', '-p', String(agent.pid)]);
  site.license(1, 'data', 'acme', 40);
  const holder = await site.work(2, 'acme');
  const [before, written] = [memoryOf(agent), bytesIn(site.data('data'))];
  const began = performance.now();
  await what(site);
  const took = (performance.now() - began) / 1000;
  const grown = memoryOf(agent) - before;
  const more = bytesIn(site.data('data')) - written;
  console.log(`${Math.round(grown / 1024)} KiB of memory and ${more} bytes on the disk more`);
  assert.is(agent.exitCode, null, 'the agent runs');
  assert.ok(grown < GROWTH_MAX, `${grown} bytes more memory`);
  assert.ok(
    more < WRITTEN_AT_ONCE + took * WRITTEN_PER_SECOND,
    `${more} bytes written in ${took} s`,
  );
  assert.is(holder.exitCode, null, 'the seat is held');
  assert.ok(site.seats(1, 'data').includes('10.77.0.2'));
  assert.is(site.on(3, 'run', '--product', 'acme', '--', 'true').status, 0, 'seats are lent');
};

if (!canMakeHosts()) {
  console.log('No network namespaces here (they need root): nobody floods.');
} else {
  test('floods from one address: honest people notice nothing', () =>
    withAgent(async (site) => {
      const kinds = ['noise', 'malformed', 'fragments', 'discover', 'cookies', 'guesses', 'stolen'];
      for (const kind of [...kinds, 'sessions', 'replay']) await flood(site, kind);
    }));

  test('floods by IPv6 and by mDNS: honest people notice nothing, nobody gets more than was sent', () =>
    withAgent(async (site) => {
      for (const host of [1, 2, 3]) site.sh(host, `ip addr add fd77::${host}/64 dev eth0 nodad`);
      for (const kind of ['discover', 'guesses', 'sessions']) await flood(site, kind, 'fd77::1');
      await flood(site, 'mdns');
    }));

  test('floods from forged addresses: honest people notice nothing', () =>
    withAgent(async (site) => {
      site.sh(3, FORGED_SOURCES);
      for (const kind of ['discover', 'malformed', 'guesses']) await flood(site, kind);
      site.sh(3, 'nft flush ruleset');
    }));
}

test.run();

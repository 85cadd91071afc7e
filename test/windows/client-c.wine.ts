/**
 * The C client as a Windows program, under Wine: its example takes a seat of an agent on Linux through
 * the loopback interface that both share, keeps it for longer than a term, and gives it back.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { CWorkshop, hasTool, WARNINGS } from '../interop/c-program.ts';
import { Site } from '../stories/site.ts';
import { until } from '../stories/until.ts';
import { openWine, openWineFor } from './windows-program.ts';

const COMPILER = 'x86_64-w64-mingw32-gcc';

const testWith = (root: string, program: string): void => {
  test('a Windows application holds a seat of an agent on Linux', async () => {
    await using site = await Site.lending({ term: seconds(10) });
    using wine = openWine(root, program, 'example.exe');
    const { key } = site.vendor;
    const at = `127.0.0.1:${site.port}`;
    const held = wine.run('example.exe', key, 'acme-cad', at, '12');
    assert.is(held.status, 0, `${held.out}${held.err}`);
    assert.match(held.out, /The seat is held\.\s+Seat [0-9a-z]{16} of /);
    assert.match(held.out, /The seat is given back\.\s*$/);
    assert.not.match(held.out, /lost|does not answer/);
    await site.seatsBecome(0);

    const refused = wine.run('example.exe', key, 'acme-other', at, '1');
    assert.is(refused.status, 1);
    assert.match(refused.err, /No seat \(no-license\)\. This agent has no license/);
    const foreign = wine.run('example.exe', 'A'.repeat(43), 'acme-cad', at, '1');
    assert.match(foreign.err, /No seat \(untrusted-other-vendor\)/);
    await site.seatsBecome(0);
  });

  test('it finds the agent of its own computer without an address', async () => {
    await using site = await Site.lending({});
    using wine = openWine(root, program, 'driver.exe');
    const driver = workshop.make(COMPILER, 'driver', '-O2');
    copyFileSync(driver, join(wine.folder, 'driver.exe'));
    const { key } = site.vendor;
    const words = ['--vendor-key', key, '--product', 'acme-cad', '--port', `${site.port}`];
    const done = wine.run('driver.exe', ...words, '--interfaces', '127.0.0.1');
    assert.is(done.status, 0, `${done.out}${done.err}`);
    assert.match(done.out, /"step":"released","code":"ok"/);
  });

  if (!hasTool('dnsmasq')) return console.log('Not run under Wine: DNS, for there is no dnsmasq.');
  test('it finds an agent by the DNS servers and domains that Windows has been given', async () => {
    await using site = await Site.lending({});
    using names = await startNames(site.port);
    using wine = openWine(root, program, 'driver.exe');
    const driver = workshop.make(COMPILER, 'driver', '-O2');
    copyFileSync(driver, join(wine.folder, 'driver.exe'));
    const words = ['--vendor-key', site.vendor.key, '--product', 'acme-cad', '--patience', '8000'];
    // Nobody is at that port: what is asked around is asked in vain.
    const find = () => wine.run('driver.exe', ...words, '--port', '1', '--interfaces', '127.0.0.1');
    assert.match(find().out, /"code":"no-agent"/);
    for (const [name, value] of [
      ['NameServer', NAMES_AT],
      ['SearchList', 'site.example'],
    ] as const) {
      const set = wine.run('reg', 'add', NETWORK_KEY, '/v', name, '/d', value, '/f');
      assert.is(set.status, 0, set.err);
    }
    const found = find();
    assert.match(found.out, /"step":"released","code":"ok"/, `${found.out}${found.err}`);
    assert.match(found.out, new RegExp(`"address":"127\\.0\\.0\\.1:${site.port}"`));
    assert.is(names.exitCode, null);
  });
};

/** Port 53 of an address of this computer that nobody else has. */
const NAMES_AT = '127.77.53.1';
const NETWORK_KEY = 'HKLM\\System\\CurrentControlSet\\Services\\Tcpip\\Parameters';

/** A server of names that tells where the agent of `site.example` is. */
const startNames = async (port: number) => {
  const name = 'agent.site.example';
  const child = spawn(
    'dnsmasq',
    [
      ...['--keep-in-foreground', '--log-facility=-', '--no-resolv', '--no-hosts', '--user=root'],
      ...['--conf-file=/dev/null', '--pid-file', '--bind-interfaces', '--except-interface=none'],
      ...[`--listen-address=${NAMES_AT}`, `--srv-host=_usher._udp.site.example,${name},${port}`],
      `--host-record=${name},127.0.0.1`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    said += String(piece);
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(said)));
  ended.catch(() => {});
  const started = until('the server of names is up', () => /started/.test(said) || undefined);
  await Promise.race([started, ended]);
  return {
    get exitCode() {
      return child.exitCode;
    },
    [Symbol.dispose]: () => void child.kill(),
  };
};

const workshop = new CWorkshop();
process.on('exit', () => workshop[Symbol.dispose]());

if (!hasTool(COMPILER)) {
  console.log(`Not run under Wine: the C client, for there is no ${COMPILER}.`);
} else {
  const program = workshop.make(COMPILER, 'example', '-O2', ...WARNINGS);
  const root = openWineFor(program);
  if (root !== undefined) testWith(root, program);
}

test.run();

/**
 * The packaged binary inside real guests, as root and as a user without rights: it tells that it is
 * in one, a license that refuses virtual hosts lends nothing and says why, and one that allows them
 * lends. Run by .ci/run; guests without hardware support take about a minute each.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/build/run.ts';
import { type Check, runInGuest } from './guest.ts';
import { guestMachines } from './guest-machines.ts';
import { type GuestRoot, openGuestRoot } from './guest-root.ts';

const BINARY = join(process.cwd(), 'build', 'out', 'usher-linux-x64');
const PORT = '24790';
const DISK_BYTES = 268_435_456;

/** What one user does in the guest, with a data folder of its own. */
const userScript = (user: 'root' | 'nobody'): string => {
  const data = `/run/${user}`;
  const as = user === 'root' ? 'sh -c' : 'su -s /bin/sh nobody -c';
  const client = `XDG_STATE_HOME=${data}/client USHER_PORT=${PORT} USHER_INTERFACES=lo`;
  const check = (name: string, command: string): string =>
    `check '${user} ${name}' ${as} 'HOME=/tmp ${command} 2>&1'`;
  return [
    `mkdir -p ${data}/client; chown -R ${user} ${data}; chmod 700 ${data}`,
    check('hardware', '/payload/usher hardware --json'),
    `${as} 'HOME=/tmp exec /payload/usher serve --data ${data} --port ${PORT} --interfaces lo >${data}/log 2>&1' & agent=$!`,
    `for i in $(seq 300); do grep -q ^Serving ${data}/log 2>/dev/null && break; sleep 0.1; done`,
    check('add', `/payload/usher license add /payload/licenses.txt --data ${data}`),
    check('strict', `${client} /payload/usher run --product strict -- echo held`),
    check('lenient', `${client} /payload/usher run --product lenient -- echo held`),
    check('list', `/payload/usher license list --json --data ${data}`),
    'kill $agent; wait $agent',
  ].join('\n');
};

const makeLicenses = async (folder: string): Promise<string> => {
  const key = join(folder, 'vendor.key');
  const usher = (...words: readonly string[]) => run(BINARY, words, { env: { HOME: folder } });
  await usher('vendor', 'keygen', '--out', key);
  const order = (product: string): readonly string[] => [
    ...['vendor', 'issue', '--key', key, '--product', product, '--customer', 'ACME'],
    ...['--seats', '1', '--no-activation'],
  ];
  const texts = [
    await usher(...order('strict')),
    await usher(...order('lenient'), '--allow-virtual'),
  ];
  const file = join(folder, 'licenses.txt');
  await writeFile(file, texts.join('\n'));
  return file;
};

const checkUser = (checks: ReadonlyMap<string, Check>, user: string): void => {
  const check = (name: string): Check =>
    checks.get(`${user} ${name}`) ?? { output: 'never run', code: -1 };
  const told = check('hardware').output;
  const { verdict, evidence } = JSON.parse(told);
  assert.is(verdict, 'virtual', `${user}: ${told}`);
  assert.ok(evidence.length > 0 && evidence[0].weight >= 100, told);
  assert.is(check('add').code, 0, check('add').output);
  const strict = check('strict');
  assert.is(strict.code, 1, strict.output);
  assert.match(strict.output, 'does not allow the agent to run on a virtual machine');
  assert.not.match(strict.output, /^held$/m);
  assert.match(check('lenient').output, /^held$/m, check('lenient').output);
  const licenses = JSON.parse(check('list').output) as readonly {
    product: string;
    state: string;
    refusedHost: { evidence: readonly unknown[] } | null;
  }[];
  const states = licenses.map(({ product, state }) => `${product} ${state}`).sort();
  assert.equal(states, ['lenient active', 'strict virtual-host']);
  assert.ok(licenses.some(({ refusedHost }) => (refusedHost?.evidence.length ?? 0) > 0));
};

const guests = suite<{ folder: string; licenses: string }>('real guests');

guests.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'usher-guests-'));
  context.licenses = await makeLicenses(context.folder);
});
guests.after(({ folder }) => rm(folder, { recursive: true, force: true }));

const testGuests = (root: GuestRoot): void => {
  for (const { name } of guestMachines(''))
    guests(`${name}: found out, refused and allowed, as root and as nobody`, async (context) => {
      const disk = join(context.folder, 'disk.img');
      await writeFile(disk, '');
      await truncate(disk, DISK_BYTES);
      const machine = guestMachines(disk).find((one) => one.name === name);
      if (machine === undefined) throw new Error(`no machine ${name}`);
      const files = { usher: BINARY, 'licenses.txt': context.licenses };
      const script = [userScript('root'), userScript('nobody')].join('\n');
      const started = performance.now();
      const checks = await runInGuest(root, machine, { files, script });
      console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
      for (const user of ['root', 'nobody']) checkUser(checks, user);
    });
};

const found = existsSync(BINARY) ? await openGuestRoot(BINARY) : `there is no ${BINARY}`;
if (typeof found === 'string') console.log(`No guests were booted: ${found}.`);
else testGuests(found);

guests.run();

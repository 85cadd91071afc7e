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
import { type GuestMachine, guestMachines } from './guest-machines.ts';
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

interface Site {
  readonly folder: string;
  readonly licenses: string;
  readonly root: GuestRoot;
}

/** Boots guests, the next one while this one runs: most of a boot is waiting. */
class Boots {
  readonly #site: Site;
  readonly #machines: readonly GuestMachine[];
  readonly #started: Promise<ReadonlyMap<string, Check>>[] = [];

  constructor(site: Site) {
    this.#site = site;
    this.#machines = guestMachines(join(site.folder, 'disk.img'));
  }

  checks(number: number): Promise<ReadonlyMap<string, Check>> {
    this.#start(number + 1);
    return this.#start(number);
  }

  #start(number: number): Promise<ReadonlyMap<string, Check>> {
    const { licenses, root } = this.#site;
    const machine = this.#machines[number];
    const started = this.#started[number];
    if (started !== undefined) return started;
    if (machine === undefined) return Promise.resolve(new Map());
    const files = { usher: BINARY, 'licenses.txt': licenses };
    const script = [userScript('root'), userScript('nobody')].join('\n');
    const checks = runInGuest(root, machine, { files, script });
    // Whoever asks for it hears of it.
    checks.catch(() => {});
    this.#started[number] = checks;
    return checks;
  }
}

const testGuests = (root: GuestRoot): void => {
  const guests = suite<{ folder: string; boots: Boots }>('real guests');

  guests.before(async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-guests-'));
    const disk = join(folder, 'disk.img');
    await writeFile(disk, '');
    await truncate(disk, DISK_BYTES);
    context.folder = folder;
    context.boots = new Boots({ folder, licenses: await makeLicenses(folder), root });
  });
  guests.after(({ folder }) => rm(folder, { recursive: true, force: true }));

  for (const [number, { name }] of guestMachines('').entries())
    guests(`${name}: found out, refused and allowed, as root and as nobody`, async ({ boots }) => {
      const checks = await boots.checks(number);
      for (const user of ['root', 'nobody']) checkUser(checks, user);
    });

  guests.run();
};

const found = existsSync(BINARY) ? await openGuestRoot(BINARY) : `there is no ${BINARY}`;
if (typeof found === 'string') console.log(`No guests were booted: ${found}.`);
else testGuests(found);

import { platform } from 'node:os';
import * as assert from 'uvu/assert';
import type { SeatView } from '../../agent/core/operations.ts';
import type { License } from '../../protocol/license.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import type { Running } from './program.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories, untold } from './story.ts';

const isLinuxRoot = platform() === 'linux' && process.getuid?.() === 0;

/** The program started by the user of this number, who may use the same files. */
const asUser = (number: number): readonly string[] => ['unshare', '--user', `--map-user=${number}`];
/** The program started on a computer of this name. */
const onHost = (name: string): readonly string[] => [
  'unshare',
  '--uts',
  'sh',
  '-c',
  `hostname ${name} && exec "$@"`,
  'sh',
];

const workBy = async (site: Site, by: readonly string[]): Promise<Running> => {
  const worker = site.startWork([], { by });
  await worker.saying(/at work/);
  return worker;
};

const tryBy = (site: Site, by: readonly string[]) =>
  site.start(['run', '--product', 'acme-cad', '--', 'true'], { by }).ending();

const twoSeats = (counting: License['counting']): Partial<License> => ({
  pools: [poolOf(2)],
  counting,
});

/** What `usher status` shows of the product: in use, and in all. */
const inUse = async (site: Site): Promise<string> => {
  const { stdout } = await site.usher('status');
  return /^acme-cad +(\d+ +\d+)$/m.exec(stdout)?.[1]?.replace(/ +/, ' of ') ?? stdout;
};

story('a seat for each process: one user who starts twice has two', async () => {
  await using site = await Site.lending(twoSeats('process'));
  await Promise.all([site.work(), site.work()]);
  assert.is(await inUse(site), '2 of 2');
  assert.match(
    (await site.usher('seat', 'list')).stdout,
    /^acme-cad: 2 seats in use by 2 clients/m,
  );
  assert.ok((await site.seats()).every(({ shared }) => shared === null));
  assert.is((await site.tryToWork()).code, 1);
});

story('I5: a seat for each user: who starts twice has one, until the last has ended', async () => {
  await using site = await Site.lending(twoSeats('user'));
  const [first, second] = await Promise.all([site.work(), site.work()]);
  const rows = (await site.usher('seat', 'list')).stdout.trimEnd().split('\n');
  const [, one = '', other = '', gap, total, ...more] = rows;
  assert.match(one, / shared$/);
  assert.match(other, new RegExp(` the same as ${one.split(' ')[0]}$`));
  assert.equal([gap, total, more], ['', 'acme-cad: 1 seat in use by 2 clients.', []]);
  const [left, right] = await site.json<readonly SeatView[]>('seat', 'list');
  assert.ok(typeof left?.shared === 'number' && left.shared === right?.shared);
  assert.is(await inUse(site), '1 of 2');
  assert.is(await goHome(first), 0);
  assert.is(await inUse(site), '1 of 2');
  assert.is(await goHome(second), 0);
  assert.is(await inUse(site), '0 of 2');
});

if (isLinuxRoot) {
  story('I5: another user has another seat, and the third none', async () => {
    await using site = await Site.lending(twoSeats('user'));
    await site.work();
    await workBy(site, asUser(1));
    assert.is(await inUse(site), '2 of 2');
    const users = new Set((await site.seats()).map(({ user }) => user));
    assert.is(users.size, 2, [...users].join());
    const third = await tryBy(site, asUser(2));
    assert.is(third.code, 1, third.stderr);
    assert.match(third.stderr, /\(2 of 2 in use\)/);
    assert.is((await tryBy(site, asUser(1))).code, 0, 'who has a seat starts once more');
  });

  story('a seat for each host: whoever works there shares it', async () => {
    await using site = await Site.lending(twoSeats('host'));
    await workBy(site, onHost('desk-1'));
    await workBy(site, [...onHost('desk-1'), ...asUser(1)]);
    assert.is(await inUse(site), '1 of 2');
    await workBy(site, onHost('desk-2'));
    assert.is(await inUse(site), '2 of 2');
    assert.match((await site.usher('seat', 'list')).stdout, / desk-2 /);
    const third = await tryBy(site, onHost('desk-3'));
    assert.is(third.code, 1, third.stderr);
    assert.is((await tryBy(site, onHost('desk-1'))).code, 0);
  });
} else {
  untold('seats for each user and host are counted (needs root and Linux)');
}

tellStories();

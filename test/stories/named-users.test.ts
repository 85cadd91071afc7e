import { writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import * as assert from 'uvu/assert';
import type { UserView } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const named = (seats: number) => ({ type: 'named', pools: [poolOf(seats)] }) as const;
const me = userInfo().username;

story(
  'a named seat is for who is assigned one, until it is recalled; then it is free',
  async () => {
    await using site = await Site.lending(named(1));
    const stranger = await site.tryToWork();
    assert.is(stranger.code, 1);
    assert.match(
      stranger.stderr,
      /No seat of this license is assigned to you\..*\n.*usher user assign/,
    );

    const assigned = await site.usher('user', 'assign', me);
    assert.is(assigned.code, 0, assigned.stderr);
    assert.is(
      assigned.stdout,
      `Assigned to acme-cad: ${me}.\n1 of 1 seats of class generic are assigned.\n`,
    );
    const worker = await site.work();
    const [user] = await site.json<readonly UserView[]>('user', 'list');
    assert.equal([user?.user, user?.effective, user?.hosts], [me, true, [hostname()]]);
    const { stdout: table } = await site.usher('user', 'list', '--product', 'acme-cad');
    assert.match(table, new RegExp(`^${me} +acme-cad +generic +\\S+ \\S+ +${hostname()}$`, 'm'));

    const recalled = await site.usher('user', 'recall', me);
    assert.is(recalled.code, 0, recalled.stderr);
    assert.is(recalled.stdout, `Recalled from acme-cad: ${me}.\n`);
    await worker.saying(/The administrator has taken back the seat that was assigned to you\./);
    assert.equal(await site.seats(), []);
    assert.is((await site.tryToWork()).code, 1);
    assert.is((await site.usher('user', 'recall', me)).code, 1, 'there was nothing to recall');
  },
);

story('many users at once, from a list or a CSV; never more than there are seats', async () => {
  await using site = await Site.lending(named(3));
  await writeFile(site.file('users.csv'), 'user,mail\r\n"Bee, Ann",a@b\r\n\r\nbob,b@c\r\n');
  const first = await site.usher('user', 'assign', '--from', 'users.csv');
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /^Assigned to acme-cad: Bee, Ann, bob\.\n2 of 3 seats/);
  const piped = await site.usherWith('BOB\ncem\n', 'user', 'assign', '--from', '-');
  assert.match(piped.stdout, /^Assigned to acme-cad: cem\.\nAssigned already: BOB\.\n3 of 3/);
  const more = await site.usher('user', 'assign', 'dan');
  assert.is(more.code, 1);
  assert.match(more.stderr, /has 3 seats of class generic .*, 3 are assigned and 1 more was named/);
  await writeFile(site.file('bad.txt'), 'dan\n"eve\n');
  const bad = await site.usher('user', 'assign', '--from', 'bad.txt');
  assert.equal(
    [bad.code, bad.stderr],
    [5, 'Line 2: a quotation mark is not closed. See `usher user assign --help`.\n'],
  );
  const all = await site.usher('user', 'recall', '--all');
  assert.match(all.stdout, /^Recalled from acme-cad: Bee, Ann, bob, cem\.\n$/);
  assert.match((await site.usher('user', 'list')).stdout, /^Nobody is assigned a seat\./);
});

story('assignments outlive the agent', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(named(1));
  await site.usher('user', 'assign', me);
  agent.kill('SIGKILL');
  await agent.gone;
  await site.serve();
  assert.is((await site.tryToWork()).code, 0);
});

story('who names nobody, or two ways at once, is told', async () => {
  await using site = await Site.lending(named(1));
  assert.match((await site.usher('user', 'assign')).stderr, /Name a USER, or give --from\./);
  assert.match((await site.usher('user', 'recall')).stderr, /Name a USER, .* or --all\./);
  const both = await site.usher('user', 'recall', 'ann', '--all');
  assert.is(both.code, 2);
  const twice = await site.usher('user', 'assign', 'ann', '--from', 'x');
  assert.match(twice.stderr, /Name each user, or give --from, not both\./);
});

tellStories();

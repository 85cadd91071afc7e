/** Named users of one site: assigned and recalled on any member, the same on all. */

import { userInfo } from 'node:os';
import * as assert from 'uvu/assert';
import type { AuditLine, UserView } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { canRunEtcd } from '../lan/etcd.ts';
import type { Site } from './site.ts';
import { joinSite, withBoxes } from './site-boxes.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';

const me = userInfo().username;
const named = (seats: number) => ({ type: 'named', pools: [poolOf(seats)] }) as const;

const usersOf = async (box: Site): Promise<readonly string[]> =>
  (await box.json<readonly UserView[]>('user', 'list')).map(({ user }) => user);

const hasUsers = (box: Site, ...users: readonly string[]) =>
  until(`assigned are ${users.join()}`, async () => {
    const known = await usersOf(box);
    return known.join() === users.join() || undefined;
  });

const hasLicense = (box: Site) =>
  until('the license is there', async () => (await box.licenses()).length === 1 || undefined);

if (!canRunEtcd()) untold('the named users of a site (etcd-server)');
else {
  story('who is assigned on one member has a seat of any, until he is recalled on any', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await joinSite(one, etcd, 'box-1');
      await joinSite(other, etcd, 'box-2');
      await one.addLicense(named(2));
      await hasLicense(other);
      const assigned = await one.usher('user', 'assign', me, 'bob');
      assert.is(assigned.code, 0, assigned.stderr);
      await hasUsers(other, me, 'bob');
      const worker = await other.work();
      const recalled = await one.usher('user', 'recall', me);
      assert.is(recalled.code, 0, recalled.stderr);
      await worker.saying(/The administrator has taken back the seat that was assigned to you\./);
      await hasUsers(other, 'bob');
      assert.equal(await other.seats(), []);
      assert.is((await other.tryToWork()).code, 1);
      const { stdout } = await other.usher('audit', 'show', '--changes', '--json');
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as AuditLine);
      const taken = lines.findLast(({ what }) => what === 'shared-taken');
      const said = new RegExp(`named users .* changed by ${me}.* on box-1: 0 new .*, 1 gone`);
      assert.match(taken?.detail ?? '', said);
    }),
  );

  story('two administrators at once are both heard; without a majority of etcd nobody is', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await joinSite(one, etcd, 'box-1');
      await joinSite(other, etcd, 'box-2');
      await one.addLicense(named(8));
      await hasLicense(other);
      const names = ['ann', 'bob', 'cem', 'dan', 'eve', 'fay'];
      const done = await Promise.all(
        names.map((name, i) => (i % 2 === 0 ? one : other).usher('user', 'assign', name)),
      );
      assert.equal(
        done.map(({ code }) => code),
        names.map(() => 0),
        done.map(({ stderr }) => stderr).join(''),
      );
      // What was last assigned on the other one is read here a moment later.
      const known = await until('all are assigned', async () => {
        const users = await usersOf(one);
        return users.length >= names.length ? users : undefined;
      });
      assert.equal([...known].sort(), names);
      await hasUsers(other, ...known);
      await etcd.kill(0);
      const cut = await until('nobody can be assigned', async () => {
        const told = await other.usher('user', 'assign', 'gil');
        return /not heard by its site's register/.test(told.stderr) ? told : undefined;
      });
      assert.is(cut.code, 1);
      assert.match(cut.stderr, /the named users are as they were/);
      assert.equal(await usersOf(other), known);
    }),
  );

  story('who was recalled while a box was off is recalled there; its own come behind', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      // By itself it has a license and users of its own.
      const alone = await other.serve('--name', 'box-2');
      await other.addLicense(named(8));
      assert.is((await other.usher('user', 'assign', 'zoe')).code, 0);
      await alone.destroy();
      await joinSite(one, etcd, 'box-1');
      const first = await joinSite(other, etcd, 'box-2');
      await hasLicense(one);
      await hasUsers(one, 'zoe');
      assert.is((await one.usher('user', 'assign', 'ann', 'bob')).code, 0);
      await hasUsers(other, 'zoe', 'ann', 'bob');
      first.kill('SIGKILL');
      await first.gone;
      assert.is((await one.usher('user', 'recall', 'ann')).code, 0);
      await joinSite(other, etcd, 'box-2');
      await hasUsers(other, 'zoe', 'bob');
      await hasUsers(one, 'zoe', 'bob');
    }),
  );
}

tellStories();

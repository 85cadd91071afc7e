/** A member that dies and does not come back: who is told of it, and how it is forgotten. */

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { AuditLine, SiteView } from '../../agent/core/operations.ts';
import { canRunEtcd } from '../lan/etcd.ts';
import type { Site } from './site.ts';
import { joinSite, withBoxes } from './site-boxes.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';
import { openWebSink } from './web-sink.ts';

/** Shown on a box until it is so. */
const standing = (box: Site, ...wanted: readonly string[]): Promise<SiteView> =>
  until(wanted.join(', '), async () => {
    const site = await box.json<SiteView>('site', 'status');
    const shown = site.members.map(({ name, standing: how }) => `${name} ${how}`);
    return shown.join() === wanted.join() ? site : undefined;
  });

if (!canRunEtcd()) untold('members of a site that are forgotten (etcd-server)');
else {
  story('who is gone for ever is told of once, forgotten, and a member when it comes back', () =>
    withBoxes(3, async ([one, two, three], etcd) => {
      assert.ok(one && two && three);
      await using web = await openWebSink(0);
      for (const box of [one, two, three]) {
        const settings = `alarm-webhook = ${web.url}\nalarm-member-minutes = 0\n`;
        await appendFile(join(box.data, 'usher.conf'), settings);
      }
      const agents = [await joinSite(one, etcd, 'box-1'), await joinSite(two, etcd, 'box-2')];
      const third = await joinSite(three, etcd, 'box-3');
      const lives = await one.usher('site', 'forget', 'box-3');
      assert.is(lives.code, 1);
      assert.match(lives.stderr, /box-3 lives\. Have it leave there first, `usher site leave`/);
      const self = await one.usher('site', 'forget', 'box-1');
      assert.match(self.stderr, /This agent is box-1 itself/);
      const { id: license } = await one.addLicense({ meters: [{ name: 'runs', allowance: 160 }] });
      for (const box of [two, three]) {
        await until('the license is there', async () => (await box.licenses())[0]);
      }
      const draw = ['--product', 'acme-cad', '--meter', 'runs', '--amount', '3'];
      const drawn = await three.usher('draw', ...draw);
      assert.is(drawn.code, 0, drawn.stderr);
      third.kill('SIGKILL');
      const site = await standing(one, 'box-1 member', 'box-2 member', 'box-3 dead');
      const id = site.members[2]?.id ?? '';
      const posts = () => web.posts.filter((post) => post['id'] === `member-dead/${id}`);
      const told = await until('the death is told', () => posts()[0]);
      assert.match(told['sentence'] ?? '', new RegExp(`box-3 .*\`usher site forget ${id}\``));
      // Whoever tells of it says so over a restart, too.
      const [teller, other] = told['agent'] === 'box-1' ? [one, two] : [two, one];
      const agent = agents[teller === one ? 0 : 1];
      agent?.kill('SIGTERM');
      await agent?.gone;
      const again = await joinSite(teller, etcd, told['agent'] ?? '');
      const forgotten = await other.usher('site', 'forget', 'box-3');
      assert.is(forgotten.code, 0, forgotten.stderr);
      assert.match(forgotten.stdout, new RegExp(`^Forgot box-3 \\(${id}\\): .*member as before`));
      const left = `Its part of runs of license ${license} stays with it: .* not drawn of \\d+ `;
      assert.match(forgotten.stdout, new RegExp(left));
      await again.saying(/This is over: Member box-3/);
      await until('its end is told', () => posts()[1]);
      assert.equal(
        posts().map(({ event, agent: by }) => [event, by]),
        [
          ['raised', told['agent']],
          ['ended', told['agent']],
        ],
      );
      await standing(one, 'box-1 member', 'box-2 member', 'box-3 forgotten');
      for (const box of [one, two]) {
        assert.not.match((await box.usher('site', 'status')).stdout, /^box-3/m);
      }
      const twice = await other.usher('site', 'forget', 'box-3');
      assert.match(twice.stdout, /was forgotten before: nothing was changed/);
      const { stdout } = await other.usher('audit', 'show', '--changes', '--json');
      const deeds = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as AuditLine);
      const done = deeds.filter(({ what }) => what === 'site-forget done');
      assert.is(done[0]?.detail, `${id} box-3`);
      await joinSite(three, etcd, 'box-3');
      await standing(one, 'box-1 member', 'box-2 member', 'box-3 member');
    }),
  );

  story(
    'who leaves is told how the others forget it, and an id is asked for where names are alike',
    () =>
      withBoxes(3, async ([one, two, three], etcd) => {
        assert.ok(one && two && three);
        await joinSite(one, etcd, 'box-1');
        const alike = [await joinSite(two, etcd, 'box 2'), await joinSite(three, etcd, 'box 2')];
        const leaving = await two.usher('site', 'leave');
        assert.match(leaving.stdout, /last of all, `usher site forget 'box 2'` on one of them\.$/m);
        for (const agent of alike) agent.kill('SIGTERM');
        const site = await standing(one, 'box 2 dead', 'box 2 dead', 'box-1 member');
        const [first = '', second = ''] = site.members.map(({ id }) => id);
        const several = await one.usher('site', 'forget', 'box 2');
        assert.is(several.code, 1);
        assert.match(several.stderr, `\`usher site forget ${first}\``);
        const forgotten = await one.json<{ member: object; changed: boolean }>(
          'site',
          'forget',
          first,
        );
        assert.equal(forgotten.member, { id: first, name: 'box 2' });
        assert.is(forgotten.changed, true);
        assert.match((await one.usher('site', 'forget', 'box 2')).stdout, second);
        const unknown = await one.usher('site', 'forget', 'box-9');
        assert.match(unknown.stderr, /No member is called box-9, .*`usher site status`/);
        await etcd.kill(0);
        const silent = await until('nobody can be forgotten', async () => {
          const { stderr } = await one.usher('site', 'forget', second);
          return /not heard by its site/.test(stderr) ? stderr : undefined;
        });
        assert.match(silent, /`usher site status`/);
        const alone = await two.serve('--name', 'alone');
        const none = await two.usher('site', 'forget', 'box-1');
        assert.match(none.stderr, /This agent is a site by itself/);
        alone.kill('SIGTERM');
      }),
  );
}

tellStories();

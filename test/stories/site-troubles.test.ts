/** A member whose etcd does not answer, and administrators who join and leave by the wrong words. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { SiteView, StatusView } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { canRunEtcd, EtcdMembers, loopbackPlaces } from '../lan/etcd.ts';
import { joinSite, withBoxes } from './site-boxes.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';

const SILENT = /http:\/\/127\.0\.0\.1:\d+ cannot be reached: nobody answers there\./;

if (!canRunEtcd()) untold('what befalls members of a site (etcd-server)');
else {
  story('who starts beside a silent etcd is told so by log, status and what it waits for', () =>
    withBoxes(1, async ([box], etcd) => {
      assert.ok(box);
      await etcd.kill(0);
      const url = etcd.urls.map(({ origin }) => origin).join();
      const agent = await box.serve('--console', '0', '--name', 'box-1', '--site', url);
      await agent.saying(/Warning: .* lends nothing until it is\. http:.* nobody answers there\./);
      const { stdout } = await box.usher('status');
      assert.match(stdout, /^Site +no member that is heard, and no seat is lent: /m);
      assert.match(stdout, SILENT);
      const shown = await box.usher('site', 'status');
      assert.is(shown.code, 1);
      assert.match(shown.stdout, SILENT);
      const { stdout: ill } = await box.usher('doctor');
      assert.match(ill, /^ {2}TROUBLE +site +The register of the site \S+ does not answer: http:/m);
      assert.match(ill, /-> systemctl status etcd \(on 127\.0\.0\.1\)$/m);
      const audit = await box.usher('audit', 'show');
      assert.match(audit.stderr, /changes on other members may be missing here/);
      await etcd.start(0);
      await agent.saying(/This agent is heard by its site/);
      assert.match((await box.usher('status')).stdout, /^Site +a member; see `usher site status`/m);
      assert.is((await box.usher('audit', 'show')).stderr, '');
      await box.addLicense({ pools: [poolOf(40)] });
      await until('its part of the seats is shown beside all of them', async () => {
        const { stdout: list } = await box.usher('license', 'list');
        return /generic 0\/\d+ of 40\b/.test(list) || undefined;
      });
      const site = await box.json<SiteView>('site', 'status');
      assert.equal(site.here, { isHeard: true, trouble: null });
      const { stdout: well } = await box.usher('doctor');
      assert.match(well, /^ {2}ok +site +The site \S+ is whole: 1 member, 1 endpoint of etcd\.$/m);
    }),
  );

  story('who may not join yet reads why where he looks', () =>
    withBoxes(1, async ([box], etcd) => {
      assert.ok(box);
      const alone = await box.serve('--name', 'box-1');
      await box.addLicense();
      const worker = await box.work();
      assert.is((await box.json<StatusView>('status')).site, null);
      await alone.destroy();
      const url = etcd.urls.map(({ origin }) => origin).join();
      await box.serve('--name', 'box-1', '--site', url);
      const told = await until('it says what it waits for', async () => {
        const { stdout } = await box.usher('site', 'status');
        return /joins its site when the leases have ended/.test(stdout) ? stdout : undefined;
      });
      assert.match(told, /^This agent is not heard by it, and lends nothing\. /m);
      worker.hangUp();
    }),
  );

  story('etcds that are no cluster together lend nothing, in whatever order they are named', () =>
    withBoxes(2, async ([first, second], etcd) => {
      assert.ok(first && second);
      using other = new EtcdMembers({ places: await loopbackPlaces(1, first.folder) });
      await other.startAll();
      const [a, b] = [etcd, other].map(({ urls }) => urls[0]?.origin);
      const refused = await first.usher('site', 'join', `${a},${b}`);
      assert.is(refused.code, 1);
      assert.match(refused.stderr, /are of different clusters of etcd, which would each count/);
      const one = await first.serve('--console', '0', '--site', `${a},${b}`);
      const two = await second.serve('--console', '0', '--site', `${b},${a}`);
      for (const agent of [one, two])
        await agent.saying(/lends nothing until it is\. http:.* different clusters of etcd/);
      await other.kill(0);
      for (const agent of [one, two]) await agent.saying(/This agent is heard by its site/);
    }),
  );

  story('who leaves is told what that means where it stands', () =>
    withBoxes(1, async ([box], etcd) => {
      assert.ok(box);
      const file = join(box.data, 'usher.conf');
      const nobody = await box.usher('site', 'leave');
      assert.match(nobody.stdout, /names no site: nothing was changed\. No agent runs here\./);
      assert.not(existsSync(file));
      const alone = await box.serve('--name', 'box-1');
      const already = await box.usher('site', 'leave');
      assert.match(
        already.stdout,
        /the agent that runs here is a site by itself\. Nothing was changed\./,
      );
      const [url = ''] = etcd.urls.map(({ origin }) => origin);
      const joined = await box.usher('site', 'join', `${url},http://127.0.0.1:9`);
      assert.is(joined.code, 0, joined.stderr);
      assert.match(joined.stdout, /But not all of it: http:\/\/127\.0\.0\.1:9 cannot be reached/);
      assert.is((await box.usher('site', 'leave')).code, 0);
      assert.is(readFileSync(file, 'utf8').trim(), '');
      await alone.destroy();
      await joinSite(box, etcd, 'box-1');
      const told = await box.usher('site', 'leave');
      assert.match(told.stdout, /names no site\. The agent is a member until .* `--site`/);
    }),
  );
}

tellStories();

/** Resources of one site: registered and activated on any member, the same on all. */

import * as assert from 'uvu/assert';
import type { ResourceView } from '../../agent/core/operations.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { canRunEtcd } from '../lan/etcd.ts';
import type { Site } from './site.ts';
import { joinSite, withBoxes } from './site-boxes.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';

const hasResources = (box: Site, ...expected: readonly string[]) =>
  until(`the resources are ${expected.join()}`, async () => {
    const all = await box.json<readonly ResourceView[]>('resource', 'list');
    const shown = all.map(({ name, licenses }) => `${name}:${licenses.length}`);
    return shown.join() === expected.join() || undefined;
  });

if (!canRunEtcd()) untold('the resources of a site (etcd-server)');
else {
  story('a license of choice lends on every member for what it is activated for on any', () =>
    withBoxes(2, async ([one, other], etcd) => {
      assert.ok(one && other);
      await joinSite(one, etcd, 'box-1');
      await joinSite(other, etcd, 'box-2');
      const { id } = await one.addLicense({ resource: '*', pools: [poolOf(2)] });
      await until(
        'the license is there',
        async () => (await other.licenses()).length === 1 || undefined,
      );
      const added = await one.usher('resource', 'add', 'plant-7', 'plant-8');
      assert.is(added.code, 0, added.stderr);
      await hasResources(other, 'plant-7:0', 'plant-8:0');
      const activated = await other.usher('resource', 'activate', 'plant-7', '--license', id);
      assert.is(activated.code, 0, activated.stderr);
      await hasResources(one, 'plant-7:1', 'plant-8:0');
      await one.work('--resource', 'plant-7');
      await other.work('--resource', 'plant-7');
      const none = await one.tryToWork('--resource', 'plant-7');
      assert.is(none.code, 1, 'together there are two');
      const removed = await one.usher('resource', 'remove', 'plant-7');
      assert.is(removed.code, 0, removed.stderr);
      await hasResources(other, 'plant-8:0');
      const late = await other.tryToWork('--resource', 'plant-7');
      assert.match(late.stderr, /There is no license for this database or project\./);
    }),
  );
}

tellStories();

import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const server: Partial<License> = { type: 'server', pools: [], features: ['render'] };
const floating: Partial<License> = { pools: [poolOf(1)], features: ['drawing'] };
const both = ['--feature', 'drawing', '--feature', 'render'] as const;

story('C5: a server license alone lends to everybody on this server, and counts them', async () => {
  await using site = await Site.lending(server);
  const workers = await Promise.all([site.work(), site.work('--feature', 'render'), site.work()]);
  assert.match((await site.usher('license', 'list')).stdout, / active +3, no limit /);
  assert.match((await site.usher('status')).stdout, /^acme-cad +3 +no limit$/m);
  assert.match((await site.usher('discover')).stdout, /acme-cad \(no limit\)/);
  for (const worker of workers) assert.is(await goHome(worker), 0);
  assert.match((await site.usher('status')).stdout, /^acme-cad +0 +no limit$/m);
  const refused = await site.tryToWork('--feature', 'drawing');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /does not cover a feature that was asked for/);
});

story(
  'C5: it switches its features on for the seats of other licenses, which stay counted',
  async () => {
    await using site = await Site.lending(floating);
    assert.is((await site.tryToWork(...both)).code, 1);
    await site.addLicense(server);
    const worker = await site.work(...both);
    const second = await site.tryToWork('--feature', 'render');
    assert.is(second.code, 1);
    assert.match(second.stderr, /All seats are in use\. .*\(1 of 1 in use\)/);
    assert.match((await site.usher('status')).stdout, /^acme-cad +1 +1$/m);
    assert.is(await goHome(worker), 0);
  },
);

story('C5: its features go with it', async () => {
  await using site = await Site.lending(floating);
  const { id } = await site.addLicense(server);
  assert.is((await site.tryToWork(...both)).code, 0);
  assert.is((await site.usher('license', 'remove', '--yes', id)).code, 0);
  const refused = await site.tryToWork(...both);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /does not cover a feature that was asked for/);
  assert.is((await site.tryToWork('--feature', 'drawing')).code, 0);
});

tellStories();

import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import { seconds } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';

const trial: Partial<License> = { trial: seconds(5), term: seconds(10) };

const isExpired = (site: Site): Promise<true> =>
  until('the trial has ended', async () =>
    (await site.licenses()).every(({ state }) => state === 'expired') ? true : undefined,
  );

const readsThatItEnded = async (site: Site): Promise<void> => {
  const { code, stderr } = await site.tryToWork();
  assert.is(code, 1, stderr);
  assert.match(stderr, /^acme-cad: The trial has ended\./m);
  assert.match(stderr, /Ask the vendor for a license and add it/);
};

story('a trial begins with its first use and ends its length later', async () => {
  await using site = await Site.lending(trial);
  const [license] = await site.licenses();
  const id = license?.id ?? '';
  assert.match((await site.usher('license', 'list')).stdout, / never$/m);
  const { stdout: before } = await site.usher('license', 'show', id);
  assert.match(before, /^Trial +5 seconds from its first use$/m);
  assert.not.match(before, /^Ends/m);

  const worker = await site.work();
  assert.match((await site.usher('license', 'show', id)).stdout, /^Ends +\d{4}-\d\d-\d\d \d\d:/m);
  await isExpired(site);
  await readsThatItEnded(site);
  await worker.saying(/The trial has ended\. Ask the vendor .* The seat is held until \d{4}-/);
  await worker.saying(/The command runs on without a seat\./);
  await site.addLicense();
  assert.is((await site.tryToWork()).code, 0, 'one that is no trial lends');
});

story('neither a restart nor removing and adding it again begins a trial anew', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  const text = site.vendor.issue(trial);
  await site.usherWith(text, 'license', 'add', '-');
  assert.is((await site.tryToWork()).code, 0);
  await agent.destroy();
  await site.serve();
  await isExpired(site);
  await readsThatItEnded(site);

  const [license] = await site.licenses();
  assert.is((await site.usher('license', 'remove', '--yes', license?.id ?? '')).code, 0);
  const again = await site.usherWith(text, 'license', 'add', '-');
  assert.is(again.code, 0, again.stderr);
  assert.match(again.stdout, /, expired\. The trial has ended\./);
  await readsThatItEnded(site);

  const second = await site.usherWith(site.vendor.issue(trial), 'license', 'add', '-');
  assert.match(second.stdout, /, expired\. The trial has ended\./);
  await readsThatItEnded(site);
});

story(
  'a longer trial of the same vendor and product counts from the first use of the first',
  async () => {
    await using site = await Site.lending(trial);
    assert.is((await site.tryToWork()).code, 0);
    await isExpired(site);
    const longer = await site.addLicense({ ...trial, trial: seconds(3600) });
    assert.is(longer.state, 'expiring');
    assert.ok((longer.ends ?? 0) < Date.now() / 1000 + 3600 - 4, 'not from now');
  },
);

tellStories();

import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import type { Running } from './program.ts';
import { goHome, Site } from './site.ts';
import { isLinuxRoot, SmallDisk } from './small-disk.ts';
import { story, tellStories, untold } from './story.ts';
import { until } from './until.ts';

const SHORT = { term: seconds(10) };

const stop = async (agent: Running): Promise<void> => {
  agent.kill('SIGTERM');
  assert.is((await agent.ending()).code, 0);
};

/** Cuts the newest file of leases and licenses in two. */
const damage = async (site: Site): Promise<void> => {
  const names = await readdir(join(site.data, 'store'));
  for (const name of names.filter((one) => one.endsWith('.log'))) {
    const path = join(site.data, 'store', name);
    await truncate(path, Math.floor((await stat(path)).size / 2));
  }
};

const renewals = async (site: Site): Promise<number> =>
  (await site.status()).counters['renewed'] ?? 0;

const lendsAgain = (site: Site): Promise<true> =>
  until('seats are lent again', async () =>
    (await site.tryToWork()).code === 0 ? true : undefined,
  );

story(
  'a backup of a running agent is restored, and what it does not know is waited for',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    await site.addLicense(SHORT);
    const before = await site.work();
    const { code, stdout, stderr } = await site.usher('backup', 'all.backup');
    assert.is(code, 0, stderr);
    assert.match(stdout, /Backed up 1 license and 1 lease to .* secret key/);
    assert.is((await stat(site.file('all.backup'))).mode & 0o777, 0o600);
    const again = await site.usher('backup', 'all.backup');
    assert.is(again.code, 1);
    assert.match(again.stderr, /exists already/);

    const after = await site.work();
    const running = await site.usher('restore', 'all.backup');
    assert.is(running.code, 1);
    assert.match(running.stderr, new RegExp(`process ${agent.pid}\\): stop it first`));
    await stop(agent);

    const restored = await site.usher('restore', 'all.backup');
    assert.is(restored.code, 0, restored.stderr);
    assert.match(restored.stdout, /^1 seat that is held was lent since, and will not be known\./m);
    assert.match(restored.stdout, /No new seat is lent for 10 s after the start/);
    assert.match(restored.stdout, /What was there before is in \S+before-restore-/);

    const second = await site.serve();
    await second.saying(/No seat is lent until those have ended/);
    assert.is((await site.seats()).length, 1, 'the seat in the backup');
    const refused = await site.tryToWork();
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /may have forgotten seats/);
    await until('who holds the seat of the backup goes on', async () =>
      (await renewals(site)) > 0 ? true : undefined,
    );
    await second.saying(/seats are lent again/);
    await lendsAgain(site);
    assert.is(await goHome(before), 0);
    await after.destroy();
  },
);

story('what is wrong with a store is told of its own files', async () => {
  await using site = await Site.open();
  await stop(await site.serve());
  const store = join(site.data, 'store');
  const names = (await readdir(store)).filter((name) => name.startsWith('MANIFEST'));
  await Promise.all(names.map((name) => rm(join(store, name))));
  const { code, stdout } = await site.usher('store', 'check');
  assert.is(code, 5);
  assert.ok(stdout.includes(join(store, names[0] ?? '')), stdout);
});

story('a backup that was cut off or changed is refused and changes nothing', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense();
  await site.usher('backup', 'all.backup');
  await stop(agent);
  const whole = await readFile(site.file('all.backup'));
  const flipped = Buffer.from(whole);
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
  const cases = [whole.subarray(0, whole.length - 1), whole.subarray(0, 100), flipped];
  for (const bytes of cases) {
    await writeFile(site.file('bad.backup'), bytes);
    const { code, stderr } = await site.usher('restore', 'bad.backup');
    assert.is(code, 5, stderr);
    assert.match(
      stderr,
      /^The backup (ends early|was changed or damaged).*nothing was done\. See `usher restore --help`\.\n$/,
    );
  }
  assert.not((await readdir(site.data)).some((name) => name.startsWith('before-restore')));
  await site.serve();
  assert.is((await site.licenses()).length, 1);
});

story(
  'a damaged store lends nothing and ends nothing; repaired, it says what is lost',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    await site.addLicense(SHORT);
    const worker = await site.work();
    agent.kill('SIGKILL');
    await agent.ending();
    await damage(site);

    const degraded = await site.serve();
    const status = await site.status();
    assert.is(status.store, 'failing');
    assert.match(status.storeTrouble ?? '', /damaged: .*usher store repair/);
    const { stdout } = await site.usher('status');
    assert.match(stdout, /^Store +degraded, no seat is lent anew: .*damaged/m);
    const refused = await site.tryToWork();
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /records are damaged/);
    assert.is(degraded.said.match(/Warning: /g)?.length, 1, degraded.said);
    const check = await site.usher('store', 'check');
    assert.is(check.code, 5);
    assert.match(check.stdout, /The store is damaged: /);
    const tooEarly = await site.usher('store', 'repair');
    assert.match(tooEarly.stderr, /stop it first/);
    const backup = await site.usher('backup', 'all.backup');
    assert.is(backup.code, 1);
    assert.match(backup.stderr, /usher store repair/);
    await stop(degraded);

    const repair = await site.usher('store', 'repair');
    assert.is(repair.code, 0, repair.stderr);
    assert.match(repair.stdout, /After: The store is sound\./);
    assert.is((await site.usher('store', 'check')).code, 0);
    assert.match((await site.usher('store', 'repair')).stdout, /^The store is sound\.\n$/);
    const mended = await site.serve();
    if ((await site.licenses()).length === 0) await site.addLicense(SHORT);
    await mended.saying(/seats are lent again/);
    await lendsAgain(site);
    await worker.destroy();
  },
);

if (isLinuxRoot) {
  story(
    'on a disk that is full at the start seats go on, and are lent when there is room',
    async () => {
      await using site = await Site.open();
      await using disk = await SmallDisk.mount(site);
      const agent = await site.serve();
      await site.addLicense(SHORT);
      const worker = await site.work();
      await stop(agent);
      await disk.fill();
      const full = await site.serve();
      await full.saying(/Warning: The store cannot be written/);
      const seen = await renewals(site);
      await until('the seat is renewed', async () =>
        (await renewals(site)) > seen ? true : undefined,
      );
      const refused = await site.tryToWork();
      assert.match(refused.stderr, /cannot write to its disk, so it cannot promise a seat/);
      await disk.empty();
      // Nobody needs to ask for it.
      await full.saying(/The store can be written again\./);
      await lendsAgain(site);
      assert.is(await goHome(worker), 0);
    },
  );

  story('on a disk that may only be read seats go on without a local endpoint', async () => {
    await using site = await Site.open();
    await using disk = await SmallDisk.mount(site);
    const agent = await site.serve();
    await site.addLicense(SHORT);
    await stop(agent);
    await disk.remount('ro');
    const reading = await site.serve();
    await reading.saying(/Warning: The store cannot be written.*may only be read/);
    const refused = await site.tryToWork();
    assert.match(refused.stderr, /cannot write to its disk/);
    await disk.remount('rw');
    await reading.saying(/The store can be written again\./);
    await lendsAgain(site);
    await until('the local endpoint is there', async () =>
      (await site.usher('status')).code === 0 ? true : undefined,
    );
  });
} else {
  untold('a full and a read-only disk at the start (needs root and Linux)');
}

tellStories();

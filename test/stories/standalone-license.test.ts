import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { makeHostCode } from '../../protocol/host-code.ts';
import type { License } from '../../protocol/license.ts';
import { readHostCode } from '../../protocol/node/host-components.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY, now, Vendor } from './vendor.ts';

const TERMS = { type: 'standalone', pools: [], activation: null } as const;

/** A license for this computer, but for what `terms` says otherwise. */
const issue = async (site: Site, terms: Partial<License> = {}, vendor = site.vendor) => {
  const text = vendor.issue({ ...TERMS, hostCode: await readHostCode(), ...terms });
  await writeFile(site.file('license.txt'), text);
};

const setUp = (site: Site) =>
  site.usher(
    'client',
    'set',
    '--product',
    'acme-cad',
    '--mode',
    'standalone',
    '--license',
    'license.txt',
  );

/** No agent is asked: nobody listens at this port. */
const work = (site: Site, ...flags: readonly string[]) =>
  site.tryToWork('--port', '9', '--vendor-key', site.vendor.key, ...flags);

story('a standalone license serves with no agent running, and its file may go', async () => {
  await using site = await Site.open();
  await issue(site, { expires: epochSeconds(now() + DAY) });
  const set = await setUp(site);
  assert.is(set.code, 0, set.stderr);
  await rm(site.file('license.txt'));
  const worked = await work(site);
  assert.is(worked.code, 0, worked.stderr);
  assert.is(worked.stdout, 'worked\n');
  assert.match(worked.stderr, /^Seat \w+ of acme-cad held from this computer's own license\.\n$/);
  const kept = join(site.home, 'config', 'usher', 'licenses');
  assert.match(
    set.stdout,
    new RegExp(`license = ${kept}/acme-cad-[0-9a-f]{12}\\.txt for acme-cad`),
  );
});

story('a vendor issues a license for the computer whose host code the customer sends', async () => {
  await using site = await Site.open();
  const { stdout: hostCode } = await site.usher('hardware', '--host-code');
  await site.usher('vendor', 'keygen');
  const order = ['--product', 'acme-cad', '--customer', 'Bauhaus Ltd', '--type', 'standalone'];
  const bound = ['--host-code', hostCode.trim().toUpperCase(), '--out', 'license.txt'];
  const issued = await site.usher('vendor', 'issue', ...order, ...bound);
  assert.is(issued.code, 0, issued.stderr);
  await setUp(site);
  const worked = await site.tryToWork('--port', '9');
  assert.is(worked.code, 0, worked.stderr);
});

story('each license that does not serve is refused in words, with what to do', async () => {
  const otherHost = makeHostCode(
    [
      { kind: 'machine-id', value: 'another' },
      { kind: 'mac', value: '00a0c9000001' },
    ],
    nativePrimitives.sha512,
  );
  const cases: readonly (readonly [Partial<License>, RegExp])[] = [
    [
      { hostCode: otherHost },
      /^The license of acme-cad is for another computer: system installation and network port differ\.\n.*--host-code/,
    ],
    [
      { expires: epochSeconds(now() - DAY) },
      /^The license of acme-cad has expired on .*\.\n.*usher client set/,
    ],
    [{ starts: epochSeconds(now() + DAY) }, /^The license of acme-cad is not valid before/],
  ];
  for (const [terms, sentence] of cases) {
    await using site = await Site.open();
    await issue(site, terms);
    await setUp(site);
    const { code, stdout, stderr } = await work(site);
    assert.is(code, 1, stderr);
    assert.is(stdout, '');
    assert.match(stderr, sentence);
  }
});

story('another vendor’s license is not believed', async () => {
  await using site = await Site.open();
  await issue(site, {}, new Vendor());
  await setUp(site);
  const { code, stderr } = await work(site);
  assert.is(code, 1);
  assert.match(stderr, /^The license of acme-cad in .* is signed by another vendor/);
});

story('a feature that is not covered is refused', async () => {
  await using site = await Site.open();
  await issue(site, { features: ['render'] });
  await setUp(site);
  assert.is((await work(site, '--feature', 'render')).code, 0);
  const { code, stderr } = await work(site, '--feature', 'export');
  assert.is(code, 1);
  assert.match(stderr, /^acme-cad: The license does not cover a feature/);
});

story('standalone mode without a license, or with one that is gone, says what to do', async () => {
  await using site = await Site.open();
  await site.usher('client', 'set', '--product', 'acme-cad', '--mode', 'standalone');
  const none = await work(site);
  assert.is(none.code, 1);
  assert.match(
    none.stderr,
    /^acme-cad is set to run on a license of its own, but none is named\.\n/,
  );
  const conf = join(site.home, 'config', 'usher', 'client.conf');
  await writeFile(conf, '[acme-cad]\nmode = standalone\nlicense = gone.txt\n');
  const gone = await work(site);
  assert.match(gone.stderr, /usher\/gone\.txt cannot be read: there is no such file\.\n/);
  const bare = await site.usher('client', 'set', '--license', 'gone.txt');
  assert.is(bare.code, 1);
  assert.match(bare.stderr, /^Cannot read gone\.txt/);
});

story('an agent’s license, or another product’s, is not taken for a computer’s own', async () => {
  await using site = await Site.open();
  await writeFile(site.file('license.txt'), site.vendor.issue());
  const floating = await setUp(site);
  assert.is(floating.code, 1);
  assert.match(floating.stderr, /holds a floating license: add it to an agent/);
  await issue(site, { product: 'acme-cam' });
  const other = await setUp(site);
  assert.is(other.code, 5);
  assert.match(
    other.stderr,
    /^license\.txt is for acme-cam, not for acme-cad\. See `usher client set --help`\.\n$/,
  );
  const settings = await site.json<readonly unknown[]>('client', 'show');
  assert.is(settings.length, 1, 'nothing was set');
});

story('a license that ends while the application runs is told, and its seat is lost', async () => {
  await using site = await Site.open();
  await issue(site, { expires: epochSeconds(now() + 12) });
  await setUp(site);
  const flags = ['--port', '9', '--vendor-key', site.vendor.key, '--on-loss', 'stop'];
  const worker = await site.work(...flags);
  await worker.saying(/The license of acme-cad has expired/);
  assert.is((await worker.ending()).code, 143, 'the command was ended');
});

story(
  'a clock that was turned back revives no license, and the file to remove is named',
  async () => {
    await using site = await Site.open();
    await issue(site, { expires: epochSeconds(now() + DAY) });
    await setUp(site);
    assert.is((await work(site)).code, 0);
    const memory = join(site.home, 'state', 'usher', 'standalone.json');
    const { seen } = JSON.parse(await readFile(memory, 'utf8'));
    assert.ok(Math.abs(seen - now()) < 3600);
    await mkdir(join(memory, '..'), { recursive: true });
    await writeFile(memory, JSON.stringify({ seen: now() + 2 * DAY }));
    const { code, stderr } = await work(site);
    assert.is(code, 1);
    assert.match(stderr, /has expired: the clock of this computer was turned back from .*\.\n/);
    assert.ok(stderr.includes(memory), stderr);
    await rm(memory);
    assert.is((await work(site)).code, 0);
  },
);

tellStories();

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { Vendor } from './vendor.ts';

const pinFile = (site: Site): string => join(site.home, 'state', 'usher', 'vendor-keys.json');

story('the vendor seen first is remembered, and another one’s license is refused', async () => {
  await using site = await Site.lending({});
  const first = await site.tryToWork();
  assert.is(first.code, 0, first.stderr);
  assert.ok(first.stderr.includes(`Trusting the vendor key ${site.vendor.key} for acme-cad`));
  assert.ok(first.stderr.includes(pinFile(site)), 'it says where');
  assert.equal(JSON.parse(await readFile(pinFile(site), 'utf8')), { 'acme-cad': site.vendor.key });
  assert.not.match((await site.tryToWork()).stderr, /Trusting/, 'said once');

  const [license] = await site.licenses();
  await site.usher('license', 'remove', '--yes', license?.id ?? '');
  await site.usherWith(new Vendor().issue(), 'license', 'add', '-');
  const refused = await site.tryToWork();
  assert.is(refused.code, 1);
  assert.is(refused.stdout, '');
  assert.match(refused.stderr, /signed by another vendor than the application trusts/);
  assert.ok(refused.stderr.includes(pinFile(site)), 'it says what to mend');
  assert.equal(await site.seats(), []);
});

story('the key that is named is the one that counts', async () => {
  await using site = await Site.lending({});
  assert.is((await site.tryToWork('--vendor-key', site.vendor.key)).code, 0);
  const refused = await site.tryToWork('--vendor-key', new Vendor().key);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /signed by another vendor than the application trusts/);
  const nonsense = await site.tryToWork('--vendor-key', 'nonsense');
  assert.is(nonsense.code, 2);
  assert.match(nonsense.stderr, /Not a vendor's public key: nonsense\./);
});

story('keys that cannot be read or remembered are said so, and cost no seat', async () => {
  await using site = await Site.lending({});
  await mkdir(join(site.home, 'state'));
  await writeFile(join(site.home, 'state', 'usher'), 'a file in the way');
  const unpinned = await site.tryToWork();
  assert.is(unpinned.code, 1, unpinned.stderr);
  assert.match(
    unpinned.stderr,
    /^Cannot read the vendors' keys in .*: a file is in its way\. See `usher run --help`\.$/m,
  );
  assert.is((await site.tryToWork('--vendor-key', site.vendor.key)).code, 0);
  assert.equal(await site.seats(), []);
});

story('damaged keys are broken data, not a reason to trust anybody', async () => {
  await using site = await Site.lending({});
  await mkdir(join(site.home, 'state', 'usher'), { recursive: true });
  await writeFile(pinFile(site), '{"acme-cad":');
  const broken = await site.tryToWork();
  assert.is(broken.code, 5);
  assert.match(broken.stderr, /vendor-keys\.json is damaged: mend or remove it\./);
  await chmod(pinFile(site), 0o600);
});

tellStories();

import * as assert from 'uvu/assert';
import type { HostVerdict } from '../../agent/core/host/host-verdict.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('P2: a license lends on a virtual host only where the vendor allowed it', async () => {
  await using site = await Site.open();
  const { verdict } = await site.json<HostVerdict>('hardware');
  await site.serve();
  const strict = { virtual: 'refuse', container: 'refuse', unknown: 'refuse' } as const;
  const text = site.vendor.issue({ hosts: strict });
  const added = await site.usherWith(text, 'license', 'add', '-');
  assert.is(added.code, 0, added.stderr);
  const [license] = await site.licenses();
  assert.is((await site.status()).host, verdict);
  if (verdict === 'physical') {
    assert.is(license?.state, 'active');
    assert.is((await site.tryToWork()).code, 0);
    return;
  }
  assert.is(license?.state, 'virtual-host');
  assert.is(license?.refusal, `${verdict}-host`);
  assert.match(added.stdout, /: acme-cad, 3 seats, virtual-host\. .*`usher hardware` shows/);
  const refused = await site.tryToWork();
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /virtual machine|container|real hardware/);
  await site.addLicense();
  assert.is((await site.tryToWork()).code, 0, 'another license allows it');
});

tellStories();

import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

/** Its last day is 2026-06-30. */
const maintained: Partial<License> = {
  maintenance: epochSeconds(Date.UTC(2026, 6, 1) / 1000),
};

const upTo12: Partial<License> = { versions: { oldest: '10', newest: '12' } };

story('C3: versions within the range have seats, others read what to do', async () => {
  await using site = await Site.lending(upTo12);
  for (const version of ['10', '11.4', '12', '12.9.1']) {
    assert.is((await site.tryToWork('--app-version', version)).code, 0, version);
  }
  for (const version of ['9.9', '13', '13.0']) {
    const refused = await site.tryToWork('--app-version', version);
    assert.is(refused.code, 1, version);
    assert.match(refused.stderr, /does not cover this version of the application\./);
    assert.match(refused.stderr, /`usher license show ID`; ask the vendor for one that covers it/);
  }
  const [license] = await site.licenses();
  const { stdout } = await site.usher('license', 'show', license?.id ?? '');
  assert.match(stdout, /^Versions +10 to 12$/m);
});

story('C3: after an update of the product the newer license serves the newer version', async () => {
  await using site = await Site.lending(upTo12);
  assert.is((await site.tryToWork('--app-version', '13')).code, 1);
  const [old] = await site.licenses();
  const newer: Partial<License> = {
    versions: { oldest: null, newest: '13' },
    supersedes: old === undefined ? [] : [old.id],
  };
  const added = await site.usherWith(site.vendor.issue(newer), 'license', 'add', '-');
  assert.is(added.code, 0, added.stderr);
  assert.is((await site.tryToWork('--app-version', '13')).code, 0);
  assert.is((await site.tryToWork('--app-version', '9')).code, 0);
});

story('C3: what was released before the maintenance ended goes on for ever', async () => {
  await using site = await Site.lending(maintained);
  for (const day of ['2020-01-01', '2026-06-30']) {
    assert.is((await site.tryToWork('--released', day)).code, 0, day);
  }
  const refused = await site.tryToWork('--released', '2026-07-01');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /was released after the maintenance of the license ended\./);
  assert.match(refused.stderr, /Use an earlier version, or ask the vendor/);
});

story('an application that does not say its version reads that it has to', async () => {
  await using site = await Site.lending(upTo12, maintained);
  const silent = await site.tryToWork();
  assert.is(silent.code, 1);
  assert.match(
    silent.stderr,
    /certain versions only, and the application does not say which it is/,
  );
  assert.match(silent.stderr, /Ask the vendor for an application that tells it;/);
});

story('a day that is none and a name that is none are a wrong usage', async () => {
  await using site = await Site.open();
  for (const [flag, text] of [
    ['--released', '2026-02-30'],
    ['--released', 'yesterday'],
    ['--app-version', ''],
    ['--feature', 'x'.repeat(65)],
  ] as const) {
    const { code, stderr } = await site.tryToWork(flag, text);
    assert.is(code, 2, `${flag} ${text}: ${stderr}`);
    assert.match(stderr, new RegExp(`^usher run: ${flag} is `));
  }
});

tellStories();

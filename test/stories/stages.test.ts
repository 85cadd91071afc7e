import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import type { Stage } from '../../protocol/stages.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { now } from './vendor.ts';

const term = seconds(10);

/** So many seats at first, and from `soon` seconds ahead, for `long` seconds or ever, others. */
const staged = (seats: number, soon: number, stage: number, long?: number): Partial<License> => {
  const from = epochSeconds(now() + soon);
  const until = long === undefined ? null : epochSeconds(from + long);
  const stages: readonly Stage[] = [{ from, until, seats: stage }];
  return { term, pools: [{ ...poolOf(seats), stages }] };
};

story('M5: a stage that begins gives who waits a seat', async () => {
  await using site = await Site.lending({ pools: [poolOf(1)] });
  await site.work();
  const waiter = await site.waitInLine(1);
  await site.addLicense(staged(0, 3, 1));
  assert.match((await site.usher('license', 'list')).stdout, / generic 0\/0 /);
  await waiter.saying(/at work/);
  assert.match((await site.usher('license', 'list')).stdout, / generic 1\/1 /);
  const [, license] = await site.licenses();
  const { stdout } = await site.usher('license', 'show', license?.id ?? '');
  assert.match(stdout, /^Seats +0 seats of any class, 1 from \d{4}-\d\d-\d\d on$/m);
});

story(
  'M5: when a stage has fewer the newest is told, not renewed, and the older goes on',
  async () => {
    await using site = await Site.lending({ pools: [poolOf(2)], term });
    const older = await site.work();
    const newest = await site.work();
    const [license] = await site.licenses();
    // The same two seats, of which one is left in a moment.
    const supersedes = license === undefined ? [] : [license.id];
    await site.addLicense({ ...staged(2, 3, 1), supersedes });
    assert.equal((await site.status()).products, [{ product: 'acme-cad', lent: 2, seats: 2 }]);

    await newest.saying(/has fewer seats now, .*: save your work\. .* held until \d{4}-/);
    assert.match((await site.usher('status')).stdout, /^acme-cad +2 +1$/m);
    await newest.saying(/The command runs on without a seat\./);
    await site.seatsBecome(1);
    assert.not.match(older.said, /fewer seats|lost/);
    assert.is(await goHome(older), 0);
    assert.is((await site.tryToWork()).code, 0);
  },
);

story('M5: who was told is renewed after all when a colleague goes home in time', async () => {
  await using site = await Site.lending({ pools: [poolOf(2)], term });
  const older = await site.work();
  const newest = await site.work();
  const [license] = await site.licenses();
  const supersedes = license === undefined ? [] : [license.id];
  await site.addLicense({ ...staged(2, 2, 1), supersedes });
  await newest.saying(/has fewer seats now/);
  assert.is(await goHome(older), 0);
  await newest.saying(/Seat \S+ is renewed after all\./);
  assert.is((await site.seats())[0]?.ending, null);
});

story('M5: an increase ends by itself', async () => {
  await using site = await Site.lending({ pools: [poolOf(2)], term });
  const older = await site.work();
  const newest = await site.work();
  const [license] = await site.licenses();
  const supersedes = license === undefined ? [] : [license.id];
  await site.addLicense({ ...staged(1, 0, 2, 4), supersedes });
  assert.equal((await site.status()).products, [{ product: 'acme-cad', lent: 2, seats: 2 }]);
  await newest.saying(/has fewer seats now/);
  assert.not.match(older.said, /fewer seats/);
  const third = await site.tryToWork();
  assert.is(third.code, 1);
  assert.match(third.stderr, /\(\d of 1 in use\)/);
});

tellStories();

import * as assert from 'uvu/assert';
import type { LicenseView } from '../../agent/core/operations.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';
import { DAY, now, Vendor } from './vendor.ts';

const term = seconds(10);

/** Adds licenses as an administrator does, from a mail, and gives what was added last. */
const paste = async (site: Site, ...texts: readonly string[]): Promise<LicenseView> => {
  const { code, stderr } = await site.usherWith(texts.join('\n'), 'license', 'add', '-');
  assert.is(code, 0, stderr);
  const added = (await site.licenses()).at(-1);
  assert.ok(added !== undefined);
  return added;
};

const stateOf = async (site: Site, id: string): Promise<LicenseView['state'] | undefined> =>
  (await site.licenses()).find((one) => one.id === id)?.state;

/** Resolves when every seat has been renewed so many times more. */
const renewedMore = async (site: Site, times: number): Promise<void> => {
  const renewals = async () => (await site.status()).counters['renewed'] ?? 0;
  const before = await renewals();
  await until(`${times} renewals`, async () =>
    (await renewals()) >= before + times ? true : undefined,
  );
};

story('I5: a code for 5 seats and one for 3 that is bought later are 8 seats', async () => {
  await using site = await Site.lending({ pools: [poolOf(5)] });
  await site.work('--weight', '5');
  assert.is((await site.tryToWork()).code, 1);
  await paste(site, site.vendor.issue({ pools: [poolOf(3)] }));
  await site.work('--weight', '3');
  const ninth = await site.tryToWork();
  assert.is(ninth.code, 1);
  assert.match(ninth.stderr, /All seats are in use\. .*\(8 of 8 in use\)/);
  const { stdout } = await site.usher('status');
  assert.match(stdout, /^acme-cad +8 +8$/m);
});

story(
  'C2: a renewal takes the place of its predecessor and disturbs nobody who works',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    const old = await site.addLicense({
      pools: [poolOf(2)],
      term,
      expires: epochSeconds(now() + DAY),
    });
    const workers = await Promise.all([site.work(), site.work()]);
    const held = (await site.seats()).map(({ id }) => id);

    const renewal = await paste(
      site,
      site.vendor.issue({ pools: [poolOf(3)], supersedes: [old.id] }),
    );
    assert.is(renewal.state, 'active');
    await agent.saying(new RegExp(`License ${old.id} is superseded by ${renewal.id}\\.`));
    const { stdout: list } = await site.usher('license', 'list');
    assert.match(list, new RegExp(`^${old.id} .* superseded +generic 0/0 `, 'm'));
    assert.match(list, new RegExp(`^${renewal.id} .* active +generic 2/3 .*never$`, 'm'));
    const { stdout: shown } = await site.usher('license', 'show', old.id);
    assert.match(shown, new RegExp(`^Superseded by +${renewal.id}$`, 'm'));

    await renewedMore(site, 2);
    assert.is((await site.usher('license', 'remove', '--yes', old.id)).code, 0);
    await renewedMore(site, 2);
    assert.equal((await site.seats()).map(({ id }) => id).sort(), [...held].sort());
    for (const { said } of workers)
      assert.not.match(said, /newer license|lost|not answer|held until/);
    await site.work();
    assert.is((await site.tryToWork()).code, 1, 'three seats, not five');
  },
);

story(
  'C2: of too many for a smaller renewal the newest is told and ends with its term',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    const old = await site.addLicense({ pools: [poolOf(2)], term });
    const first = await site.work();
    const newest = await site.work();
    await paste(site, site.vendor.issue({ pools: [poolOf(1)], term, supersedes: [old.id] }));

    await newest.saying(
      /fewer seats now, and this one is not renewed: save your work\. .*held until \d/,
    );
    assert.match((await site.usher('seat', 'list')).stdout, /seats-reduced$/m);
    await agent.saying(/is not renewed for .*: there are fewer seats now\./);
    assert.is((await site.seats()).length, 2, 'nobody is thrown out');
    await newest.saying(/The command runs on without a seat\./);
    await site.seatsBecome(1);
    assert.not.match(first.said, /fewer seats/);
    await renewedMore(site, 1);
  },
);

story('C2: a renewal for later waits, and takes its place when its day comes', async () => {
  await using site = await Site.open();
  await site.serve();
  const old = await site.addLicense({ pools: [poolOf(1)] });
  const supersedes = [old.id];
  const far = await paste(
    site,
    site.vendor.issue({ starts: epochSeconds(now() + DAY), supersedes }),
  );
  assert.is(far.state, 'pending');
  assert.is(await stateOf(site, old.id), 'active');
  assert.equal((await site.status()).products, [{ product: 'acme-cad', lent: 0, seats: 1 }]);

  const near = { pools: [poolOf(2)], starts: epochSeconds(now() + 3), supersedes };
  const next = await paste(site, site.vendor.issue(near));
  await until('the day has come', async () =>
    (await stateOf(site, next.id)) === 'active' ? true : undefined,
  );
  assert.is(await stateOf(site, old.id), 'superseded');
  assert.equal((await site.status()).products, [{ product: 'acme-cad', lent: 0, seats: 2 }]);
});

story('a license of another vendor takes nobody’s place', async () => {
  await using site = await Site.open();
  await site.serve();
  const old = await site.addLicense({ pools: [poolOf(1)] });
  const stranger = new Vendor();
  await paste(site, stranger.issue({ pools: [poolOf(1)], supersedes: [old.id] }));
  assert.is(await stateOf(site, old.id), 'active');
  const other = { product: 'acme-cam', pools: [poolOf(1)], supersedes: [old.id] };
  await paste(site, site.vendor.issue(other));
  assert.is(await stateOf(site, old.id), 'active', 'nor does one of another product');
});

tellStories();

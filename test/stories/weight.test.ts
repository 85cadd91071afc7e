import * as assert from 'uvu/assert';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('a heavy start takes all its seats or none', async () => {
  await using site = await Site.lending({ pools: [poolOf(4)] });
  const heavy = await site.work('--weight', '3');
  assert.match(heavy.said, /^Seat \S+ of acme-cad held from \S+, 3 seats\.$/m);
  const listed = (await site.usher('seat', 'list')).stdout;
  assert.match(listed, / 3 seats$/m);
  assert.match(listed, /^acme-cad: 3 seats in use by 1 client\.$/m);
  assert.match((await site.usher('status')).stdout, /^acme-cad +3 +4$/m);

  const refused = await site.tryToWork('--weight', '2');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /The seats that are free are too few, .*\(3 of 4 in use\)/);
  assert.is((await site.seats()).length, 1, 'the one that was free is still free');
  assert.is((await site.tryToWork()).code, 0);

  assert.is(await goHome(heavy), 0);
  assert.is((await site.tryToWork('--weight', '4')).code, 0, 'all three came back');
});

story('I5: a heavy start takes seats of two licenses together', async () => {
  const two = { pools: [poolOf(2)] };
  await using site = await Site.lending(two, two);
  const heavy = await site.work('--weight', '3');
  assert.match((await site.usher('status')).stdout, /^acme-cad +3 +4$/m);
  assert.equal(
    (await site.licenses()).map(({ lent }) => lent),
    [2, 1],
  );
  assert.is((await site.tryToWork('--weight', '2')).code, 1);
  assert.is(await goHome(heavy), 0);
  assert.equal(
    (await site.licenses()).map(({ lent }) => lent),
    [0, 0],
  );
});

story('what is too heavy for all licenses is refused even when every seat is free', async () => {
  await using site = await Site.lending({ pools: [poolOf(4)] });
  const refused = await site.tryToWork('--weight', '5', '--wait');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /More seats were asked for at once than the license has\./);
  assert.match(refused.stderr, /See the seats with `usher license list`\./);
  await site.addLicense({ pools: [poolOf(1)] });
  assert.is((await site.tryToWork('--weight', '5')).code, 0);
});

story('a weight that is no number of seats is a wrong usage', async () => {
  await using site = await Site.open();
  for (const weight of ['0', '1.5', 'three', '1000001']) {
    const { code, stderr } = await site.tryToWork('--weight', weight);
    assert.is(code, 2, stderr);
    assert.match(stderr, /--weight is a whole number from 1 to 1000000, not /);
  }
});

tellStories();

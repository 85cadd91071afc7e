import * as assert from 'uvu/assert';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const pools = [{ ...poolOf(1), overdraft: 1 }];

story('a seat beyond the count is lent, marked, warned of and counted', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({ pools });
  const first = await site.work();
  assert.not.match(first.said, /beyond/);
  const second = await site.work();
  assert.match(second.said, /held from \S+, beyond the count of the license\.$/m);

  const { stdout: seats } = await site.usher('seat', 'list');
  assert.is(seats.match(/ overdraft$/gm)?.length, 1, seats);
  await agent.saying(
    / Warning: Seat \S+ of license \S+ granted to .*, beyond the licensed count\./,
  );
  const { stdout: status } = await site.usher('status');
  assert.match(status, /^acme-cad +2 +1$/m);
  assert.match(status, /^overdraft +1$/m);
  assert.match((await site.usher('license', 'list')).stdout, / generic 2\/1 /);

  const third = await site.tryToWork();
  assert.is(third.code, 1, 'the vendor tolerates one, not two');
  assert.match(third.stderr, /All seats are in use\. .*\(2 of 1 in use\)/);
});

story('who comes when a seat is free again is within the count', async () => {
  await using site = await Site.lending({ pools });
  const first = await site.work();
  const beyond = await site.work();
  assert.is(await goHome(beyond), 0);
  assert.is(await goHome(first), 0);
  const later = await site.work();
  assert.not.match(later.said, /beyond/);
  assert.is((await site.seats())[0]?.overdraft, false);
});

tellStories();

import * as assert from 'uvu/assert';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const ONE_SEAT = { pools: [{ class: GENERIC_CLASS, seats: 1, overdraft: 0, stages: [] }] };
const WAIT = ['run', '--product', 'acme-cad', '--wait', '--', 'sh', '-c'] as const;

story('who waits sees its place and gets the seat of who goes home', async () => {
  await using site = await Site.lending(ONE_SEAT);
  const worker = await site.work();
  const first = site.start([...WAIT, 'echo first; read go; exit 0']);
  await first.saying(/All seats are in use\. Waiting for one, at place 1 in the line\./);
  const second = site.start([...WAIT, 'echo second; read go; exit 0']);
  await second.saying(/at place 2 in the line\./);
  assert.is(await goHome(worker), 0);
  await first.saying(/^first$/m);
  await second.saying(/at place 1 in the line\./);
  assert.is(await goHome(first), 0);
  await second.saying(/^second$/m);
  assert.is(await goHome(second), 0);
  await site.seatsBecome(0);
});

story('who is stopped while waiting leaves the line', async () => {
  await using site = await Site.lending(ONE_SEAT);
  const worker = await site.work();
  const waiter = site.start([...WAIT, 'true']);
  await waiter.saying(/at place 1 in the line\./);
  waiter.kill('SIGTERM');
  assert.is((await waiter.ending()).code, 143);
  const next = site.start([...WAIT, 'true']);
  await next.saying(/at place 1 in the line\./);
  assert.is(await goHome(worker), 0);
  assert.is((await next.ending()).code, 0);
});

tellStories();

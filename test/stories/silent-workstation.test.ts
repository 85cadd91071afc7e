import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { Site } from './site.ts';

test('I9: the seat of a workstation that crashed comes back within one term, by itself', async () => {
  const pools = [{ class: 'generic', seats: 1 }];
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({ pools, term: seconds(10) });
  const worker = await site.work();
  const [seat] = await site.seats();
  assert.ok(seat !== undefined);
  await worker.destroy();
  assert.is((await site.tryToWork()).code, 1, 'it may still be in use');
  await site.seatsBecome(0);
  await agent.saying(new RegExp(`Seat ${seat.id} of license \\S+ lapsed: nothing heard from`));
  assert.is((await site.tryToWork()).code, 0);
});

test('I9: a workstation that goes on working keeps its seat for longer than a term', async () => {
  await using site = await Site.open();
  await site.serve();
  await site.addLicense({ term: seconds(10) });
  const worker = await site.work();
  const [seat] = await site.seats();
  assert.ok(seat !== undefined);
  await site.renewed(4);
  assert.is((await site.seats())[0]?.id, seat.id);
  assert.not.match(worker.said, /does not answer|lost/);
});

test.run();

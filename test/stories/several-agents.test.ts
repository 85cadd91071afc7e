import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const oneSeat = { pools: [poolOf(1)], term: seconds(10) };

/** Addresses given by hand. */
const addressesOf = (...sites: readonly Site[]): readonly string[] =>
  sites.flatMap(({ port }) => ['--agent', `127.0.0.1:${port}`]);

story('P10: the seats of two agents are used together', async () => {
  await using near = await Site.open();
  await using far = await Site.open(near.vendor);
  for (const site of [near, far]) {
    await site.serve();
    await site.addLicense(oneSeat);
  }
  const both = addressesOf(near, far);
  await near.work(...both);
  await near.work(...both);
  assert.is((await near.seats()).length, 1);
  assert.is((await far.seats()).length, 1);
  const third = await near.tryToWork(...both);
  assert.is(third.code, 1);
  assert.match(third.stderr, /All seats are in use\. .*\(1 of 1 in use\)/);
});

story('I12: when an agent dies its client goes over to a spare before its term ends', async () => {
  await using near = await Site.open();
  await using far = await Site.open(near.vendor);
  const agent = await near.serve();
  await near.addLicense(oneSeat);
  await far.serve();
  const both = addressesOf(near, far);
  const worker = await near.work(...both);
  await far.addLicense(oneSeat);
  assert.equal(await far.seats(), []);

  await agent.destroy();
  await worker.saying(new RegExp(`Seat \\S+ held from \\S*:${far.port} from now on\\.`));
  assert.not.match(worker.said, /lost/);
  assert.is((await far.seats()).length, 1);
  await near.serve();
  // The first agent counts its seat until it hears that it was given back, or its term is over.
  await near.seatsBecome(0);
  assert.is((await far.seats()).length, 1, 'one seat for one who works');
  assert.is(await goHome(worker), 0);
  assert.equal(await far.seats(), []);
});

tellStories();

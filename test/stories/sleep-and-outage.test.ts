import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const oneSeat = { pools: [poolOf(1)], term: seconds(10) };

const LOST = /The seat was lost: the license agent \S+ \(\S+\) could not be reached in time\./;

story(
  'who slept past the term reads it first, and has the seat back without a question',
  async () => {
    await using site = await Site.lending(oneSeat);
    const sleeper = await site.work();
    sleeper.kill('SIGSTOP');
    await site.seatsBecome(0);
    sleeper.kill('SIGCONT');
    const [said] = await sleeper.saying(/The seat was lost[\s\S]*held again, from \S+\.$/m);
    assert.match(said, LOST);
    assert.match(said, /The command runs on while a seat is looked for again\./);
    assert.is((await site.seats()).length, 1);
    assert.is(await goHome(sleeper), 0);
  },
);

story('what a colleague took meanwhile is looked for until it is free again', async () => {
  await using site = await Site.lending(oneSeat);
  const sleeper = await site.work();
  sleeper.kill('SIGSTOP');
  await site.seatsBecome(0);
  const colleague = await site.work();
  sleeper.kill('SIGCONT');
  await sleeper.saying(LOST);
  assert.is((await site.seats()).length, 1, 'never two for one seat');
  assert.not.match(colleague.said, /lost|taken/);
  assert.is(await goHome(colleague), 0);
  await sleeper.saying(/Seat \S+ held again, from \S+\./);
});

story('with --on-loss stop a command that slept past its term is ended', async () => {
  await using site = await Site.lending(oneSeat);
  const sleeper = await site.work('--on-loss', 'stop');
  sleeper.kill('SIGSTOP');
  await site.seatsBecome(0);
  sleeper.kill('SIGCONT');
  const { code, stderr } = await sleeper.ending();
  assert.is(code, 143);
  assert.match(stderr, LOST);
});

story('an agent that stands still for less than a term costs nobody the seat', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  const worker = await site.work();
  agent.kill('SIGSTOP');
  await worker.saying(/The license agent does not answer; the seat is held until \d{4}-/);
  agent.kill('SIGCONT');
  await worker.saying(/The license agent answers again\./);
  assert.not.match(worker.said, /lost/);
  assert.is((await site.seats()).length, 1);
});

story('an agent that is away for longer is found again, and so is the seat', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  const worker = await site.work();
  await agent.destroy();
  await worker.saying(/does not answer/);
  await worker.saying(LOST);
  await site.serve();
  await worker.saying(/held again, from \S+\.$/m);
  assert.is((await site.seats()).length, 1);
});

tellStories();

import * as assert from 'uvu/assert';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';

const oneSeat = { pools: [poolOf(1)] };

story(
  'who waits reads the place in the line, and the first gets the seat that is freed',
  async () => {
    await using site = await Site.lending(oneSeat);
    const worker = await site.work();
    const first = await site.waitInLine(1);
    const second = await site.waitInLine(2);
    const refused = await site.tryToWork();
    assert.is(refused.code, 1, 'who does not wait is refused as before');

    assert.is(await goHome(worker), 0);
    await first.saying(/at work/);
    await second.saying(/at place 1 in the line/);
    assert.not.match(second.said, /at work/);
    assert.is(await goHome(first), 0);
    await second.saying(/at work/);
    assert.is(await goHome(second), 0);
    assert.is((await site.tryToWork()).code, 0);
  },
);

story('who waits is first: a newcomer that does not wait takes nobody’s seat', async () => {
  await using site = await Site.lending({ pools: [poolOf(2)] });
  const worker = await site.work();
  const heavy = site.startWork(['--wait', '--weight', '2']);
  await heavy.saying(/at place 1 in the line/);
  const newcomer = await site.tryToWork();
  assert.is(newcomer.code, 1);
  assert.match(newcomer.stderr, /or others wait for them\. .*\(1 of 2 in use\)/);
  assert.is(await goHome(worker), 0);
  await heavy.saying(/at work/);
});

story('a waiter that is killed blocks nobody', async () => {
  await using site = await Site.lending(oneSeat);
  const worker = await site.work();
  const killed = await site.waitInLine(1);
  const next = await site.waitInLine(2);
  await killed.destroy();
  assert.is(await goHome(worker), 0);
  await next.saying(/at work/);
});

story('Ctrl-C leaves the line at once', async () => {
  await using site = await Site.lending(oneSeat);
  const worker = await site.work();
  const impatient = await site.waitInLine(1);
  const next = await site.waitInLine(2);
  impatient.kill('SIGINT');
  const { code, stdout } = await impatient.ending();
  assert.is(code, 130);
  assert.is(stdout, '', 'the command was not started');
  await next.saying(/at place 1 in the line/);
  assert.is(await goHome(worker), 0);
  await next.saying(/at work/);
});

story('an agent that starts again finds its waiters in line, in their order', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(oneSeat);
  const worker = await site.work();
  const [first, second] = [await site.waitInLine(1), await site.waitInLine(2)];
  // The second is there again before the first.
  first.kill('SIGSTOP');
  await agent.destroy();
  await site.serve();
  await until('the second waits', async () => {
    const { waiters } = await site.ask({ kind: 'seat-queue' });
    return waiters.length === 1 ? true : undefined;
  });
  first.kill('SIGCONT');
  assert.is(await goHome(worker), 0);
  const newcomer = await site.tryToWork();
  assert.is(newcomer.code, 1, 'the seat is for those who waited before');
  await first.saying(/at work/);
  assert.is((await site.seats()).length, 1);
  assert.not.match(second.said, /at work/);
  assert.is(await goHome(first), 0);
  await second.saying(/at work/);
});

story(
  'across two agents a client waits at both and takes the first seat that is freed',
  async () => {
    await using near = await Site.open();
    await using far = await Site.open(near.vendor);
    for (const site of [near, far]) {
      await site.serve();
      await site.addLicense({ ...oneSeat, term: seconds(10) });
    }
    const workers = [await near.work(), await far.work()] as const;
    const addresses = [near, far].flatMap(({ port }) => ['--agent', `127.0.0.1:${port}`]);
    const waiter = await near.waitInLine(1, ...addresses);
    for (const { status } of [await lineOf(near), await lineOf(far)])
      assert.is(status, 'waited for');

    assert.is(await goHome(workers[1]), 0);
    await waiter.saying(/at work/);
    assert.is((await far.seats()).length, 1, 'it is from the agent where one was freed');
    assert.is(await goHome(workers[0]), 0);
    assert.is((await near.tryToWork()).code, 0, 'and has left the line of the other');
  },
);

/** Whether anybody has stood in line at this agent. */
const lineOf = async (site: Site) => {
  const { counters } = await site.status();
  return { status: (counters['queued'] ?? 0) > 0 ? 'waited for' : 'not waited for' };
};

tellStories();

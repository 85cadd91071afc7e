import * as assert from 'uvu/assert';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

story(
  'I12: an agent that is killed with seats held comes back with the same seats, none more',
  async () => {
    await using site = await Site.open();
    const agent = await site.serve();
    await site.addLicense();
    const workers = await Promise.all([site.work(), site.work(), site.work()]);
    const before = (await site.seats()).map(({ id }) => id).sort();
    assert.is(before.length, 3);

    await agent.destroy();
    await site.serve();
    const after = await site.seats();
    assert.equal(after.map(({ id }) => id).sort(), before);
    assert.ok(after.every(({ user, application }) => user !== '' && application === 'sh'));
    const fourth = await site.tryToWork();
    assert.is(fourth.code, 1);
    assert.match(fourth.stderr, /All seats are in use\. .*\(3 of 3 in use\)/);

    for (const worker of workers) {
      assert.is(await goHome(worker), 0);
      assert.not.match(worker.said, /does not answer|lost|taken/, 'nobody noticed');
    }
    assert.equal(await site.seats(), [], 'seats are given back to the new agent');
  },
);

story('I12: seats stay held over an agent that is stopped in order', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense();
  await site.work();
  const [seat] = await site.seats();
  agent.kill('SIGTERM');
  const { code, stdout } = await agent.ending();
  assert.is(code, 0);
  assert.match(stdout, /^Stopping; seats that are held stay held\.$/m);
  await site.serve();
  assert.equal(
    (await site.seats()).map(({ id }) => id),
    [seat?.id],
  );
});

story('I12: a client says that its agent is away, and when it is back', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense({ term: 10 as never });
  const worker = await site.work();
  await agent.destroy();
  await worker.saying(/The license agent does not answer; the seat is held until \d{4}-\d\d-\d\d/);
  await site.serve();
  await worker.saying(/The license agent answers again\./);
  assert.is(await goHome(worker), 0);
});

tellStories();

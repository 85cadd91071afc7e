import * as assert from 'uvu/assert';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const oneSeat = { pools: [poolOf(1)] };

story('I10: a seat is taken back at once from a client that runs, and it says so', async () => {
  await using site = await Site.lending(oneSeat);
  const worker = await site.work();
  const [seat] = await site.seats();
  const id = seat?.id ?? '';
  const taken = await site.usher('seat', 'disconnect', id.slice(0, 5));
  assert.is(taken.code, 0, taken.stderr);
  assert.match(taken.stdout, new RegExp(`^Seat ${id} of \\S+@\\S+ is free\\.\\n$`));
  await worker.saying(/The administrator has taken this seat back\./);
  await worker.saying(/The command runs on without a seat\./);
  // It is for another now: who had it does not ask for it again.
  assert.is((await site.tryToWork()).code, 0);
  assert.equal(await site.seats(), []);
});

story('I10: with --on-loss stop the command ends with its seat', async () => {
  await using site = await Site.lending(oneSeat);
  const worker = await site.work('--on-loss', 'stop');
  const [seat] = await site.seats();
  await site.usher('seat', 'disconnect', seat?.id ?? '');
  assert.is((await worker.ending()).code, 143);
});

story(
  'I9 I10: of a locked-up client the administrator learns when its seat is free, or frees it',
  async () => {
    await using site = await Site.lending(oneSeat);
    const worker = await site.work();
    worker.kill('SIGSTOP');
    const [seat] = await site.seats();
    const id = seat?.id ?? '';
    const asked = await site.usher('seat', 'disconnect', id);
    assert.is(asked.code, 0, asked.stderr);
    assert.match(
      asked.stdout,
      /does not answer\. .* at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d at the latest/,
    );
    assert.match(asked.stdout, /--force/);
    assert.is((await site.seats())[0]?.ending, 'disconnected');
    const { stdout: table } = await site.usher('seat', 'list');
    assert.match(table, /disconnected$/m);
    assert.is((await site.tryToWork()).code, 1, 'it may still be in use there');

    const forced = await site.usher('seat', 'disconnect', '--force', id);
    assert.is(forced.code, 0, forced.stderr);
    assert.match(forced.stdout, /is free\.\n$/);
    const colleague = await site.work();
    worker.kill('SIGCONT');
    await worker.saying(/The administrator has taken this seat back\./);
    assert.is((await site.seats()).length, 1);
    colleague.write('');
  },
);

story('a seat that nobody holds cannot be taken back', async () => {
  await using site = await Site.lending({});
  const none = await site.usher('seat', 'disconnect', 'zzzz');
  assert.is(none.code, 1);
  assert.is(none.stderr, 'No seat begins with "zzzz". See `usher seat list`.\n');
});

tellStories();

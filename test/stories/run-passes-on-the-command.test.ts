import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { Ear } from './ear.ts';
import { goHome, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const RUN = ['run', '--product', 'acme-cad'] as const;

/**
 * A command that says that it runs and which signal ended it, with an exit code for each. It runs
 * until its input ends: by descriptor 3, as a shell's background job is given no input otherwise.
 */
const POLITE =
  'trap "echo got TERM; exit 42" TERM; trap "echo got INT; exit 43" INT; exec 3<&0; echo running; while read -r _ <&3; do :; done & wait';

story('the command’s words, exit code, input and output are its own', async () => {
  await using site = await Site.lending({});
  const ended = await site.usherWith('typed in\n', ...RUN, '--', 'sh', '-c', 'cat; exit 7');
  assert.is(ended.code, 7, ended.stderr);
  assert.is(ended.stdout, 'typed in\n');
  const echoed = await site.usher(...RUN, '--', 'echo', '--help', '-v', '--', 'two  blanks');
  assert.is(echoed.stdout, '--help -v -- two  blanks\n');
  await site.seatsBecome(0);
});

story('a command without a name is refused in one sentence, and holds no seat', async () => {
  await using site = await Site.lending({});
  const { code, stderr } = await site.usher(...RUN, '--', '');
  assert.is(code, 2, stderr);
  assert.match(stderr, /^(Trusting [^\n]+\n)?(Seat [^\n]+\n)?Cannot run "": /);
  assert.equal(await site.seats(), []);
});

story('a signal to usher reaches the command, and its answer is the exit code', async () => {
  await using site = await Site.lending({});
  for (const [signal, word, code] of [
    ['SIGTERM', 'TERM', 42],
    ['SIGINT', 'INT', 43],
  ] as const) {
    const worker = site.start([...RUN, '--', 'bash', '-c', POLITE]);
    await worker.saying(/running/);
    worker.kill(signal);
    await worker.saying(new RegExp(`got ${word}`));
    worker.write('');
    assert.is((await worker.ending()).code, code, worker.said);
    assert.equal(await site.seats(), [], 'the seat is free before usher ends');
  }
});

story(
  'a command that a signal killed gives 128 and the signal’s number, as in a shell',
  async () => {
    await using site = await Site.lending({});
    assert.is((await site.usher(...RUN, '--', 'sh', '-c', 'kill -9 $$')).code, 137);
    assert.is((await site.usher(...RUN, '--', 'sh', '-c', 'kill -15 $$')).code, 143);
    assert.equal(await site.seats(), []);
  },
);

story('a command that cannot be started is said so and holds no seat', async () => {
  await using site = await Site.lending({});
  await writeFile(site.file('no-program'), 'text', { mode: 0o644 });
  for (const [command, why] of [
    [
      '/no/such/program',
      /^Cannot run \/no\/such\/program: there is no such program\. See `usher run --help`\.$/m,
    ],
    [
      'no-such-program',
      /^Cannot run no-such-program: there is no such program\. See `usher run --help`\.$/m,
    ],
    ['./no-program', /^Cannot run \.\/no-program: this user may not\. See `usher run --help`\.$/m],
  ] as const) {
    const ended = await site.usher(...RUN, '--', command);
    assert.is(ended.code, 2);
    assert.match(ended.stderr, why);
    assert.equal(await site.seats(), [], command);
  }
});

story('usher that is stopped while it looks for a seat keeps none', async () => {
  await using site = await Site.lending({});
  await using ear = await Ear.open();
  for (let round = 0; round < 5; round++) {
    const words = [...RUN, '--agent', `127.0.0.1:${ear.port}`, '--', 'sleep', '30'];
    const worker = site.start(words);
    await ear.hears();
    worker.kill('SIGTERM');
    assert.is((await worker.ending()).code, 143, worker.said);
    assert.equal(await site.seats(), []);
  }
});

story('a terminal that is closed gives the seat back', async () => {
  await using site = await Site.lending({});
  const worker = await site.work();
  worker.kill('SIGHUP');
  assert.is((await worker.ending()).code, 129);
  assert.equal(await site.seats(), []);
});

story('whoever stops listening to usher does not end the command or lose the seat', async () => {
  await using site = await Site.lending({});
  const command = 'echo running; read go; echo worked > done.txt';
  const worker = site.start([...RUN, '--', 'sh', '-c', command]);
  await worker.saying(/running/);
  worker.hangUp();
  const [seat] = await site.seats();
  // The next thing that usher wants to say has nobody to say it to.
  await site.usher('seat', 'disconnect', seat?.id ?? '');
  worker.write('go\n');
  await worker.gone;
  assert.is(await readFile(site.file('done.txt'), 'utf8'), 'worked\n');
});

story('the application is named by its file, not by its path', async () => {
  await using site = await Site.lending({});
  const worker = site.start([...RUN, '--', '/bin/cat']);
  const [seat] = await site.seatsBecome(1);
  assert.is(seat?.application, 'cat');
  assert.is(await goHome(worker), 0);
});

tellStories();

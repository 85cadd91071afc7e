import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const tenRuns = { meters: [{ name: 'runs', allowance: 10 }] };
const drawOf = (...more: readonly string[]): readonly string[] => [
  'draw',
  '--product',
  'acme-cad',
  '--meter',
  'runs',
  ...more,
];

story('a draw counts once for its id, also over a restart', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(tenRuns);
  const first = await site.usher(...drawOf('--amount', '3', '--id', 'job 17'));
  assert.is(first.code, 0, first.stderr);
  assert.is(first.stdout, '3 of runs of acme-cad counted, 7 left [draw job 17].\n');
  agent.kill('SIGKILL');
  await agent.gone;
  await site.serve();
  const again = await site.usher(...drawOf('--amount', '3', '--id', 'job 17'));
  assert.is(again.stdout, first.stdout);
  const other = await site.json<{ left: number }>(...drawOf());
  assert.is(other.left, 6);
  const conflict = await site.usher(...drawOf('--amount', '4', '--id', 'job 17'));
  assert.is(conflict.code, 1);
  assert.match(conflict.stderr, /asked for before with another amount/);
});

story('no more is drawn than there is, and nothing of what there is not', async () => {
  await using site = await Site.lending(tenRuns);
  const tooMuch = await site.usher(...drawOf('--amount', '11'));
  assert.is(tooMuch.code, 1);
  assert.match(tooMuch.stderr, /The allowance is used up/);
  const all = await site.json<{ left: number }>(...drawOf('--amount', '10'));
  assert.is(all.left, 0);
  const unknown = await site.usher('draw', '--product', 'acme-cad', '--meter', 'pages');
  assert.is(unknown.code, 1);
  assert.match(unknown.stderr, /No license has an allowance of this name/);
});

story('a draw that is asked while the agent stands still is counted once', async () => {
  await using site = await Site.open();
  const agent = await site.serve();
  await site.addLicense(tenRuns);
  await site.usher(...drawOf());
  const asking = site.start(drawOf('--id', 'job 18', '--patience', '0.3'));
  agent.kill('SIGSTOP');
  const ended = await asking.ending();
  agent.kill('SIGCONT');
  // It was answered before the agent stood still, or nobody knows.
  assert.ok(ended.code === 0 || /silent|does not answer|No license agent/.test(ended.stderr));
  const again = await site.json<{ left: number }>(...drawOf('--id', 'job 18'));
  assert.is(again.left, 8);
});

story('a draw is believed of the trusted vendor only', async () => {
  await using site = await Site.lending(tenRuns);
  await using other = await Site.open();
  const refused = await site.usher(...drawOf('--vendor-key', other.vendor.key));
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /signed by another vendor than the application trusts/);
});

tellStories();

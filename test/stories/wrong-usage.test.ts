import * as assert from 'uvu/assert';
import { COMMANDS } from '../../agent/cli/commands.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

story('wrong usage gets exit code 2, one sentence and where the help is', async () => {
  await using site = await Site.open();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['frobnicate'], /^Unknown command: usher frobnicate\. See `usher --help`\.\n$/],
    [['license'], /^Unknown command: usher license\. There are `usher license add`, /],
    [['license', 'eat'], /^Unknown command: usher license eat\. There are `usher license add`, /],
    [
      ['license', 'show'],
      /^usher license show: It takes ID\. See `usher license show --help`\.\n$/,
    ],
    [['status', 'now'], /^usher status: It takes flags only\. See `usher status --help`\.\n$/],
    [['status', '--frobnicate'], /^usher status: Unknown option '--frobnicate'\. See /],
    [['status', '--json=yes'], /^usher status: Option '--json' does not take an argument\. See /],
    [['vendor', 'keygen', '--out'], /^usher vendor keygen: --out needs a value\./],
    [['run', '--product', 'x', 'ls'], /^usher run: It takes -- COMMAND…\. See `usher run --help`/],
    [['run', '--product', 'x', '--'], /^usher run: It takes -- COMMAND…\. See/],
    [['run', '--', 'ls'], /^usher run: --product NAME is needed\. See `usher run --help`\.\n$/],
    [
      ['run', '--product', 'x', '--patience', 'long', '--', 'ls'],
      /--patience is a number of seconds/,
    ],
    [
      ['run', '--product', 'x', '--on-loss', 'cry', '--', 'ls'],
      /--on-loss is warn or stop, not "cry"/,
    ],
    [['discover', '--', 'x'], /^usher discover: It takes flags only\. See/],
    [
      ['discover', '--port', '9', '--agent', 'a b c:x'],
      /^usher discover: Not agents' addresses: a b c:x\. See/,
    ],
  ];
  await Promise.all(
    cases.map(async ([words, sentence]) => {
      const { code, stdout, stderr } = await site.usher(...words);
      assert.is(code, 2, words.join(' '));
      assert.is(stdout, '');
      assert.match(stderr, sentence);
      assert.is(stderr.trim().split('\n').length, 1, stderr);
    }),
  );
});

story('no words at all show the commands, and are no success', async () => {
  await using site = await Site.open();
  const { code, stdout } = await site.usher();
  assert.is(code, 2);
  for (const { name } of COMMANDS) assert.match(stdout, new RegExp(`^  usher ${name} `, 'm'));
});

story('every command, family and the program itself has help', async () => {
  await using site = await Site.open();
  const help = async (words: readonly string[], shows: string): Promise<void> => {
    const { code, stdout, stderr } = await site.usher(...words);
    assert.is(code, 0, stderr);
    assert.is(stderr, '');
    assert.ok(stdout.includes(shows), stdout);
    const widest = Math.max(...stdout.split('\n').map((line) => line.length));
    assert.ok(widest <= 160, `${words.join(' ')}: ${widest} columns`);
  };
  const asked: (readonly [readonly string[], string])[] = [
    ...COMMANDS.map(
      ({ name }) => [[...name.split(' '), '--help'], `Usage: usher ${name}`] as const,
    ),
    [['--help'], 'Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no agent'],
    [['-h'], 'usher license add'],
    [['help'], 'usher license add'],
    [['help', 'run'], 'Usage: usher run [FLAGS] -- COMMAND…'],
    [['status', '-h'], 'Usage: usher status'],
    [['license', '--help'], 'usher license show'],
    [['--version'], 'usher '],
  ];
  // A hundred programs at once would keep a small computer from the other stories.
  while (asked.length > 0) {
    await Promise.all(asked.splice(0, 8).map(([words, shows]) => help(words, shows)));
  }
});

tellStories();

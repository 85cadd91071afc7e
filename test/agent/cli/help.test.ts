import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Command } from '../../../agent/cli/command.ts';
import { COMMANDS } from '../../../agent/cli/commands.ts';
import { renderHelp, renderOverview } from '../../../agent/cli/help.ts';

const command: Command = {
  name: 'thing do',
  summary: 'Do a thing',
  positionals: [{ name: 'ID', summary: 'which one' }],
  rest: 'COMMAND…',
  flags: {
    json: { kind: 'switch', summary: 'as JSON' },
    class: { kind: 'list', value: 'NAME', summary: 'a class' },
  },
  settings: ['port'],
  run: async () => 0,
};

test('a command’s help has its usage, and a row for each word, flag and setting', () => {
  assert.equal(renderHelp(command).split('\n'), [
    'Usage: usher thing do [FLAGS] ID -- COMMAND…',
    '',
    'Do a thing.',
    '',
    '  ID            which one',
    '  --json        as JSON',
    '  --class NAME  a class (may be repeated)',
    '  --port PORT   the UDP port [USHER_PORT; default: 24711]',
    '',
  ]);
});

test('a command without flags shows none', () => {
  const bare = { ...command, positionals: [], flags: {}, settings: [] };
  assert.match(renderHelp({ ...bare }), /^Usage: usher thing do -- COMMAND…$/m);
});

test('the overview has every command and every exit code', () => {
  const text = renderOverview(COMMANDS, '1.2.3');
  assert.match(text, /^usher 1\.2\.3: /);
  for (const { name, summary } of COMMANDS) {
    assert.ok(text.includes(`  usher ${name}`), name);
    assert.ok(text.includes(summary), name);
  }
  assert.match(
    text,
    /0 done, 1 refused, 2 wrong usage, 3 no agent, 4 not permitted, 5 broken data/,
  );
});

test('names are told apart, and a summary is one line without a full stop', () => {
  assert.is(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
  for (const { name, summary, flags } of COMMANDS) {
    const texts = [summary, ...Object.values(flags).map((flag) => flag.summary)];
    for (const text of texts) assert.not.match(text, /\n|\.$/, name);
  }
});

test.run();

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Command } from '../../../agent/cli/command.ts';
import { COMMANDS } from '../../../agent/cli/commands.ts';
import { parseArguments } from '../../../agent/cli/parse-command.ts';
import { atPlace, typedPlace } from '../../../agent/cli/typed-place.ts';

const commandNamed = (name: string): Command => {
  const found = COMMANDS.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};

/** What becomes of a sentence after this was typed. */
const after = (name: string, words: readonly string[], sentence: string): string => {
  const command = commandNamed(name);
  return atPlace(sentence, typedPlace(command, parseArguments(command, words)), COMMANDS);
};

test('where nothing was typed a sentence stays as it is', () => {
  const sentence = 'See who has it with `usher status`, or `usher doctor`.';
  assert.is(after('seat list', [], sentence), sentence);
  assert.is(after('seat list', ['--json'], sentence), sentence);
});

test('every command that a sentence names gets what it takes, and no more', () => {
  const words = ['--data', 'd', '--port', '9', '--interfaces', 'lo', '--console', 'off'];
  const sentence =
    'See `usher status`, `usher doctor`, `usher service logs` or `usher vendor keygen`.';
  assert.is(
    after('serve', words, sentence),
    'See `usher status --data d`, `usher doctor --data d --port 9 --interfaces lo`, `usher service logs` or `usher vendor keygen`.',
  );
});

test('as who types it as administrator needs it, too', () => {
  assert.is(
    after('license add', ['x', '--data', 'd'], 'Do it with `sudo usher license add`.'),
    'Do it with `sudo usher license add --data d`.',
  );
});

test('help is of no place, and what names a place itself keeps it', () => {
  for (const sentence of [
    'See `usher status --help`.',
    'See `usher status --data e`.',
    '`usher`',
  ]) {
    assert.is(after('status', ['--data', 'd'], sentence), sentence);
  }
});

test('agents by address are repeated where agents are asked', () => {
  const words = ['--agent', 'a', '--agent', 'b:9', '--product', 'x', '--', 'ls'];
  assert.is(
    after('run', words, 'See `usher doctor`, and `usher seat list`.'),
    'See `usher doctor --agent a --agent b:9`, and `usher seat list`.',
  );
  // There it is what is set, not where somebody looks.
  assert.is(after('client set', ['--agent', 'a'], 'See `usher doctor`.'), 'See `usher doctor`.');
});

test('a master’s folder is not an agent’s', () => {
  assert.is(
    after(
      'master status',
      ['--data', 'm'],
      'Start one with `usher master serve`, or `usher serve`.',
    ),
    'Start one with `usher master serve --data m`, or `usher serve`.',
  );
});

test('what is to be typed on another computer is left alone', () => {
  const elsewhere =
    'Add it with `usher license add FILE` (on the client).\n   -> usher doctor (on a client)\n';
  assert.is(after('doctor', ['--data', 'd', '--agent', 'a'], elsewhere), elsewhere);
});

test('what the doctor prescribes is a command, too', () => {
  assert.is(
    after(
      'doctor',
      ['--data', 'd'],
      'x\n  -> usher license refresh (it asks at once)\n  -> usher firewall open\n',
    ),
    'x\n  -> usher license refresh --data d (it asks at once)\n  -> usher firewall open --data d\n',
  );
});

test('a command line of somebody else stays behind', () => {
  assert.is(
    after('doctor', ['--port', '9'], 'Try `usher run --product x -- ls -l`.'),
    'Try `usher run --product x --port 9 -- ls -l`.',
  );
});

test('a value stands as a shell reads it', () => {
  const cases = [
    ['/var/lib/usher', '/var/lib/usher'],
    ['my data', "'my data'"],
    ["it's", `'it'\\''s'`],
    ['$(rm -r x)', "'$(rm -r x)'"],
    ['Büro', 'Büro'],
    ['', "''"],
  ] as const;
  for (const [value, word] of cases) {
    assert.is(
      after('status', ['--data', value], 'See `usher status`.'),
      `See \`usher status --data ${word}\`.`,
    );
  }
  assert.is(after('status', ['--data=-x'], 'See `usher status`.'), 'See `usher status --data=-x`.');
});

test.run();

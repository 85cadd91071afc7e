import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Terminal } from '../../../agent/cli/command.ts';
import { runCli } from '../../../agent/cli/run-cli.ts';

/** A terminal that keeps what is said to it. */
const recorded = (): {
  readonly terminal: Terminal;
  readonly said: { out: string; err: string };
} => {
  const said = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    environment: { HOME: '/nowhere' },
    isColored: false,
    columns: 80,
    rows: 24,
    readInput: async () => new Uint8Array(),
    judgeHost: () => Promise.reject(new Error('nobody asked')),
  };
  return { terminal, said };
};

const run = async (...words: readonly string[]) => {
  const { terminal, said } = recorded();
  return { code: await runCli(words, terminal), ...said };
};

test('help goes to standard output and is a success', async () => {
  for (const words of [['--help'], ['-h'], ['help'], ['help', 'serve'], ['seat', '-h']]) {
    const { code, out, err } = await run(...words);
    assert.is(code, 0);
    assert.is(err, '');
    assert.match(out, /usher s/);
  }
});

test('wrong usage goes to standard error with the command’s name and its help', async () => {
  assert.equal(await run('status', 'now'), {
    code: 2,
    out: '',
    err: 'usher status: It takes flags only. See `usher status --help`.\n',
  });
});

test('a word that is no command is not taken for a family', async () => {
  const { code, err } = await run('constructor', '--help');
  assert.is(code, 2);
  assert.is(err, 'Unknown command: usher constructor --help. See `usher --help`.\n');
});

test('an input without a license is refused', async () => {
  const { code, out, err } = await run('vendor', 'inspect', '-');
  assert.is(code, 1);
  assert.is(out, '');
  assert.match(err, /^No license block was found/);
});

test.run();

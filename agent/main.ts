/** The program: joins the command line to the world. */

import type { Terminal } from './cli/command.ts';
import { EXIT } from './cli/exit-code.ts';
import { runCli } from './cli/run-cli.ts';
import { judgeHost } from './core/host/host-verdict.ts';
import { readHostFacts } from './edges/host-facts/read-host-facts.ts';
import { readStandardInput } from './edges/standard-input.ts';
import { columnsOf, isTerminal, rowsOf } from './edges/standard-output.ts';
import { systemReason } from './system-reason.ts';

const terminal: Terminal = {
  out: (text) => void output().write(text),
  err: (text) => {
    output();
    process.stderr.write(text);
  },
  environment: process.env,
  get isColored() {
    return isTerminal() && !process.env['NO_COLOR'];
  },
  // A window may become another size.
  get columns() {
    return columnsOf(output());
  },
  get rows() {
    return rowsOf(output());
  },
  readInput: readStandardInput,
  judgeHost: async () => judgeHost(await readHostFacts()),
};

/** Who stops listening (`usher … | head`) ends no agent and loses no seat; a full disk is said. */
let unsaid = false;
let heeded = false;

/** Standard output, opened when something is first said: that takes some of a start's time. */
const output = (): NodeJS.WriteStream => {
  if (heeded) return process.stdout;
  heeded = true;
  process.stderr.on('error', () => {});
  return process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || unsaid) return;
    unsaid = true;
    process.stderr.write(`Not everything could be said: ${systemReason(error)}.\n`);
    process.exitCode = EXIT.refused;
  });
};

process.title = 'usher';
void runCli(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = unsaid ? EXIT.refused : code;
});

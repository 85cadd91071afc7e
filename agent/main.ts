/** The program: joins the command line to the world. */

import type { Terminal } from './cli/command.ts';
import { runCli } from './cli/run-cli.ts';
import { judgeHost } from './core/host/host-verdict.ts';
import { readHostFacts } from './edges/host-facts/read-host-facts.ts';
import { readStandardInput } from './edges/standard-input.ts';

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  environment: process.env,
  isColored: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  columns: process.stdout.columns ?? 80,
  readInput: readStandardInput,
  judgeHost: async () => judgeHost(await readHostFacts()),
};

// A reader that stopped listening (`usher … | head`) is no fault of ours.
process.stdout.on('error', () => process.exit());

process.title = 'usher';
void runCli(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});

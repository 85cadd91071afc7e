import { openServiceManager } from '../../service/open-service-manager.ts';
import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const LINES = 100;
const LINES_MAX = 100_000;

export const serviceLogs: Command = {
  name: 'service logs',
  summary: "Show the newest lines of the service's log",
  positionals: [],
  flags: { lines: { kind: 'text', value: 'COUNT', summary: `how many, else ${LINES}` } },
  settings: [],
  run: async ({ args, terminal }) => {
    const count = readCount(args.text('lines') ?? String(LINES));
    for (const line of await openServiceManager().logs(count)) terminal.out(`${line}\n`);
    return EXIT.done;
  },
};

const readCount = (text: string): number => {
  const count = Number(text);
  if (/^\d{1,6}$/.test(text) && count > 0 && count <= LINES_MAX) return count;
  throw new UsherError('WRONG_USAGE', `--lines is a number from 1 to ${LINES_MAX}.`);
};

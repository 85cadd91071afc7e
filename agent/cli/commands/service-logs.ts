import { CaughtSignals } from '../../edges/child-command.ts';
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
  flags: {
    lines: { kind: 'text', value: 'COUNT', summary: `how many, else ${LINES}` },
    follow: { kind: 'switch', summary: 'go on with new lines as they come, until Ctrl-C' },
  },
  settings: [],
  run: async ({ args, terminal }) => {
    const count = readCount(args.text('lines') ?? String(LINES));
    const tell = (line: string): void => terminal.out(`${line}\n`);
    const manager = openServiceManager();
    if (!args.has('follow')) {
      for (const line of await manager.logs(count)) tell(line);
      return EXIT.done;
    }
    const stop = new AbortController();
    using signals = new CaughtSignals();
    signals.handTo(() => stop.abort());
    await manager.followLogs(count, tell, stop.signal);
    return EXIT.done;
  },
};

const readCount = (text: string): number => {
  const count = Number(text);
  if (/^\d{1,6}$/.test(text) && count > 0 && count <= LINES_MAX) return count;
  throw new UsherError('WRONG_USAGE', `--lines is a number from 1 to ${LINES_MAX}.`);
};

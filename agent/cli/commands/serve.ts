import { once } from 'node:events';
import { startAgent } from '../../start-agent.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const serve: Command = {
  name: 'serve',
  summary: 'Run the agent in the foreground',
  positionals: [],
  flags: {},
  settings: ['data', 'port', 'interfaces', 'name', 'vendor-keys', 'refuse-hosts'],
  run: async ({ terminal, settings }) => {
    const { data, interfaces } = settings();
    // Listened for before anybody can know that the agent runs.
    const stopped = Promise.race(STOP_SIGNALS.map((signal) => once(process, signal)));
    await using agent = await startAgent({
      settings: settings(),
      judgeHost: terminal.judgeHost,
      writeLine: (line) => terminal.out(`${line}\n`),
    });
    const where = interfaces === null ? 'every interface' : interfaces.join(', ');
    terminal.out(`Serving on UDP port ${agent.port} of ${where}; data in ${data}.\n`);
    await stopped;
    terminal.out('Stopping; seats that are held stay held.\n');
    return EXIT.done;
  },
};

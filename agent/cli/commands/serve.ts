import { once } from 'node:events';
import { platform } from 'node:process';
import { runWindowsService } from '../../service/windows-service.ts';
import { type RunningAgent, startAgent } from '../../start-agent.ts';
import { UsherError } from '../../usher-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** A service is told by it to take up its rules again; who closes a terminal wants the agent to end. */
const RELOAD_SIGNAL = 'SIGHUP';

export const serve: Command = {
  name: 'serve',
  summary: 'Run the agent in the foreground',
  positionals: [],
  flags: {
    service: { kind: 'switch', summary: 'as the service manager of Windows starts it' },
  },
  settings: ['data', 'port', 'interfaces', 'name', 'vendor-keys', 'refuse-hosts'],
  run: async ({ args, terminal, settings }) => {
    if (args.has('service')) {
      const data = args.text('data');
      if (platform !== 'win32' || data === undefined) {
        throw new UsherError('WRONG_USAGE', '--service is for Windows and needs --data.');
      }
      return runWindowsService({ data, settings, judgeHost: terminal.judgeHost });
    }
    const { data, interfaces } = settings();
    // Listened for before anybody can know that the agent runs.
    const reloads = platform !== 'win32' && process.stdout.isTTY !== true;
    const stops = reloads ? STOP_SIGNALS : [...STOP_SIGNALS, RELOAD_SIGNAL];
    let running: RunningAgent | undefined;
    if (reloads) process.on(RELOAD_SIGNAL, () => void running?.reloadRules());
    const stopped = Promise.race(stops.map((signal) => once(process, signal)));
    await using agent = await startAgent({
      settings: settings(),
      judgeHost: terminal.judgeHost,
      writeLine: (line) => terminal.out(`${line}\n`),
    });
    running = agent;
    const where = interfaces === null ? 'every interface' : interfaces.join(', ');
    terminal.out(`Serving on UDP port ${agent.port} of ${where}; data in ${data}.\n`);
    await stopped;
    terminal.out('Stopping; seats that are held stay held.\n');
    return EXIT.done;
  },
};

import { once } from 'node:events';
import { platform } from 'node:process';
import { isJournal } from '../../edges/journal.ts';
import { journalLine, plainLine } from '../../edges/log-writer.ts';
import { spareMemory } from '../../edges/spare-memory.ts';
import { isTerminal } from '../../edges/standard-output.ts';
import type { ServiceVoice } from '../../service/service-voice.ts';
import type { WindowsService } from '../../service/windows-service.ts';
import { SETTING_NAMES, type SettingsView } from '../../settings-table.ts';
import { viewSettings } from '../../settings-view.ts';
import { type RunningAgent, startAgent } from '../../start-agent.ts';
import { UsherError } from '../../usher-error.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** A service is told by it to take up its settings again; who closes a terminal wants the agent to end. */
const RELOAD_SIGNAL = 'SIGHUP';

export const serve: Command = {
  name: 'serve',
  summary: 'Run the agent in the foreground',
  positionals: [],
  flags: {
    service: { kind: 'switch', summary: 'as the service manager of Windows starts it' },
  },
  settings: SETTING_NAMES,
  run: async ({ args, terminal, settings, sources }) => {
    const { judgeHost } = terminal;
    const view = (): SettingsView => viewSettings(settings(), sources);
    if (args.has('service')) {
      return runService({
        data: serviceData(args),
        settings,
        viewSettings: view,
        judgeHost,
      });
    }
    const first = settings();
    const { data, interfaces } = first;
    // Listened for before anybody can know that the agent runs.
    const reloads = platform !== 'win32' && !isTerminal();
    const stops = reloads ? STOP_SIGNALS : [...STOP_SIGNALS, RELOAD_SIGNAL];
    let running: RunningAgent | undefined;
    let voice: ServiceVoice | undefined;
    if (reloads) process.on(RELOAD_SIGNAL, () => void running?.reload());
    const stopped = Promise.race(stops.map((signal) => once(process, signal)));
    await using agent = await startAgent({
      settings: first,
      judgeHost,
      writeLine: (line) => terminal.out(`${line}\n`),
      logStyle: isJournal(terminal.environment) ? journalLine : plainLine,
      readSettings: settings,
      viewSettings: view,
      onNews: () => voice?.news(),
      onStep: () => voice?.stir(),
    });
    running = agent;
    voice = await openVoice(agent, terminal);
    const where = interfaces === null ? 'every interface' : interfaces.join(', ');
    terminal.out(`Serving on UDP port ${agent.port} of ${where}; data in ${data}.\n`);
    await voice?.ready();
    void spareMemory();
    await stopped;
    voice?.stopping();
    terminal.out('Stopping; seats that are held stay held.\n');
    return EXIT.done;
  },
};

/** Loaded only on Windows. */
const runService = async (service: WindowsService): Promise<number> => {
  const { runWindowsService } = await import('../../service/windows-service.ts');
  return runWindowsService(service);
};

/** Settings come too late for a service: what is wrong with them must be said in the data folder. */
const serviceData = (args: Arguments): string => {
  const data = args.text('data');
  if (platform === 'win32' && data !== undefined) return data;
  throw new UsherError('WRONG_USAGE', '--service is for Windows and needs --data.');
};

/** A way to the service manager that has started us, if one has and it can be found. */
const openVoice = async (
  { port, status }: RunningAgent,
  { environment, err }: Terminal,
): Promise<ServiceVoice | undefined> => {
  // Loaded only now: whoever looks for an agent does not wait for it.
  const { openServiceNotifier } = await import('../../edges/service-notifier.ts');
  const { ServiceVoice } = await import('../../service/service-voice.ts');
  try {
    const notifier = openServiceNotifier(environment);
    return notifier && new ServiceVoice({ notifier, status, port });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    err(`Warning: the service manager cannot be told that the agent serves: ${why}\n`);
    return undefined;
  }
};

import { openServiceManager } from '../../service/open-service-manager.ts';
import type { ServiceManager } from '../../service/service-manager.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const ruling = (verb: 'start' | 'stop' | 'restart', summary: string, done: string): Command => ({
  name: `service ${verb}`,
  summary,
  positionals: [],
  flags: {},
  settings: [],
  run: async ({ terminal }) => {
    const manager: ServiceManager = openServiceManager(terminal.environment);
    await manager[verb]();
    terminal.out(`${done}\n`);
    return EXIT.done;
  },
});

export const serviceStart = ruling('start', 'Start the service', 'The service runs.');
export const serviceStop = ruling('stop', 'Stop the service; seats stay held', 'It has stopped.');
export const serviceRestart = ruling('restart', 'Stop and start the service', 'The service runs.');

export const serviceStatus: Command = {
  name: 'service status',
  summary: 'Show whether the service is installed and runs',
  positionals: [],
  flags: JSON_FLAG,
  settings: [],
  run: async (invocation) => {
    const status = await openServiceManager(invocation.terminal.environment).status();
    print(invocation, status, ({ state, pid, startsAtBoot, detail }) => {
      const process = pid === null ? '' : `, process ${pid}`;
      const boot = startsAtBoot ? ', starts with the computer' : '';
      return `${state}${process}${boot}${detail === null ? '' : `. ${detail}`}\n`;
    });
    return EXIT.done;
  },
};

const LINES = 100;

export const serviceLogs: Command = {
  name: 'service logs',
  summary: "Show the newest lines of the service's log",
  positionals: [],
  flags: { lines: { kind: 'text', value: 'COUNT', summary: `how many; ${LINES} when not said` } },
  settings: [],
  run: async ({ args, terminal }) => {
    const text = args.text('lines') ?? String(LINES);
    const count = Number(text);
    if (!/^[1-9]\d{0,5}$/.test(text)) {
      throw new UsherError('WRONG_USAGE', `--lines is a number from 1, not "${text}".`);
    }
    const lines = await openServiceManager(terminal.environment).logs(count);
    terminal.out(lines.map((line) => `${line}\n`).join(''));
    return EXIT.done;
  },
};

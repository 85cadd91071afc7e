import { CaughtSignals } from '../../edges/child-command.ts';
import { DataFolder } from '../../edges/data-folder.ts';
import { type LogEntry, lineToEntry } from '../../edges/log-line.ts';
import { LogReader } from '../../edges/log-reader.ts';
import { dataFolder } from '../../settings.ts';
import { UsherError } from '../../usher-error.ts';
import { renderTime } from '../columns.ts';
import type { Arguments, Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readTime } from '../history/read-time.ts';

const LINES = 50;
const LINES_MAX = 100_000;

export const log: Command = {
  name: 'log',
  summary: "Show the agent's log, whether it runs or not",
  positionals: [],
  flags: {
    json: { kind: 'switch', summary: 'print a JSON object a line for programs' },
    calls: { kind: 'switch', summary: 'the calls to masters, as `usher log record` has kept them' },
    follow: { kind: 'switch', summary: 'go on with what is added' },
    since: { kind: 'text', value: 'TIME', summary: 'from this time on (90m, 2h, 2027-01-31)' },
    grep: { kind: 'text', value: 'TEXT', summary: 'only lines with this text, in either case' },
    lines: {
      kind: 'text',
      value: 'COUNT',
      summary: `the newest so many, else ${LINES}; all with --since`,
    },
  },
  settings: ['data'],
  run: async ({ args, terminal, sources }) => {
    const folder = new DataFolder(dataFolder(sources));
    const path = args.has('calls') ? folder.callLog : folder.log;
    const isWanted = makeFilter(args);
    const show = (entry: LogEntry): void =>
      terminal.out(args.has('json') ? `${JSON.stringify(entry)}\n` : renderEntry(entry));
    const most = readCount(args);
    const newest: LogEntry[] = [];
    const reader = new LogReader(path);
    if (!(await reader.exists())) {
      throw new UsherError(
        'REFUSED',
        args.has('calls')
          ? `No calls were written down at ${path}: begin with \`usher log record\`.`
          : `There is no log at ${path}: no agent has run on this data folder. Name another one with --data.`,
      );
    }
    for await (const line of reader.all()) {
      const entry = lineToEntry(line);
      if (!isWanted(entry)) continue;
      newest.push(entry);
      if (newest.length > 2 * most) newest.splice(0, newest.length - most);
    }
    for (const entry of newest.slice(-most)) show(entry);
    if (!args.has('follow')) return EXIT.done;
    const stop = new AbortController();
    using signals = new CaughtSignals();
    signals.handTo(() => stop.abort());
    for await (const line of reader.added(stop.signal)) {
      const entry = lineToEntry(line);
      if (isWanted(entry)) show(entry);
    }
    return EXIT.done;
  },
};

const makeFilter = (args: Arguments): ((entry: LogEntry) => boolean) => {
  const since = args.text('since');
  const from = since === undefined ? '' : new Date(readTime('since', since) * 1000).toISOString();
  const text = args.text('grep')?.toLowerCase() ?? '';
  return ({ time, sentence, kind }) =>
    // A line without a time belongs to the one before, and is shown where everything is.
    (from === '' || time >= from) && `${kind} ${sentence}`.toLowerCase().includes(text);
};

const renderEntry = ({ time, level, sentence }: LogEntry): string => {
  const when = time === '' ? '' : `${renderTime(Date.parse(time) / 1000)}  `;
  return `${when}${level === 'warning' ? 'Warning: ' : ''}${sentence}\n`;
};

const readCount = (args: Arguments): number => {
  const text = args.text('lines');
  if (text === undefined) return args.text('since') === undefined ? LINES : LINES_MAX;
  const count = Number(text);
  if (/^\d{1,6}$/.test(text) && count > 0 && count <= LINES_MAX) return count;
  throw new UsherError('WRONG_USAGE', `--lines is a number from 1 to ${LINES_MAX}.`);
};

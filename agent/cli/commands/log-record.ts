import { UsherError } from '../../usher-error.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, JSON_FLAG, textFlag } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const HOURS_MAX = 168;

export const logRecord: Command = {
  name: 'log record',
  summary:
    "Write down the agent's calls to masters in full for a while; `usher log --calls` shows them",
  positionals: [],
  flags: {
    ...JSON_FLAG,
    hours: textFlag('N', `for so long, up to ${HOURS_MAX} [default: 24]`),
    stop: { kind: 'switch', summary: 'no more' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args } = invocation;
    const hours = args.has('stop') ? 0 : readHours(args.text('hours') ?? '24');
    const { calls } = await askRunningAgent(invocation, { kind: 'log-record', hours });
    print(invocation, calls, ({ file, until }) =>
      until === null
        ? 'Calls to masters are not written down any more. What was is shown by `usher log --calls`.\n'
        : `Calls to masters are written to ${file} until ${renderTime(until)}, without passwords. See them with \`usher log --calls\`; \`usher license refresh\` makes one now.\n`,
    );
    return EXIT.done;
  },
};

const readHours = (text: string): number => {
  const hours = Number(text);
  if (/^\d{1,3}$/.test(text) && hours > 0 && hours <= HOURS_MAX) return hours;
  throw new UsherError('WRONG_USAGE', `--hours is a number from 1 to ${HOURS_MAX}.`);
};

import type { SeatView } from '../../core/operations.ts';
import { askRunningAgent } from '../agent-command.ts';
import { renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { stillHeld } from '../letting-go.ts';

export const seatDisconnect: Command = {
  name: 'seat disconnect',
  summary: 'Take a seat back from whoever holds it',
  positionals: [{ name: 'SEAT', summary: "the seat's id, or its first characters" }],
  flags: {
    ...JSON_FLAG,
    force: {
      kind: 'switch',
      summary:
        'lend it again at once although its client does not answer: only if that does not run',
    },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const [id = ''] = args.positionals;
    const force = args.has('force');
    const outcome = await askRunningAgent(invocation, { kind: 'seat-disconnect', id, force });
    const { seat } = outcome;
    const freed = outcome.freed || (await stillHeld(invocation, [seat])).length === 0;
    if (args.has('json')) terminal.out(`${JSON.stringify({ seat, freed }, null, 2)}\n`);
    else terminal.out(`${describe(seat, freed)}\n`);
    return EXIT.done;
  },
};

const describe = (seat: SeatView, freed: boolean): string => {
  const who = `${seat.user}@${seat.host}`;
  if (freed) return `Seat ${seat.id} of ${who} is free.`;
  return (
    `${who} does not answer. Seat ${seat.id} is not renewed any more and is free when that computer ` +
    `hears of it, at ${renderTime(seat.until)} at the latest. If the application certainly does not run ` +
    'there, free it now with --force.'
  );
};

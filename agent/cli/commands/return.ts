import type { ReturnedSeat } from '../../../protocol/client/client.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { openConnection } from '../open-connection.ts';
import { AGENT_FLAGS, readPatience } from '../patience.ts';
import { explainToUser } from '../vendor-trust.ts';

export const returnSeat: Command = {
  name: 'return',
  summary: 'Give borrowed seats back before their end',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    product: { kind: 'text', value: 'NAME', summary: 'all borrowed seats of this product' },
    id: { kind: 'text', value: 'ID', summary: 'this borrowed seat' },
    ...AGENT_FLAGS,
  },
  settings: ['port', 'interfaces'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const which = args.text('id') ?? args.text('product');
    if (which === undefined) {
      throw new UsherError('WRONG_USAGE', '--product NAME or --id ID is needed.');
    }
    const patience = readPatience(args);
    const connection = openConnection(invocation, { vendorKey: null, patience });
    const say = (line: string): void => terminal.err(`${line}\n`);
    try {
      const returned = await connection.returnBorrowed(which);
      print(invocation, returned, (seats) => seats.map(describe).join(''));
      const pending = returned.filter(({ kind }) => kind === 'pending');
      for (const { explanation } of pending) {
        if (explanation !== null) say(`${explanation.sentence} ${explanation.administrator}`);
      }
      return pending.length === 0 ? EXIT.done : EXIT['no agent'];
    } catch (error) {
      return explainToUser(error, { say, advice: '' });
    }
  },
};

const describe = ({ id, product, kind }: ReturnedSeat): string =>
  kind === 'returned'
    ? `Seat ${id} of ${product} is given back.\n`
    : `Seat ${id} of ${product} is not used any more; its agent is told when it can be reached.\n`;

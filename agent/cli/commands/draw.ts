import { DrawError, type Drawn, type DrawRequest } from '../../../protocol/client/client.ts';
import { NAME_MAX } from '../../../protocol/limits.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { type Arguments, type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { openConnection } from '../open-connection.ts';
import { AGENT_FLAGS, readPatience } from '../patience.ts';
import { explainToUser, readTrust, VENDOR_KEY_FLAG } from '../vendor-trust.ts';

export const draw: Command = {
  name: 'draw',
  summary: 'Count runs, hours or pages from the allowance of a license',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    product: { kind: 'text', value: 'NAME', summary: 'the product' },
    meter: { kind: 'text', value: 'NAME', summary: 'the name of the allowance' },
    amount: { kind: 'text', value: 'N', summary: 'how much of it [default: 1]' },
    id: { kind: 'text', value: 'TEXT', summary: 'names this draw: it is counted once [random]' },
    ...VENDOR_KEY_FLAG,
    ...AGENT_FLAGS,
  },
  settings: ['port', 'interfaces'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const request = readDraw(args);
    const patience = readPatience(args);
    const trust = await readTrust(args, request.product, terminal);
    const connection = openConnection(invocation, { vendorKey: trust.key, patience });
    try {
      print(invocation, await connection.draw(request), (drawn) => describe(drawn, request));
      return EXIT.done;
    } catch (error) {
      const code = explainToUser(error, trust);
      if (error instanceof DrawError && error.code === 'silent') {
        trust.say(`Nobody knows whether it was counted: ask again with --id ${error.id}.`);
      }
      return code;
    }
  },
};

const readDraw = (args: Arguments): DrawRequest => {
  const [product, meter, id] = [args.text('product'), args.text('meter'), args.text('id')];
  if (product === undefined || meter === undefined) {
    throw new UsherError('WRONG_USAGE', '--product NAME and --meter NAME are needed.');
  }
  for (const [flag, name] of Object.entries({ product, meter })) {
    if (name.length >= 1 && name.length <= NAME_MAX) continue;
    throw new UsherError('WRONG_USAGE', `--${flag} has 1 to ${NAME_MAX} characters.`);
  }
  if (id !== undefined && (id === '' || id.length > 256)) {
    throw new UsherError('WRONG_USAGE', '--id has 1 to 256 characters.');
  }
  const amount = readAmount(args.text('amount') ?? '1');
  return { product, meter, amount, ...(id === undefined ? {} : { id }) };
};

const readAmount = (text: string): number => {
  const amount = Number(text);
  if (/^\d{1,10}$/.test(text) && amount >= 1 && amount <= 0xffff_ffff) return amount;
  throw new UsherError(
    'WRONG_USAGE',
    `--amount is a whole number from 1 to 4294967295, not "${text}".`,
  );
};

const describe = ({ amount, left, id }: Drawn, { product, meter }: DrawRequest): string =>
  `${amount} of ${meter} of ${product} counted, ${left} left [draw ${id}].\n`;

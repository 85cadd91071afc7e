import { type Connection, connect, type Seat, SeatError } from '../../../protocol/client/client.ts';
import { endpointToText } from '../../../protocol/endpoint.ts';
import { startCommand } from '../../edges/child-command.ts';
import { VendorPins } from '../../edges/vendor-pins.ts';
import { userStateFolder } from '../../settings.ts';
import { UsherError } from '../../usher-error.ts';
import type { Arguments, Command, Invocation, Terminal } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

/** Between two tries to get a lost seat back. */
const TRY_AGAIN_MS = 10_000;

export const run: Command = {
  name: 'run',
  summary: 'Hold a seat while a command runs, and give it back however that ends',
  positionals: [],
  rest: 'COMMAND…',
  flags: {
    product: { kind: 'text', value: 'NAME', summary: 'the product to take a seat of' },
    class: { kind: 'text', value: 'NAME', summary: 'the class of seat' },
    feature: { kind: 'list', value: 'NAME', summary: 'a feature that the seat must cover' },
    'vendor-key': {
      kind: 'text',
      value: 'KEY',
      summary: "the vendor's public key [default: the one seen first, remembered]",
    },
    agent: { kind: 'list', value: 'HOST[:PORT]', summary: 'ask this address, too' },
    patience: {
      kind: 'text',
      value: 'SECONDS',
      summary: 'how long to look for a seat [default: 3]',
    },
    'on-loss': {
      kind: 'text',
      value: 'warn|stop',
      summary:
        'when the seat is lost: go on and try to get it back, or end the command [default: warn]',
    },
  },
  settings: ['port', 'interfaces'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const product = args.text('product');
    if (product === undefined)
      throw new UsherError('WRONG_USAGE', 'usher run: --product is needed.');
    const onLoss = readOnLoss(args);
    const pins = new VendorPins(userStateFolder(terminal.environment));
    const vendorKey = args.text('vendor-key') ?? (await pins.get(product)) ?? null;
    const connection = open(invocation, vendorKey);
    const acquire = (): Promise<Seat> => acquireSeat(connection, args, product);
    const seat = await acquire().catch((error: unknown) => explain(error, terminal));
    if (typeof seat === 'number') return seat;
    if (vendorKey === null) {
      await pins.pin(product, seat.signer);
      terminal.err(
        `Trusting the vendor key ${seat.signer} for ${product} from now on (${pins.file}).\n`,
      );
    }
    terminal.err(`Seat ${seat.id} of ${product} held from ${seat.agent.name}.\n`);
    return (await holdWhile(args.rest, seat, { acquire, onLoss, terminal })) as ExitCode;
  },
};

type OnLoss = 'warn' | 'stop';

const readOnLoss = (args: Arguments): OnLoss => {
  const text = args.text('on-loss') ?? 'warn';
  if (text === 'warn' || text === 'stop') return text;
  throw new UsherError('WRONG_USAGE', `--on-loss is warn or stop, not "${text}".`);
};

const open = ({ args, settings }: Invocation, vendorKey: string | null): Connection => {
  const { port, interfaces } = settings();
  const patience = Number(args.text('patience') ?? '3') * 1000;
  if (!(patience > 0 && patience <= 86_400_000)) {
    throw new UsherError('WRONG_USAGE', '--patience is a number of seconds, up to a day.');
  }
  const application = args.rest[0] ?? '';
  try {
    return connect({
      vendorKey,
      port,
      interfaces,
      patience,
      agents: args.list('agent'),
      application,
    });
  } catch (error) {
    throw new UsherError(
      'WRONG_USAGE',
      error instanceof Error ? error.message : String(error),
      error,
    );
  }
};

const acquireSeat = (connection: Connection, args: Arguments, product: string): Promise<Seat> => {
  const className = args.text('class');
  return connection.acquire({
    product,
    features: args.list('feature'),
    ...(className === undefined ? {} : { class: className }),
  });
};

const explain = (error: unknown, terminal: Terminal): ExitCode => {
  if (!(error instanceof SeatError)) throw error;
  terminal.err(`${error.message}\n${error.administrator}\n`);
  return error.code === 'no-agent' ? EXIT['no agent'] : EXIT.refused;
};

/** Runs the command; whatever becomes of it, the seat held last is given back. */
const holdWhile = async (
  words: readonly string[],
  first: Seat,
  how: {
    readonly acquire: () => Promise<Seat>;
    readonly onLoss: OnLoss;
    readonly terminal: Terminal;
  },
): Promise<number> => {
  const { acquire, onLoss, terminal } = how;
  const child = startCommand(words);
  const done = new AbortController();
  let seat = first;
  const watch = (): void => {
    seat.onNews((news) => {
      if (news.kind === 'held') terminal.err('The license agent answers again.\n');
      if (news.kind === 'unreachable') {
        terminal.err(
          `The license agent does not answer; the seat is held until ${news.until.toLocaleTimeString()}.\n`,
        );
      }
      if (news.kind !== 'lost') return;
      terminal.err(`${news.explanation.sentence}\n`);
      if (onLoss === 'stop') return child.kill('SIGTERM');
      void getBack(acquire, done.signal).then((again) => {
        if (again === undefined) return;
        terminal.err(
          `Seat ${again.id} held again, from ${endpointToText(again.agent.endpoint)}.\n`,
        );
        seat = again;
        watch();
      });
    });
  };
  watch();
  try {
    return await child.ended;
  } finally {
    done.abort();
    await seat.release();
  }
};

const getBack = async (
  acquire: () => Promise<Seat>,
  signal: AbortSignal,
): Promise<Seat | undefined> => {
  while (!signal.aborted) {
    const seat = await acquire().catch(() => undefined);
    if (seat !== undefined && signal.aborted) await seat.release();
    else if (seat !== undefined) return seat;
    await pause(TRY_AGAIN_MS, signal);
  }
  return undefined;
};

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

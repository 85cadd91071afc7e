import { basename } from 'node:path';
import { type AcquireRequest, type Seat, SeatError } from '../../../protocol/client/client.ts';
import { CaughtSignals, signalExitCode, startCommand } from '../../edges/child-command.ts';
import { VendorPins } from '../../edges/vendor-pins.ts';
import { userStateFolder } from '../../settings.ts';
import { systemReason } from '../../system-reason.ts';
import { UsherError } from '../../usher-error.ts';
import type { Arguments, Command, Invocation, Terminal } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openConnection } from '../open-connection.ts';
import { SeatKeeper } from '../seat-keeper.ts';
import { readSeatRequest, SEAT_FLAGS } from '../seat-request.ts';

/** Seconds: how long a seat is looked for. */
const DEFAULT_PATIENCE = '3';

export const run: Command = {
  name: 'run',
  summary: 'Hold a seat while a command runs, and give it back however that ends',
  positionals: [],
  rest: 'COMMAND…',
  flags: {
    ...SEAT_FLAGS,
    wait: { kind: 'switch', summary: 'stand in line until there is a seat' },
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
        'when the seat is lost: go on and look for one again, or end the command [default: warn]',
    },
  },
  settings: ['port', 'interfaces'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    const options = readOptions(invocation);
    const { request, stopsOnLoss } = options;
    const trust = await readTrust(args, request.product, terminal);
    const connection = openConnection(invocation, {
      vendorKey: trust.key,
      patience: options.patience,
      application: basename(args.rest[0] ?? ''),
    });
    // From here on no signal ends this program before its seat is given back.
    using signals = new CaughtSignals();
    const wait = args.has('wait') && ((place: number) => trust.say(describePlace(place)));
    const regain = !stopsOnLoss;
    try {
      const seat = await acquireUnless(signals, (signal) =>
        connection.acquire({ ...request, wait, regain, signal }),
      );
      await using keeper = new SeatKeeper(seat, trust.say);
      await trust.learn(seat);
      trust.say(describeSeat(seat));
      return await runCommand(args.rest, { signals, keeper, stopsOnLoss });
    } catch (error) {
      if (signals.first !== undefined) return signalExitCode(signals.first);
      return explain(error, trust);
    }
  },
};

const describePlace = (place: number): string =>
  `All seats are in use. Waiting for one, at place ${place} in the line.`;

const describeSeat = ({ id, product, agent, weight, overdraft }: Seat): string => {
  const origin = agent?.name ?? "this computer's own license";
  const many = weight === 1 ? '' : `, ${weight} seats`;
  const beyond = overdraft ? ', beyond the count of the license' : '';
  return `Seat ${id} of ${product} held from ${origin}${many}${beyond}.`;
};

interface Options {
  readonly request: AcquireRequest;
  /** Milliseconds. */
  readonly patience: number;
  /** Whether a lost seat ends the command. */
  readonly stopsOnLoss: boolean;
}

const readOptions = ({ args }: Invocation): Options => {
  const request = readSeatRequest(args);
  const patience = Number(args.text('patience') ?? DEFAULT_PATIENCE) * 1000;
  if (!(patience > 0 && patience <= 86_400_000)) {
    throw new UsherError('WRONG_USAGE', '--patience is a number of seconds, up to a day.');
  }
  const onLoss = args.text('on-loss') ?? 'warn';
  if (onLoss !== 'warn' && onLoss !== 'stop') {
    throw new UsherError('WRONG_USAGE', `--on-loss is warn or stop, not "${onLoss}".`);
  }
  return { request, patience, stopsOnLoss: onLoss === 'stop' };
};

/** Whose licenses are believed: the vendor named, else the one remembered, else the first seen. */
interface Trust {
  readonly key: string | null;
  readonly say: (line: string) => void;
  /** What to do when another vendor's license turns up. */
  readonly advice: string;
  /** Remembers the vendor of the first seat. */
  readonly learn: (seat: Seat) => Promise<void>;
}

const readTrust = async (args: Arguments, product: string, terminal: Terminal): Promise<Trust> => {
  const say = (line: string): void => terminal.err(`${line}\n`);
  const pins = new VendorPins(userStateFolder(terminal.environment));
  const nothing = async (): Promise<void> => {};
  const named = args.text('vendor-key');
  if (named !== undefined) {
    return { key: named, say, advice: 'Check the key given with --vendor-key.', learn: nothing };
  }
  const pinned = await pins.get(product);
  const advice = `The key trusted for ${product} is remembered in ${pins.file}: remove it there only if the vendor has told you of a new one.`;
  if (pinned !== undefined) return { key: pinned, say, advice, learn: nothing };
  const learn = async ({ signer }: Seat): Promise<void> => {
    const remembered = await pins.pin(product, signer).catch((error: unknown) => error);
    say(
      remembered === undefined
        ? `Trusting the vendor key ${signer} for ${product} from now on (${pins.file}).`
        : `Trusting the vendor key ${signer} for ${product} this time: ${pins.file} cannot be written, ${systemReason(remembered)}.`,
    );
  };
  return { key: null, say, advice, learn };
};

/** A seat, unless a signal says to stop looking. */
const acquireUnless = async (
  signals: CaughtSignals,
  acquire: (signal: AbortSignal) => Promise<Seat>,
): Promise<Seat> => {
  const stop = new AbortController();
  signals.handTo(() => stop.abort());
  return acquire(stop.signal);
};

const runCommand = async (
  words: readonly string[],
  how: {
    readonly signals: CaughtSignals;
    readonly keeper: SeatKeeper;
    readonly stopsOnLoss: boolean;
  },
): Promise<number> => {
  const { signals, keeper, stopsOnLoss } = how;
  if (signals.first !== undefined) return signalExitCode(signals.first);
  const child = startCommand(words);
  signals.handTo(child.passOn);
  if (stopsOnLoss) keeper.onLost(() => child.kill('SIGTERM'));
  return child.ended;
};

const explain = (error: unknown, { say, advice }: Trust): ExitCode => {
  if (!(error instanceof SeatError)) throw error;
  say(error.message);
  say(error.code === 'untrusted-other-vendor' ? advice : error.administrator);
  return error.code === 'no-agent' ? EXIT['no agent'] : EXIT.refused;
};

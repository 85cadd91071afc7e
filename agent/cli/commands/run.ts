import { basename } from 'node:path';
import type { AcquireRequest, Seat } from '../../../protocol/client/client.ts';
import { CaughtSignals, signalExitCode, startCommand } from '../../edges/child-command.ts';
import { UsherError } from '../../usher-error.ts';
import type { Command, Invocation } from '../command.ts';
import { openConnection } from '../open-connection.ts';
import { AGENT_FLAGS, readPatience } from '../patience.ts';
import { SeatKeeper } from '../seat-keeper.ts';
import { readSeatRequest, SEAT_FLAGS } from '../seat-request.ts';
import { explainToUser, readTrust, VENDOR_KEY_FLAG } from '../vendor-trust.ts';

export const run: Command = {
  name: 'run',
  summary: 'Hold a seat while a command runs, and give it back however that ends',
  positionals: [],
  rest: 'COMMAND…',
  flags: {
    ...SEAT_FLAGS,
    wait: { kind: 'switch', summary: 'stand in line until there is a seat' },
    ...VENDOR_KEY_FLAG,
    ...AGENT_FLAGS,
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
      return explainToUser(error, trust);
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
  const patience = readPatience(args);
  const onLoss = args.text('on-loss') ?? 'warn';
  if (onLoss !== 'warn' && onLoss !== 'stop') {
    throw new UsherError('WRONG_USAGE', `--on-loss is warn or stop, not "${onLoss}".`);
  }
  return { request, patience, stopsOnLoss: onLoss === 'stop' };
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

import type { BorrowedSeat, Connection } from '../../../protocol/client/client.ts';
import { UsherError } from '../../usher-error.ts';
import { print } from '../agent-command.ts';
import { renderTable, renderTime } from '../columns.ts';
import { type Arguments, type Command, type Invocation, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { openConnection } from '../open-connection.ts';
import { AGENT_FLAGS, readPatience } from '../patience.ts';
import { readSeatRequest, SEAT_FLAGS } from '../seat-request.ts';
import { explainToUser, readTrust, VENDOR_KEY_FLAG } from '../vendor-trust.ts';

const DAY_SECONDS = 86_400;
/** Days: longer than any license allows. */
const DAYS_MAX = 3650;

export const borrow: Command = {
  name: 'borrow',
  summary: 'Take a seat along for some days, extend one that is, or list those that are',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    list: { kind: 'switch', summary: 'list the seats that are borrowed on this computer' },
    days: { kind: 'text', value: 'N', summary: 'for how long from now; 0.5 is half a day' },
    ...SEAT_FLAGS,
    ...VENDOR_KEY_FLAG,
    ...AGENT_FLAGS,
  },
  settings: ['port', 'interfaces'],
  run: async (invocation) => {
    if (invocation.args.has('list')) return listBorrowed(invocation);
    return borrowOne(invocation);
  },
};

const listBorrowed = async (invocation: Invocation): Promise<number> => {
  const { seats, troubles } = await openConnection(invocation, { vendorKey: null }).borrowed();
  for (const trouble of troubles) invocation.terminal.err(`${trouble}\n`);
  print(invocation, seats, render);
  return troubles.length === 0 ? EXIT.done : EXIT['broken data'];
};

const borrowOne = async (invocation: Invocation): Promise<number> => {
  const { args, terminal } = invocation;
  const request = { ...readSeatRequest(args), duration: readDuration(args) };
  const patience = readPatience(args);
  const trust = await readTrust(args, request.product, terminal);
  const connection = openConnection(invocation, { vendorKey: trust.key, patience });
  try {
    const seat = await connection.borrow(request);
    if (seat.signer !== null) await trust.learn({ signer: seat.signer });
    print(invocation, seat, describe);
    return EXIT.done;
  } catch (error) {
    return explainToUser(error, trust);
  }
};

const readDuration = (args: Arguments): Parameters<Connection['extend']>[1] => {
  const text = args.text('days');
  const days = Number(text);
  if (text === undefined || text === '' || !(days > 0 && days <= DAYS_MAX)) {
    throw new UsherError('WRONG_USAGE', `--days N is needed, a number up to ${DAYS_MAX}.`);
  }
  return Math.max(1, Math.round(days * DAY_SECONDS));
};

const timeOf = (until: Date | null): string =>
  until === null ? '-' : renderTime(Math.floor(until.getTime() / 1000));

const describe = ({ id, product, until }: BorrowedSeat): string =>
  `Seat ${id} of ${product} is borrowed until ${timeOf(until)}: it needs no agent until then.\n`;

const render = (seats: readonly BorrowedSeat[]): string =>
  renderTable(
    ['seat', 'product', 'class', 'until', 'from', 'state'],
    seats.map(({ id, product, class: className, until, agent, state, fault }) => [
      id,
      product,
      className || '-',
      timeOf(until),
      agent,
      state === 'borrowed' && fault !== null ? `unusable: ${fault.sentence}` : state,
    ]),
    'No seat is borrowed on this computer.',
  );

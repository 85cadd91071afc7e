import type { SeatView } from '../../core/operations.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { renderTable, renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const seatList: Command = {
  name: 'seat list',
  summary: 'List who holds which seat, since when and until when',
  positionals: [],
  flags: JSON_FLAG,
  settings: ['data'],
  run: async (invocation) => {
    const { seats } = await askRunningAgent(invocation, { kind: 'seat-list' });
    print(invocation, seats, renderSeats);
    return EXIT.done;
  },
};

const renderSeats = (seats: readonly SeatView[]): string =>
  renderTable(
    [
      'seat',
      'product',
      'class',
      'user',
      'host',
      'address',
      'process',
      'application',
      'since',
      'until',
      '',
    ],
    seats.map((seat) => [
      seat.id,
      seat.product,
      seat.class,
      seat.user,
      seat.host,
      seat.address ?? '-',
      String(seat.process),
      seat.application,
      renderTime(seat.since),
      renderTime(seat.until),
      describeSeat(seat),
    ]),
    'No seat is held.',
  );

/** What is not plain about a seat. */
const describeSeat = ({ weight, overdraft, borrowed, ending }: SeatView): string =>
  [
    ...(weight === 1 ? [] : [`${weight} seats`]),
    ...(overdraft ? ['beyond the count'] : []),
    ...(borrowed === null ? [] : [`borrowed until ${renderTime(borrowed)}`]),
    ...(ending === null ? [] : [ending]),
  ].join(', ');

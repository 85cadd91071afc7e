import type { SeatView, WaiterView } from '../../core/operations.ts';
import { askRunningAgent, print } from '../agent-command.ts';
import { type Column, renderFitting, renderTime } from '../columns.ts';
import { type Command, JSON_FLAG } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const seatList: Command = {
  name: 'seat list',
  summary: 'List who holds which seat, since when and until when, or who waits for one',
  positionals: [],
  flags: {
    ...JSON_FLAG,
    queue: { kind: 'switch', summary: 'list who waits for a seat, in order' },
  },
  settings: ['data'],
  run: async (invocation) => {
    const { args, terminal } = invocation;
    if (args.has('queue')) {
      const { waiters } = await askRunningAgent(invocation, { kind: 'seat-queue' });
      print(invocation, waiters, () =>
        renderFitting(WAITER_COLUMNS, waiters, terminal.columns, 'Nobody waits for a seat.'),
      );
      return EXIT.done;
    }
    const { seats } = await askRunningAgent(invocation, { kind: 'seat-list' });
    print(invocation, seats, () => renderSeats(seats, terminal.columns));
    return EXIT.done;
  },
};

const renderSeats = (seats: readonly SeatView[], width: number): string => {
  const first = firstBySeat(seats);
  const table = renderFitting(seatColumns(first), seats, width, 'No seat is held.');
  return seats.length === 0 ? table : `${table}\n${renderTotals(seats, first)}`;
};

/** Seats are not rows: some have several seats, and some share theirs. */
const renderTotals = (seats: readonly SeatView[], first: FirstOf): string => {
  const products = [...new Set(seats.map(({ product }) => product))].sort();
  const lines = products.map((product) => {
    const rows = seats.filter((one) => one.product === product);
    const counted = rows.filter((row) => first(row) === row);
    const total = counted.reduce((sum, { weight }) => sum + weight, 0);
    return `${product}: ${count(total, 'seat')} in use by ${count(rows.length, 'client')}.\n`;
  });
  return lines.join('');
};

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The first row of those that share the seats of one; who shares none is the first. */
type FirstOf = (seat: SeatView) => SeatView;

const firstBySeat = (seats: readonly SeatView[]): FirstOf => {
  const first = new Map<number, SeatView>();
  for (const seat of seats) {
    if (seat.shared !== null && !first.has(seat.shared)) first.set(seat.shared, seat);
  }
  return (seat) => (seat.shared === null ? seat : (first.get(seat.shared) ?? seat));
};

/** On a narrow terminal it is who and until when that people look for. */
const seatColumns = (first: FirstOf): readonly Column<SeatView>[] => [
  { heading: 'seat', cell: ({ id }) => id },
  { heading: 'product', cell: ({ product }) => product, dispensable: 7 },
  { heading: 'class', cell: (seat) => seat.class, dispensable: 4 },
  { heading: 'user', cell: ({ user }) => user },
  { heading: 'host', cell: ({ host }) => host },
  { heading: 'address', cell: ({ address }) => address ?? '-', dispensable: 2 },
  { heading: 'process', cell: (seat) => String(seat.process), dispensable: 1 },
  { heading: 'application', cell: ({ application }) => application, dispensable: 5 },
  { heading: 'since', cell: ({ since }) => renderTime(since), dispensable: 3 },
  { heading: 'until', cell: ({ until }) => renderTime(until), dispensable: 6 },
  { heading: '', cell: (seat) => unusual(seat, first(seat)).join(', ') },
];

/** What most seats are not. */
const unusual = (
  { id, weight, shared, overdraft, borrowed, ending }: SeatView,
  first: SeatView,
): readonly string[] => [
  ...(weight > 1 ? [`${weight} seats`] : []),
  ...(shared === null ? [] : [first.id === id ? 'shared' : `the same as ${first.id}`]),
  ...(overdraft ? ['overdraft'] : []),
  ...(borrowed === null ? [] : [`borrowed until ${renderTime(borrowed)}`]),
  ...(ending === null ? [] : [ending]),
];

const WAITER_COLUMNS: readonly Column<WaiterView>[] = [
  { heading: 'place', cell: ({ turn, ahead }) => (turn ? 'its turn' : String(ahead + 1)) },
  { heading: 'product', cell: ({ product }) => product },
  { heading: 'class', cell: (waiter) => waiter.class, dispensable: 4 },
  { heading: 'resource', cell: ({ resource }) => resource ?? '-', dispensable: 3 },
  { heading: 'user', cell: ({ user }) => user },
  { heading: 'host', cell: ({ host }) => host },
  { heading: 'application', cell: ({ application }) => application, dispensable: 5 },
  { heading: 'address', cell: ({ address }) => address ?? '-', dispensable: 2 },
  { heading: 'process', cell: (waiter) => String(waiter.process), dispensable: 1 },
  { heading: 'seats', cell: ({ weight }) => String(weight), dispensable: 6 },
  { heading: 'priority', cell: ({ priority }) => String(priority), dispensable: 7 },
  { heading: 'waits for', cell: ({ waited }) => `${waited} s` },
];

/**
 * Many clients in one process, who take seats, hold them for a while and give them back:
 * `node crowd-process.js NAME CLIENTS SECONDS`. Prints what each believes, and when it began and ceased
 * to, as lines of JSON; the time is that of this computer's one monotonic clock. A third of them work
 * from the first seat to the end.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Seat } from '../../protocol/client/client.ts';
import { timerMs } from '../../protocol/node/clock.ts';
import type { Mark } from './beliefs.ts';

const [name = '', clients = '1', seconds = '10'] = process.argv.slice(2);
/** Milliseconds that a seat is held, and that nothing is wanted after it, on average. */
const WORK_MS = 4000;
const REST_MS = 500;

const end = timerMs() + Number(seconds) * 1000;

const mark = (client: string, kind: Mark['kind'], lease: string, why = ''): void =>
  void process.stdout.write(`${JSON.stringify({ at: timerMs(), client, kind, lease, why })}\n`);

/** Holds the seat for so long, and says what it believes of it meanwhile. */
const work = async (client: string, seat: Seat, length: number): Promise<void> => {
  const { id } = seat;
  mark(client, 'begins', id, seat.agent?.name ?? '');
  let believes = true;
  let isOver = false;
  const stop = seat.onNews((news) => {
    if (news.kind === 'lost' && believes) mark(client, 'ceases', seat.id, news.explanation.code);
    if (news.kind === 'lost') believes = false;
    if (news.kind === 'lost' && !news.regaining) isOver = true;
    if (news.kind === 'held' && !believes) mark(client, 'begins', seat.id);
    else if (news.kind === 'held') mark(client, 'hears', seat.id, seat.agent?.name ?? '');
    if (news.kind === 'held') believes = true;
    if (news.kind === 'unreachable') mark(client, 'hears-nothing', seat.id);
  });
  const until = Math.min(end, timerMs() + length);
  while (!isOver && timerMs() < until) await sleep(Math.min(200, Math.max(1, until - timerMs())));
  stop();
  if (believes) mark(client, 'ceases', seat.id, 'done');
  await seat.release();
};

const live = async (client: string, isLasting: boolean): Promise<void> => {
  const connection = connect({ vendorKey: null, patience: 2000, application: client });
  while (timerMs() < end) {
    const seat = await connection.acquire({ product: 'acme' }).catch((error: unknown) => {
      mark(client, 'fails', '', error instanceof Error ? error.message : String(error));
      return undefined;
    });
    const length = isLasting ? Number.POSITIVE_INFINITY : -Math.log(Math.random()) * WORK_MS;
    if (seat !== undefined) await work(client, seat, length);
    await sleep(Math.min(Math.random() * 2 * REST_MS, Math.max(0, end - timerMs())));
  }
};

console.log('working');
await Promise.all(
  Array.from({ length: Number(clients) }, (_, i) => live(`${name}.${i + 1}`, i % 3 === 0)),
);
process.exit();

import { once } from 'node:events';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Connection, connect, SeatError } from '../../protocol/client/client.ts';
import type { License } from '../../protocol/license.ts';
import { BorrowStore } from '../../protocol/node/borrow-store.ts';
import { seconds } from '../../protocol/units.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { LOOPBACK, Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { until } from './until.ts';
import { DAY } from './vendor.ts';

const oneSeat: Partial<License> = {
  pools: [poolOf(1)],
  borrow: { seats: 1, longest: seconds(30 * DAY) },
};

/** The library as an application uses it, with a state folder of its own: it is read once. */
const libraryOf = (site: Site): Connection => {
  const before = process.env['XDG_STATE_HOME'];
  process.env['XDG_STATE_HOME'] = site.file('state');
  try {
    return connect({
      vendorKey: site.vendor.key,
      interfaces: [LOOPBACK],
      port: site.port,
      patience: 2000,
    });
  } finally {
    if (before === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = before;
  }
};

const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (error: unknown) => (error instanceof SeatError ? error.code : String(error)),
  );

const product = 'acme-cad';

story('a probe says what an acquire would be answered, and takes nothing', async () => {
  await using site = await Site.lending(oneSeat);
  const library = libraryOf(site);
  const outlook = await library.probe({ product });
  assert.equal(outlook, { refusal: null, inUse: 0, seats: 1, overdraft: false });
  assert.equal(await site.seats(), []);
  await using _ = await library.acquire({ product });
  const full = await library.probe({ product });
  assert.is(full.refusal?.code, 'no-seat');
  assert.equal([full.inUse, full.seats], [1, 1]);
});

story('a borrowed seat is lost at its end, and the application is told', async () => {
  await using site = await Site.lending(oneSeat);
  const library = libraryOf(site);
  const borrowed = await library.borrow({ product, duration: 12 });
  await using seat = await library.acquire({ product });
  assert.is(seat.id, borrowed.id);
  assert.ok(seat.isHeld);
  assert.is(seat.until.getTime(), borrowed.until?.getTime());
  // Its own timer keeps no process from ending; this story waits for it.
  const awake = setInterval(() => {}, 1000);
  if (!seat.lost.aborted) await once(seat.lost, 'abort');
  clearInterval(awake);
  assert.not(seat.isHeld);
  assert.is(seat.lost.reason.code, 'borrowed-ended');
  const [listed] = (await library.borrowed()).seats;
  assert.is(listed?.fault?.code, 'borrowed-ended');
});

story('a seat is extended by its id, and an unknown one is not', async () => {
  await using site = await Site.lending(oneSeat);
  const library = libraryOf(site);
  const { id, until } = await library.borrow({ product, duration: DAY });
  const later = await library.extend(id, 2 * DAY);
  assert.is(later.id, id);
  assert.ok(Number(later.until) > Number(until));
  assert.is(await codeOf(library.extend('nobody', DAY)), 'not-borrowed');
  assert.is(await codeOf(library.extend(id, 31 * DAY)), 'borrow-too-long');
  assert.equal((await library.returnBorrowed(id))[0]?.kind, 'returned');
});

story('a seat in use is not returned, and one of another wish is not used', async () => {
  await using site = await Site.lending({ ...oneSeat, features: ['drawing'], pools: [poolOf(2)] });
  const library = libraryOf(site);
  const { id } = await library.borrow({ product, duration: DAY, features: ['drawing'] });
  const seat = await library.acquire({ product });
  assert.is(seat.id, id);
  assert.is(await codeOf(library.returnBorrowed(id)), 'borrowed-in-use');
  assert.is(await codeOf(library.acquire({ product, features: ['rendering'] })), 'no-feature');
  await using second = await library.acquire({ product });
  assert.is.not(second.id, id, 'the borrowed one is in use: this one is lent');
  await seat.release();
  assert.equal((await library.returnBorrowed(id))[0]?.kind, 'returned');
  assert.is((await site.seats()).length, 1);
});

story('what was left behind in the middle of borrowing is given back by the next use', async () => {
  await using site = await Site.lending(oneSeat);
  const library = libraryOf(site);
  const { id } = await library.borrow({ product, duration: DAY });
  const [stored] = new BorrowStore(site.file(join('state', 'usher', 'borrowed'))).list().seats;
  stored?.change({ state: 'asking', borrowing: null });
  await library.borrowed();
  await site.seatsBecome(0);
  await until('the file is gone', async () =>
    (await codeOf(library.returnBorrowed(id))) === 'not-borrowed' ? true : undefined,
  );
});

tellStories();

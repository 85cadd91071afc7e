import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DAY, HOUR, OTHERS, UsageTables } from '../../../../agent/core/usage/usage-tables.ts';
import { readUsage } from '../../../../agent/edges/history/usage-reading.ts';
import { UsageShelf } from '../../../../agent/edges/history/usage-shelf.ts';
import { StoreDouble } from './store-double.ts';

const TODAY = 20_000;

/** Some use in an hour of a day. */
const use = (day: number, hour: number, seats: number, user = 'ann'): UsageTables => {
  const tables = new UsageTables();
  const row = tables.hour((day * DAY) / HOUR + hour).row('acme-cad', 'generic');
  row.peak = seats;
  row.licensed = 10;
  row.seatSeconds = seats * HOUR;
  row.counts.granted = seats;
  row.refusals.set('no-seat', 1);
  const person = tables.day('user', day).row('acme-cad', user);
  person.seatSeconds = seats * HOUR;
  return tables;
};

const put = async (
  shelf: UsageShelf,
  store: StoreDouble,
  tables: UsageTables,
  today = TODAY,
): Promise<void> => store.write(await shelf.plan(store, tables, today));

const totals = async (store: StoreDouble) => {
  const range = { from: 0, to: TODAY, byHour: false };
  const { pools, people } = await readUsage(store, range);
  const sums = { granted: 0, refused: 0, seconds: 0, peak: 0, people: 0 };
  for (const rows of pools.values()) {
    for (const row of rows.values()) {
      sums.granted += row.counts.granted;
      sums.refused += row.refusals.get('no-seat') ?? 0;
      sums.seconds += row.seatSeconds;
      sums.peak = Math.max(sums.peak, row.peak);
    }
  }
  for (const row of people.user.values()) sums.people += row.seatSeconds;
  return sums;
};

const USES = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 5 }), fc.nat(23), fc.integer({ min: 1, max: 9 })),
  { minLength: 1, maxLength: 30 },
);

test('what was put in piece by piece adds up, whether its hours were folded since or not', async () => {
  await fc.assert(
    fc.asyncProperty(USES, fc.constantFrom(400, 1000, 2000, 1_000_000), async (uses, bytesMax) => {
      const store = new StoreDouble();
      const shelf = new UsageShelf({ bytesMax, daysMax: 548 });
      const naive = { granted: 0, refused: 0, seconds: 0, peak: 0, people: 0 };
      for (const [ago, hour, seats] of uses) {
        await put(shelf, store, use(TODAY - ago, hour, seats));
        naive.granted += seats;
        naive.refused++;
        naive.seconds += seats * HOUR;
        naive.peak = Math.max(naive.peak, seats);
        naive.people += seats * HOUR;
      }
      assert.is(shelf.bytes, store.size('usage/'));
      const found = await totals(store);
      // Where folding was not enough whole days are dropped, or their people.
      if (bytesMax < 1_000_000 && found.people < naive.people) naive.people = found.people;
      if (found.granted === naive.granted) assert.equal(found, naive);
      else assert.ok(found.granted < naive.granted && bytesMax < 1_000_000);
    }),
  );
});

test('where there is no room the oldest hours are folded into days first, then days are dropped', async () => {
  const store = new StoreDouble();
  const roomy = new UsageShelf();
  for (let ago = 40; ago >= 0; ago--) {
    for (let hour = 8; hour < 18; hour++) await put(roomy, store, use(TODAY - ago, hour, hour));
  }
  const all = await totals(store);
  const bytesMax = 12_000;
  assert.ok(store.size('usage/') > bytesMax);
  const tight = new UsageShelf({ bytesMax, daysMax: 548 });
  tight.restored(store.entries());
  for (let n = 0; n < 20; n++) await put(tight, store, use(TODAY, 20, 1));
  assert.ok(store.size('usage/') <= bytesMax);
  assert.is(tight.bytes, store.size('usage/'));
  const daily = store.entries().filter(([key]) => key.includes('/daily/'));
  assert.ok(daily.length > 5, 'old days are kept as sums');
  const found = await totals(store);
  assert.equal([found.granted, found.peak], [all.granted + 20, all.peak], 'nothing was lost by it');
  const smaller = new UsageShelf({ bytesMax: 2000, daysMax: 548 });
  smaller.restored(store.entries());
  for (let n = 0; n < 20; n++) await put(smaller, store, use(TODAY, 20, 1));
  assert.ok(store.size('usage/') <= 2000);
  const left = await readUsage(store, { from: 0, to: TODAY, byHour: false });
  assert.ok(left.pools.has(TODAY * DAY), 'the newest day is there');
  assert.not.ok(left.pools.has((TODAY - 40) * DAY), 'the oldest is not');
});

test('what is older than 18 months goes', async () => {
  const store = new StoreDouble();
  const shelf = new UsageShelf();
  await put(shelf, store, use(TODAY - 548, 1, 1), TODAY - 548);
  await put(shelf, store, use(TODAY, 1, 1));
  assert.is(store.entries().length, 4);
  await put(shelf, store, use(TODAY + 1, 1, 1), TODAY + 1);
  assert.ok(store.entries().every(([key]) => !key.includes(String(TODAY - 548))));
  assert.is(shelf.bytes, store.size('usage/'));
});

test('no value is longer than a backup carries, and no sum is lost for it', async () => {
  const store = new StoreDouble();
  const shelf = new UsageShelf();
  const tables = new UsageTables();
  // Names that cannot be compressed.
  let seed = 1;
  const letter = (): string => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCodePoint(0x4e00 + (seed % 20_000));
  };
  for (let n = 0; n < 2000; n++) {
    const name = Array.from({ length: 120 }, letter).join('');
    tables.day('user', TODAY).row('acme-cad', name).seatSeconds = n;
  }
  await put(shelf, store, tables);
  for (const [, value] of store.entries()) assert.ok(value.length <= 60_000);
  const { people } = await readUsage(store, { from: TODAY, to: TODAY, byHour: false });
  let sum = 0;
  for (const row of people.user.values()) sum += row.seatSeconds;
  assert.is(sum, (1999 * 2000) / 2);
  assert.ok(people.user.row(OTHERS, OTHERS).seatSeconds > 0);
});

test.run();

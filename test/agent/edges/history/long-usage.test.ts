import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DAY, HOUR, UsageTables } from '../../../../agent/core/usage/usage-tables.ts';
import { readUsage } from '../../../../agent/edges/history/usage-reading.ts';
import { UsageShelf } from '../../../../agent/edges/history/usage-shelf.ts';
import { StoreDouble } from './store-double.ts';

const FIRST = 20_000;
/** 18 months and some weeks. */
const DAYS = 570;
const KEPT = 548;
const BYTES_MAX = 16_777_216;
const CLASSES = 20;
const PEOPLE = 400;
const WORKING_HOURS = 12;

/** A day of an office with many products and people: who is there, changes by day. */
const dayOf = (day: number): UsageTables => {
  const tables = new UsageTables();
  for (let hour = 8; hour < 8 + WORKING_HOURS; hour++) addHour(tables, day, hour);
  return tables;
};

const addHour = (tables: UsageTables, day: number, hour: number): void => {
  const hours = tables.hour((day * DAY) / HOUR + hour);
  for (let i = 0; i < CLASSES; i++) {
    const row = hours.row(`product-${i >> 1}`, i % 2 === 0 ? 'developer' : 'generic');
    const noise = (day * 7919 + hour * 104_729 + i * 1_299_709) % 997;
    row.peak = noise % 50;
    row.licensed = 50;
    row.seatSeconds = noise * 90;
    row.fullSeconds = noise > 900 ? noise : 0;
    row.counts.granted = noise;
    row.counts.released = noise;
    if (noise % 10 === 0) row.refusals.set('no-seat', 1 + (noise % 7));
  }
  for (let n = hour; n < PEOPLE; n += WORKING_HOURS) {
    const person = tables
      .day('user', day)
      .row(`product-${n % 10}`, `user-${(n * 31 + day) % PEOPLE}`);
    person.seatSeconds += 1000 + ((n * day) % 20_000);
    person.granted++;
  }
};

test('a year and a half of a busy office is kept within its size, and what is older goes', async () => {
  const store = new StoreDouble();
  const shelf = new UsageShelf();
  let most = 0;
  let granted = 0;
  for (let day = FIRST; day < FIRST + DAYS; day++) {
    const tables = dayOf(day);
    store.write(await shelf.plan(store, tables, day));
    for (const rows of day <= FIRST + DAYS - 1 - KEPT ? [] : tables.hours.values()) {
      for (const row of rows.values()) granted += row.counts.granted;
    }
    most = Math.max(most, shelf.bytes);
  }
  const last = FIRST + DAYS - 1;
  assert.is(shelf.bytes, store.size('usage/'));
  assert.ok(most <= BYTES_MAX, `${most} bytes`);
  const { pools, people } = await readUsage(store, { from: FIRST, to: last, byHour: false });
  const days = [...pools.keys()].map((start) => start / DAY).sort((one, other) => one - other);
  assert.ok(
    last - (days[0] ?? 0) >= KEPT - 1,
    `the oldest is of ${last - (days[0] ?? 0)} days ago`,
  );
  assert.ok(last - (days[0] ?? 0) <= KEPT, 'what is older has gone');
  let sum = 0;
  for (const [start, rows] of pools) {
    if (start / DAY <= last - KEPT) continue;
    for (const row of rows.values()) sum += row.counts.granted;
  }
  assert.is(sum, granted, 'nothing within that time is missing');
  assert.ok([...people.user.values()].length >= PEOPLE);
  console.log(
    `18 months of ${CLASSES} classes and ${PEOPLE} people take ${Math.round(most / 1024)} KiB`,
  );
});

test.run();

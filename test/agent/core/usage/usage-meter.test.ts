import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Note } from '../../../../agent/core/notes.ts';
import { addSpan, UsageMeter } from '../../../../agent/core/usage/usage-meter.ts';
import { DAY, HOUR, OTHERS, UsageTables } from '../../../../agent/core/usage/usage-tables.ts';
import type { LeaseId, LicenseId } from '../../../../protocol/ids.ts';
import { epochSeconds, instant, type Moment, seconds } from '../../../../protocol/units.ts';
import { ANN } from '../agent-rig.ts';

const START = 1_800_000_000;

/** Both clocks after so many seconds. */
const at = (time: number): Moment => ({
  mono: instant(time * 1000),
  wall: epochSeconds(START + time),
});

const level = (lent: number, licensed = 10) => ({
  product: 'acme-cad',
  class: 'generic',
  lent,
  licensed,
});

const sum = (tables: UsageTables, what: 'seatSeconds' | 'fullSeconds'): number => {
  let total = 0;
  for (const rows of tables.hours.values()) for (const row of rows.values()) total += row[what];
  return total;
};

const STEPS = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 9000 }), lent: fc.integer({ min: 0, max: 12 }) }),
  { minLength: 1, maxLength: 30 },
);

test('seats times seconds are what counting every second would give, hour by hour', () => {
  fc.assert(
    fc.property(STEPS, fc.array(fc.nat(30)), (steps, takings) => {
      const meter = new UsageMeter();
      const tables = new UsageTables();
      const naive = new Map<number, { seats: number; full: number; peak: number }>();
      let time = 0;
      let lent = 0;
      for (const [i, step] of steps.entries()) {
        for (let n = 0; n < step.wait; n++) {
          const hour = Math.floor((START + time + n) / HOUR);
          const seen = naive.get(hour) ?? { seats: 0, full: 0, peak: 0 };
          seen.seats += lent;
          seen.full += lent >= 10 ? 1 : 0;
          seen.peak = Math.max(seen.peak, lent);
          naive.set(hour, seen);
        }
        time += step.wait;
        lent = step.lent;
        meter.look([level(lent)], at(time));
        const hour = Math.floor((START + time) / HOUR);
        const seen = naive.get(hour) ?? { seats: 0, full: 0, peak: 0 };
        naive.set(hour, { ...seen, peak: Math.max(seen.peak, lent) });
        // Taken out at any time and added up, it is the same.
        if (takings.includes(i)) tables.add(meter.take(at(time)));
      }
      tables.add(meter.take(at(time)));
      for (const [hour, { seats, full, peak }] of naive) {
        const row = tables.hour(hour).row('acme-cad', 'generic');
        assert.equal([row.seatSeconds, row.fullSeconds, row.peak], [seats, full, peak]);
      }
    }),
  );
});

test('a clock that is set counts no time that has not passed', () => {
  const meter = new UsageMeter();
  meter.look([level(3)], at(0));
  const jumped = { mono: instant(10_000), wall: epochSeconds(START + 40 * DAY) };
  assert.is(sum(meter.take(jumped), 'seatSeconds'), 30);
  const back = { mono: instant(20_000), wall: epochSeconds(START - DAY) };
  assert.is(sum(meter.take(back), 'seatSeconds'), 30);
});

test('pools of one class are counted together, and a class without a limit is never full', () => {
  const meter = new UsageMeter();
  meter.look([level(3, 3), level(1, 2)], at(0));
  assert.is(sum(meter.take(at(10)), 'fullSeconds'), 0);
  meter.look([level(3, 3), level(2, 2)], at(10));
  const tables = meter.take(at(20));
  assert.is(sum(tables, 'fullSeconds'), 10);
  const [rows] = tables.hours.values();
  assert.equal([rows?.row('acme-cad', 'generic').peak, rows?.size], [5, 1]);
});

test('whoever nothing is lent to leaves nothing', () => {
  const meter = new UsageMeter();
  meter.look([level(0)], at(0));
  meter.look([level(0, 11)], at(9000));
  assert.ok(meter.take(at(90_000)).isEmpty);
  assert.not(meter.isRunning);
});

const SPANS = fc.array(
  fc.record({
    user: fc.constantFrom('ann', 'bob', 'cat'),
    since: fc.integer({ min: 0, max: 5 * DAY }),
    length: fc.integer({ min: 0, max: 3 * DAY }),
    seats: fc.integer({ min: 1, max: 4 }),
    idle: fc.integer({ min: 0, max: 4 * DAY }),
  }),
  { maxLength: 20 },
);

test('the time of leases is divided among days, and none of it is lost', () => {
  fc.assert(
    fc.property(SPANS, (spans) => {
      const tables = new UsageTables();
      const naive = new Map<string, number>();
      let idle = 0;
      for (const { user, since, length, seats, idle: said } of spans) {
        const until = START + since + length;
        addSpan(tables, {
          product: 'acme-cad',
          user,
          host: 'desk',
          seats,
          since: START + since,
          until,
          idle: said,
        });
        if (length > 0) idle += Math.min(said, length) * seats;
        for (let time = START + since; time < until; ) {
          const day = Math.floor(time / DAY);
          const next = Math.min(until, (day + 1) * DAY);
          const key = `${day} ${user}`;
          naive.set(key, (naive.get(key) ?? 0) + (next - time) * seats);
          time = next;
        }
      }
      const found = new Map<string, number>();
      let foundIdle = 0;
      for (const [day, rows] of tables.days.user) {
        for (const row of rows.values()) {
          found.set(`${day} ${row.name}`, row.seatSeconds);
          foundIdle += row.idleSeconds;
        }
      }
      assert.equal(found, naive);
      assert.is(foundIdle, idle);
    }),
  );
});

const NOTE = {
  lease: 'x' as LeaseId,
  license: 'y' as LicenseId,
  product: 'acme-cad',
  class: 'generic',
  seats: 2,
  since: epochSeconds(START),
  holder: ANN,
  overdraft: true,
  borrowed: true,
  idle: seconds(5),
} as const;

test('what is said of seats is counted by its kind, and time goes to the user and the host', () => {
  const meter = new UsageMeter();
  const kinds = [
    'seat-granted',
    'seat-borrowed',
    'seat-released',
    'seat-lapsed',
    'seat-disconnected',
    'seat-recalled',
    'seat-ending',
  ] as const;
  for (const kind of kinds) meter.note({ kind, ...NOTE }, at(100));
  const asked = { product: 'acme-cad', class: 'generic', holder: ANN };
  meter.note({ kind: 'seat-awaited', ...asked }, at(100));
  meter.note({ kind: 'seat-refused', code: 'no-seat', ...asked }, at(100));
  const tables = meter.take(at(100));
  const row = tables.hour(Math.floor((START + 100) / HOUR)).row('acme-cad', 'generic');
  assert.equal(row.counts, {
    granted: 1,
    released: 1,
    lapsed: 1,
    taken: 2,
    borrowed: 1,
    returned: 1,
    overdraft: 1,
    awaited: 1,
  });
  assert.equal([...row.refusals], [['no-seat', 1]]);
  for (const [people, name] of [
    ['user', 'ann'],
    ['host', 'desk'],
  ] as const) {
    const person = tables.day(people, Math.floor(START / DAY)).row('acme-cad', name);
    // Four of them have ended.
    assert.equal(
      [person.seatSeconds, person.idleSeconds, person.granted, person.refused],
      [4 * 2 * 100, 4 * 2 * 5, 1, 1],
    );
  }
});

test('names that were made up fill half of a table, real ones the rest, and then come the others', () => {
  const meter = new UsageMeter();
  const note = (kind: 'seat-refused' | 'seat-granted', n: number): Note => {
    const holder = { ...ANN, user: `${kind}-${n}` };
    return kind === 'seat-granted'
      ? { kind, ...NOTE, holder }
      : { kind, code: 'no-license', product: `p${n}`, class: 'generic', holder };
  };
  for (let n = 0; n < 5000; n++) meter.note(note('seat-refused', n), at(0));
  for (let n = 0; n < 5000; n++) meter.note(note('seat-granted', n), at(0));
  const tables = meter.take(at(0));
  const users = tables.day('user', Math.floor(START / DAY));
  assert.is(users.size, 2000);
  assert.equal(
    [users.row(OTHERS, OTHERS).refused, users.row(OTHERS, OTHERS).granted],
    [4000, 4001],
  );
  const pools = tables.hour(Math.floor(START / HOUR));
  assert.is(pools.size, 130);
  let refused = 0;
  for (const { refusals } of pools.values()) refused += refusals.get('no-license') ?? 0;
  assert.is(refused, 5000);
});

test.run();

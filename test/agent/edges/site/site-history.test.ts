import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditLine } from '../../../../agent/core/operations.ts';
import {
  decodePersons,
  decodePools,
  encodePersons,
  encodePools,
} from '../../../../agent/core/usage/usage-record.ts';
import {
  DAY,
  type UsageAnswer,
  type UsageRange,
} from '../../../../agent/core/usage/usage-report.ts';
import { emptyPerson, emptyPool } from '../../../../agent/core/usage/usage-row.ts';
import { DAYS_KEPT, SiteHistory } from '../../../../agent/edges/site/site-history.ts';
import { RegisterBench, SILENT } from '../../core/site/register-bench.ts';

const TODAY = 20_000;

/** Seats of a product that were lent at most, and granted, on one day. */
const pools = (peak: number, granted: number): string => {
  const row = emptyPool('acme-cad', 'generic');
  row.peak = peak;
  row.licensed = 10;
  row.seatSeconds = 100 * granted;
  row.counts.granted = granted;
  return encodePools([row]);
};

const persons = (...names: readonly string[]): string =>
  encodePersons(
    names.map((name, i) => ({ ...emptyPerson('acme-cad', name), seatSeconds: 10 + i, granted: 1 })),
  );

class Rig {
  readonly register = new RegisterBench();
  isDeaf = false;
  day = TODAY;
  writes = 0;

  member(name: string, days: ReadonlyMap<number, UsageAnswer>, lines: readonly AuditLine[] = []) {
    const usage = async ({ from, to }: UsageRange) => {
      const within = [...days].filter(([day]) => day >= from && day <= to);
      return {
        pools: within.flatMap(([, one]) => one.pools),
        user: within.map(([, one]) => one.user)[0] ?? persons(),
        host: persons(),
      };
    };
    return new SiteHistory({
      me: name.padEnd(16, '0'),
      name: () => name,
      wall: () => this.day * DAY + 3600,
      ask: async (ask) => {
        if (this.isDeaf) return SILENT;
        this.writes += ask.writes.filter(({ value }) => value !== null).length;
        return this.register.transact(ask);
      },
      views: {
        usage,
        async *days(from: number, to: number) {
          for (let day = from; day <= to; day++)
            yield [day, await usage({ from: day, to: day, byHour: false })] as const;
        },
        changes: async () => lines.filter(({ what }) => !what.startsWith('seat-')),
        async *audit(since: number) {
          yield* lines.filter(({ at }) => at >= since);
        },
      },
    });
  }
}

const dayOf = (day: number, peak: number, granted: number, ...users: readonly string[]) =>
  [
    day,
    { pools: [[day * DAY, pools(peak, granted)]], user: persons(...users), host: persons() },
  ] as const;

const line = (at: number, what: string): AuditLine => ({
  sequence: at,
  at,
  who: 'anna',
  what,
  detail: 'x',
});

const RANGE = { from: TODAY - 30, to: TODAY, byHour: false };

test('days of all members are in each report: what was granted adds up, and peaks at most', async () => {
  const rig = new Rig();
  const one = rig.member('box-1', new Map([dayOf(TODAY - 1, 2, 3, 'ann')]));
  const other = rig.member(
    'box-2',
    new Map([dayOf(TODAY - 1, 4, 5, 'ann', 'bob'), dayOf(TODAY, 1, 1)]),
  );
  await other.tell();
  const answer = await one.usage(RANGE);
  assert.equal(answer.members, ['box-2']);
  const rows = answer.pools.map(([start, text]) => [start / DAY, decodePools(text)[0]] as const);
  assert.equal(
    rows.map(([day, row]) => [
      day,
      row?.peak,
      row?.licensed,
      row?.seatSeconds,
      row?.counts.granted,
    ]),
    [
      [TODAY - 1, 6, 10, 800, 8],
      [TODAY, 1, 10, 100, 1],
    ],
  );
  assert.equal(
    decodePersons(answer.user).map(({ name, granted }) => [name, granted]),
    [
      ['ann', 2],
      ['bob', 1],
    ],
  );
  const own = await one.usage({ from: TODAY, to: TODAY, byHour: true });
  assert.equal([own.members, own.pools], [null, []], 'hours are of each alone');
});

test('what was told is not told again, and what is too old is forgotten', async () => {
  const rig = new Rig();
  const days = new Map([dayOf(TODAY, 1, 1)]);
  const one = rig.member('box-1', days);
  await one.tell();
  assert.is(rig.writes, 2, 'a day, and the changes');
  await one.tell();
  assert.is(rig.writes, 2);
  rig.day = TODAY + DAYS_KEPT;
  await one.tell();
  const keys = [...rig.register.kept.keys()];
  assert.ok(!keys.some((key) => key.includes(`/${TODAY}/`)), keys.join());
});

test('many users are told as those who had seats the longest, in a value that stays small', async () => {
  const rig = new Rig();
  const names = Array.from({ length: 5000 }, (_, i) => `user-${(i * 7919) % 5000}`);
  const one = rig.member('box-1', new Map([dayOf(TODAY, 1, 1, ...names)]));
  await one.tell();
  for (const { value } of rig.register.kept.values()) assert.ok(value.length <= 8192);
  const { user } = await rig.member('box-2', new Map()).usage(RANGE);
  const told = decodePersons(user);
  assert.ok(told.length > 100 && told.length < 5000, String(told.length));
  assert.ok(told.some(({ name }) => name === names.at(-1)));
});

test('changes of all members stand in one order, each with its name; seats are not told', async () => {
  const rig = new Rig();
  const at = TODAY * DAY;
  const one = rig.member('box-1', new Map(), [
    line(at + 1, 'seat-granted'),
    line(at + 5, 'rules-edit'),
  ]);
  const other = rig.member('box-2', new Map(), [
    line(at + 2, 'license-add'),
    line(at + 3, 'seat-granted'),
    line(at + 9, 'rules-edit'),
  ]);
  await other.tell();
  const shown: string[] = [];
  for await (const { member, what } of one.audit(0)) shown.push(`${member} ${what}`);
  assert.equal(shown, [
    'box-1 seat-granted',
    'box-2 license-add',
    'box-1 rules-edit',
    'box-2 rules-edit',
  ]);
  const later: string[] = [];
  for await (const { member, what } of one.audit(at + 6)) later.push(`${member} ${what}`);
  assert.equal(later, ['box-2 rules-edit']);
});

test('without the register a member shows what is its own, and says so', async () => {
  const rig = new Rig();
  const one = rig.member('box-1', new Map([dayOf(TODAY, 1, 1)]), [line(TODAY * DAY, 'rules-edit')]);
  rig.isDeaf = true;
  await one.stop();
  const answer = await one.usage(RANGE);
  assert.equal([answer.members, answer.pools.length], [null, 1]);
  const shown: unknown[] = [];
  for await (const entry of one.audit(0)) shown.push(entry);
  assert.is(shown.length, 1);
  rig.isDeaf = false;
  await one.tell();
  assert.is(rig.writes, 2, 'it is told later');
  rig.register.write(`history/usage/${TODAY}/stranger`, new Uint8Array([1, 2, 3]));
  rig.register.write('history/changes/stranger', new Uint8Array([1, 2, 3]));
  assert.equal((await one.usage(RANGE)).members, [], 'what cannot be read is left out');
});

test.run();

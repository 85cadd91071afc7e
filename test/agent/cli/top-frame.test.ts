import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Paper, renderTop, type TopView } from '../../../agent/cli/top-frame.ts';
import type {
  LicenseView,
  SeatView,
  StatusView,
  WaiterView,
} from '../../../agent/core/operations.ts';

const NOW = 1_800_000_000;

const status = {
  version: '0.1.0',
  name: 'front-desk',
  host: 'physical',
  store: 'working',
  storeTrouble: null,
  site: null,
  leases: 200,
  waiting: 1,
  clock: { behind: 0, judged: NOW },
  rules: { count: 0, inForce: true, lastGood: false, faults: [] },
} as unknown as StatusView;

const license = (product: string, classes: readonly (readonly [string, number, number])[]) =>
  ({
    product,
    type: 'floating',
    state: 'active',
    refusal: null,
    lent: classes.reduce((sum, [, lent]) => sum + lent, 0),
    pools: classes.map(([name, lent, licensed]) => ({ class: name, lent, licensed })),
  }) as unknown as LicenseView;

const seat = (i: number): SeatView =>
  ({
    user: `ann${i}`,
    host: `ws-${i}`,
    product: 'acme-cad',
    class: 'generic',
    application: 'acme-cad',
    since: NOW - i * 60,
    borrowed: null,
    overdraft: i === 3,
    ending: null,
    idle: i === 1 ? 900 : 0,
  }) as unknown as SeatView;

const view: TopView = {
  status,
  licenses: [
    license('acme-cad', [
      ['developer', 5, 10],
      ['generic', 2, 2],
    ]),
    license('acme-view', [['generic', 1, 4]]),
  ],
  seats: Array.from({ length: 200 }, (_, i) => seat(199 - i)),
  waiters: [{ user: 'otto', host: 'ws-9', product: 'acme-cad', waited: 75 } as WaiterView],
};

const paper = (columns: number, rows: number): Paper => ({
  columns,
  rows,
  isColored: false,
  now: NOW,
});

test('a page of top fits the window, whatever its size, and shows the newest seats first', () => {
  for (const columns of [30, 60, 80, 200]) {
    for (const rows of [5, 12, 24, 60]) {
      const lines = renderTop(view, paper(columns, rows)).trimEnd().split('\n');
      assert.ok(lines.length <= rows, `${columns} × ${rows}: ${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= columns, `${columns}: ${line}`);
    }
  }
  const page = renderTop(view, paper(100, 24));
  assert.match(page, /acme-cad +developer +5 +10 +█+·+/);
  assert.match(page, /generic +2 +2 +█+\n/);
  assert.match(page, /otto +ws-9 +acme-cad +1 min/);
  assert.ok(page.indexOf('ann0 ') < page.indexOf('ann1 '));
  assert.match(page, /ann1 .*not used for 15 min/);
  assert.match(page, /ann3 .*overdraft/);
  assert.not.match(page, 'ann40');
});

test('what is wrong stands in the second line', () => {
  const site = { isHeard: false, trouble: null };
  const clock = { behind: 60, judged: NOW };
  const wrong = { ...status, storeTrouble: 'the disk is full', clock, site };
  const ended = { ...license('acme-old', []), state: 'expired', refusal: 'license-expired' };
  const page = renderTop(
    { ...view, status: wrong as StatusView, licenses: [ended as LicenseView] },
    paper(200, 24),
  );
  const [, second = ''] = page.split('\n');
  assert.match(second, 'the disk is full');
  assert.match(second, 'the clock has gone back');
  assert.match(second, 'acme-old is expired');
  assert.match(second, 'the site does not hear this agent');
});

test.run();

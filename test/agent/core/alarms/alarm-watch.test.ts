import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AlarmWatch } from '../../../../agent/core/alarms/alarm-watch.ts';
import { epochSeconds, instant, type Moment } from '../../../../protocol/units.ts';

const WALL = 1_800_000_000;
const DAY = 86_400;
const at = (time: number): Moment => ({
  mono: instant(time * 1000),
  wall: epochSeconds(WALL + time),
});
const RULES = { licenseDays: 14, fullMinutes: 10, masterHours: 24, memberMinutes: 10 };
const NOTHING = { licenses: [], pools: [], masters: [], dead: [], over: [] };
const pool = (lent: number, licensed = 2) => ({
  product: 'acme-cad',
  class: 'generic',
  lent,
  licensed,
});
const see = (watch: AlarmWatch, time: number, lent: number, ends: number | null = null) => {
  const licenses = ends === null ? [] : [{ id: 'x', product: 'acme-cad', ends }];
  const { news, next } = watch.judge({ ...NOTHING, licenses, pools: [pool(lent)] }, at(time));
  return { news: news.map(({ event, id }) => `${event} ${id}`), next };
};

test('seats that are all taken are told of after their minutes, once, and their end once', () => {
  const watch = new AlarmWatch(RULES);
  assert.equal(see(watch, 0, 2), { news: [], next: 600_000 });
  assert.equal(see(watch, 300, 1), { news: [], next: null }, 'one came back: it begins anew');
  assert.equal(see(watch, 400, 2).next, 1_000_000);
  assert.equal(see(watch, 999, 2).news, []);
  assert.equal(see(watch, 1000, 2).news, ['raised seats-full/acme-cad/generic']);
  assert.equal(see(watch, 2000, 2).news, []);
  assert.equal(see(watch, 2001, 1).news, ['ended seats-full/acme-cad/generic']);
  assert.equal(see(watch, 2002, 0).news, []);
});

test('an overdraft is told of at once', () => {
  const watch = new AlarmWatch(RULES);
  assert.equal(see(watch, 0, 3).news, ['raised overdraft/acme-cad/generic']);
  assert.equal(see(watch, 1, 2).news, ['ended overdraft/acme-cad/generic']);
});

test('a license is told of so many days before, and no more when it was renewed', () => {
  const watch = new AlarmWatch(RULES);
  const ends = WALL + 20 * DAY;
  assert.equal(see(watch, 0, 0, ends), { news: [], next: DAY * 1000 });
  assert.equal(see(watch, 6 * DAY - 10, 0, ends).next, 6 * DAY * 1000);
  assert.equal(see(watch, 6 * DAY, 0, ends).news, ['raised license-ends/x']);
  assert.equal(see(watch, 25 * DAY, 0, ends).news, []);
  assert.equal(see(watch, 25 * DAY, 0, WALL + 400 * DAY).news, ['ended license-ends/x']);
});

test('a master is told of when it has been silent for its hours, and kept in mind over a restart', () => {
  const hear = (watch: AlarmWatch, hour: number, standing: 'answers' | 'silent' | 'unasked') => {
    const failure = { at: epochSeconds(WALL), code: 'unreachable', sentence: 'Gone.' } as const;
    const masters = [{ master: 'https://m', standing, failure }];
    const { news, next } = watch.judge({ ...NOTHING, masters }, at(hour * 3600));
    return { news: news.map(({ event, id }) => `${event} ${id}`), next };
  };
  const watch = new AlarmWatch(RULES);
  assert.equal(hear(watch, 0, 'silent'), { news: [], next: 24 * 3_600_000 });
  assert.equal(hear(watch, 23, 'answers'), { news: [], next: null });
  assert.is(hear(watch, 24, 'silent').next, 48 * 3_600_000, 'it begins anew');
  assert.equal(hear(watch, 48, 'silent').news, ['raised master-silent/https://m']);
  assert.equal(hear(watch, 49, 'silent').news, []);
  const again = new AlarmWatch(RULES);
  again.restore(watch.toText());
  assert.equal(hear(again, 50, 'unasked').news, [], 'nobody knows better yet');
  assert.equal(hear(again, 51, 'answers').news, ['ended master-silent/https://m']);
});

/** Members, by whom their deaths are told. */
type Told = Readonly<Record<string, 'here' | 'elsewhere' | 'nowhere'>>;

/** `ends`: of deaths that are over, by whom their ends are told. */
const mourn = (watch: AlarmWatch, time: number, told: Told | null, ends: Told = {}) => {
  const dead =
    told && Object.entries(told).map(([id, at]) => ({ id, name: `box-${id}`, told: at }));
  const over = Object.entries(ends).map(([id, end]) => ({ id, name: `box-${id}`, end }));
  const { news, claims, next } = watch.judge({ ...NOTHING, dead, over }, at(time));
  return {
    news: news.map(({ event, id }) => `${event} ${id}`),
    claims: claims.map(({ member, what }) => `${what} ${member}`),
    next,
  };
};

test('a death is told of after its minutes by the member that is the one to do so, once', () => {
  const watch = new AlarmWatch(RULES);
  assert.equal(mourn(watch, 0, { a: 'nowhere' }), { news: [], claims: [], next: 600_000 });
  assert.is(mourn(watch, 590, {}).next, null, 'it is back');
  assert.is(mourn(watch, 600, { a: 'nowhere' }).next, 1_200_000, 'it begins anew');
  assert.equal(mourn(watch, 1199, { a: 'nowhere' }).claims, []);
  const asking = { news: [], claims: ['death a'], next: 1_210_000 };
  assert.equal(mourn(watch, 1200, { a: 'nowhere' }), asking, 'nothing is said before it is sure');
  assert.equal(mourn(watch, 1201, { a: 'here' }).news, ['raised member-dead/a']);
  assert.equal(mourn(watch, 1202, { a: 'here' }), { news: [], claims: [], next: null });
  assert.equal(mourn(watch, 1300, {}).news, ['ended member-dead/a']);
});

test('what another member tells is not told here, and not claimed', () => {
  const watch = new AlarmWatch(RULES);
  mourn(watch, 0, { a: 'nowhere' });
  assert.equal(mourn(watch, 601, { a: 'elsewhere' }), { news: [], claims: [], next: null });
  assert.equal(mourn(watch, 700, {}).news, []);
});

test('who has told of a death asks to tell its end, and does when it may', () => {
  const watch = new AlarmWatch(RULES);
  assert.equal(mourn(watch, 0, { a: 'here' }).news, ['raised member-dead/a']);
  const asking = { news: [], claims: ['end a'], next: 11_000 };
  assert.equal(mourn(watch, 1, {}, { a: 'nowhere' }), asking);
  const again = new AlarmWatch(RULES);
  again.restore(watch.toText());
  for (const one of [watch, again]) {
    assert.equal(mourn(one, 2, {}, { a: 'here' }).news, ['ended member-dead/a']);
    assert.equal(mourn(one, 3, {}, { a: 'here' }), { news: [], claims: [], next: null });
  }
});

test('an end that nobody tells is told by another after a minute, once', () => {
  const watch = new AlarmWatch(RULES);
  mourn(watch, 0, { a: 'elsewhere' });
  assert.equal(mourn(watch, 10, {}, { a: 'nowhere' }), { news: [], claims: [], next: 70_000 });
  const asking = { news: [], claims: ['end a'], next: 80_000 };
  assert.equal(mourn(watch, 70, {}, { a: 'nowhere' }), asking);
  // It owes it from now on, over a restart, too.
  const again = new AlarmWatch(RULES);
  again.restore(watch.toText());
  for (const one of [watch, again]) {
    assert.equal(mourn(one, 71, {}, { a: 'here' }).news, ['ended member-dead/a']);
    assert.equal(mourn(one, 72, {}, { a: 'here' }).news, []);
  }
});

test('an end that another tells is not told here, though its beginning was', () => {
  const watch = new AlarmWatch(RULES);
  mourn(watch, 0, { a: 'here' });
  assert.equal(mourn(watch, 1, {}, { a: 'elsewhere' }), { news: [], claims: [], next: null });
  assert.equal(mourn(watch, 2, {}, {}).news, []);
  mourn(watch, 10, {}, { b: 'nowhere' });
  assert.equal(mourn(watch, 70, {}, { b: 'nowhere' }).claims, ['end b']);
  assert.equal(mourn(watch, 71, {}, { b: 'elsewhere' }), { news: [], claims: [], next: null });
});

test('one end is told before the next death of the same member', () => {
  const watch = new AlarmWatch(RULES);
  mourn(watch, 0, { a: 'here' });
  assert.equal(mourn(watch, 1, { a: 'nowhere' }, { a: 'nowhere' }).claims, ['end a']);
  const told = mourn(watch, 2, { a: 'nowhere' }, { a: 'here' });
  assert.equal(told, { news: ['ended member-dead/a'], claims: [], next: 601_000 });
  assert.equal(mourn(watch, 601, { a: 'nowhere' }, { a: 'here' }).claims, ['death a']);
  assert.equal(mourn(watch, 602, { a: 'here' }).news, ['raised member-dead/a']);
  // A build of before told of it, which leaves the record as it was.
  assert.equal(mourn(watch, 603, { a: 'here' }, { a: 'elsewhere' }).news, []);
  assert.equal(mourn(watch, 604, { a: 'here' }, { a: 'elsewhere' }).news, []);
});

test('while nothing is heard of members what was said of them holds, also over a restart', () => {
  const watch = new AlarmWatch(RULES);
  assert.equal(mourn(watch, 0, { a: 'here' }).news, ['raised member-dead/a']);
  assert.equal(mourn(watch, 1, null).news, []);
  const again = new AlarmWatch(RULES);
  again.restore(watch.toText());
  assert.equal(mourn(again, 2, null).news, []);
  assert.equal(mourn(again, 3, { a: 'here' }).news, []);
  assert.equal(mourn(again, 4, {}).news, ['ended member-dead/a']);
});

test('what was said is not said again after a restart, and its end is', () => {
  const watch = new AlarmWatch(RULES);
  see(watch, 0, 3, WALL);
  const again = new AlarmWatch(RULES);
  again.restore(watch.toText());
  assert.equal(see(again, 1, 3, WALL).news, []);
  assert.equal(see(again, 2, 0).news.sort(), [
    'ended license-ends/x',
    'ended overdraft/acme-cad/generic',
  ]);
  const odd = new AlarmWatch(RULES);
  for (const text of ['', '{', '[[1,2],3]', '{"a":1}']) odd.restore(text);
  assert.equal(see(odd, 0, 0).news, []);
});

test.run();

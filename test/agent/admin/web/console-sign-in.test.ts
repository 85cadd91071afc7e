/** How people get in to the console, for how long, and how guessing is slowed. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConsoleRig } from './console-rig.ts';

test('a link signs in once, soon, and by POST alone', async () => {
  await using rig = await ConsoleRig.open();
  const code = rig.links.make('ann');
  const first = await rig.ask({ path: '/api/sign-in', body: JSON.stringify({ code }) });
  assert.is(first.status, 200);
  const cookie = String(first.headers['set-cookie']);
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const { key, role, name } = JSON.parse(first.body) as Record<string, string>;
  assert.equal([name, role], ['ann', 'administrator']);
  const headers = { cookie: cookie.split(';')[0] ?? '', 'x-usher-key': key ?? '' };
  assert.is((await rig.ask({ path: '/api/session', headers })).status, 200);
  assert.is((await rig.ask({ path: '/api/sign-in', body: JSON.stringify({ code }) })).status, 401);
  const late = rig.links.make('ann');
  rig.ahead += 121_000;
  const answer = await rig.ask({ path: '/api/sign-in', body: JSON.stringify({ code: late }) });
  assert.is(answer.status, 401);
  assert.is((await rig.ask({ path: '/api/sign-out', headers })).status, 200);
  assert.is((await rig.ask({ path: '/api/session', headers })).status, 401);
});

test('sessions end when they are not used, and after a day in any case', async () => {
  await using rig = await ConsoleRig.open();
  const headers = rig.signedIn('viewer');
  const isIn = async (): Promise<boolean> =>
    (await rig.ask({ path: '/api/session', headers })).status === 200;
  for (let hour = 0; hour < 21; hour += 7) {
    assert.ok(await isIn());
    rig.ahead += 7 * 3_600_000;
  }
  assert.ok(await isIn());
  rig.ahead += 4 * 3_600_000;
  assert.not(await isIn());
  const idle = rig.signedIn('viewer');
  rig.ahead += 9 * 3_600_000;
  assert.is((await rig.ask({ path: '/api/session', headers: idle })).status, 401);
});

test('who signs in while the password is taken away stays outside', async () => {
  await using rig = await ConsoleRig.open();
  const password = 'correct horse battery';
  await rig.passwords.set('operator', password);
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const check = rig.passwords.check(password);
  const taken = rig.passwords.set('operator', null);
  await Promise.all([check.then(note('checked')), taken.then(note('taken'))]);
  assert.is(await check, done[0] === 'taken' ? undefined : 'operator');
});

test('ten thousand wrong passwords get a few tries, and are told of in the log', async () => {
  await using rig = await ConsoleRig.open();
  await rig.passwords.set('operator', 'correct horse battery');
  const tries = { 401: 0, 429: 0 };
  for (let i = 0; i < 500; i++) {
    const guesses = Array.from({ length: 20 }, (_, k) =>
      rig.ask({ path: '/api/sign-in', body: JSON.stringify({ password: `wrong ${i} ${k}` }) }),
    );
    for (const { status } of await Promise.all(guesses)) tries[status as 401 | 429]++;
  }
  assert.is(tries[401] + tries[429], 10_000);
  assert.ok(tries[401] <= 60, `${tries[401]} were checked`);
  assert.is(rig.said.filter((line) => line.includes('wrong password')).length, tries[401]);
  const right = JSON.stringify({ password: 'correct horse battery' });
  assert.is((await rig.ask({ path: '/api/sign-in', body: right })).status, 429);
  rig.ahead += 60_000;
  const { status, body } = await rig.ask({ path: '/api/sign-in', body: right });
  assert.is(status, 200);
  assert.is((JSON.parse(body) as { role: string }).role, 'operator');
});

test.run();

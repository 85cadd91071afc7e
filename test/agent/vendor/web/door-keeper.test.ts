import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DoorKeeper, passwordHash } from '../../../../agent/vendor/web/door-keeper.ts';
import { Bench } from '../master/master-rig.ts';

const test = suite('the door of a master');
const PASSWORD = 'correct horse battery';
const HOUR = 3_600_000;

const openDoor = async () => {
  const bench = new Bench();
  const license = bench.issue();
  const hash = await passwordHash(PASSWORD);
  const account = { kind: 'account-set', name: 'Carl', role: 'customer' } as const;
  bench.must('done', { ...account, customer: 'Example Ltd', hash });
  const clock = { now: 0 };
  return { bench, license, clock, door: new DoorKeeper(bench.master, () => clock.now) };
};

test('a password opens, whatever the case of the name; a wrong one and an unknown name do not', async () => {
  const { door } = await openDoor();
  const visitor = await door.check('cARL', PASSWORD, '192.0.2.1', false);
  assert.is(typeof visitor === 'object' && visitor.role, 'customer');
  assert.is(await door.check('carl', 'wrong', '192.0.2.1', false), 'wrong');
  assert.is(await door.check('nobody', PASSWORD, '192.0.2.1', false), 'wrong');
  assert.is(await door.check('nobody', '', '192.0.2.1', false), 'wrong');
});

test('a license number opens with the address of mail it was issued to, for agents alone', async () => {
  const { door, license } = await openDoor();
  const { id } = license.license;
  const visitor = await door.check(id, 'IT@example.com', '192.0.2.1', true);
  assert.is(typeof visitor === 'object' && visitor.role, 'customer');
  assert.is(await door.check(id, 'it@example.org', '192.0.2.1', true), 'wrong');
  assert.is(await door.check(id, 'it@example.com', '192.0.2.1', false), 'wrong');
});

test('who guesses waits, by address and by network, and others do not', async () => {
  const { door, clock } = await openDoor();
  for (let i = 0; i < 8; i++) {
    assert.is(await door.check('carl', `guess ${i}`, '2001:db8:1:2::1', false), 'wrong');
  }
  assert.is(await door.check('carl', PASSWORD, '2001:db8:1:2::2', false), 'locked-out');
  assert.type(await door.check('carl', PASSWORD, '192.0.2.9', false), 'object');
  clock.now += 10_000;
  assert.type(await door.check('carl', PASSWORD, '2001:db8:1:2::2', false), 'object');
});

test('a session ends with its time, its account, or a new password', async () => {
  const { bench, door, clock } = await openDoor();
  const visitor = await door.check('carl', PASSWORD, '192.0.2.1', false);
  if (typeof visitor === 'string') throw new Error(visitor);
  const secrets = door.open(visitor, false);
  assert.is(door.find(secrets)?.name, 'carl');
  assert.is(door.find({ ...secrets, token: `${secrets.token}x` }), undefined);
  clock.now += HOUR;
  assert.is(door.find(secrets)?.name, 'carl', 'it was used meanwhile');
  clock.now += 3 * HOUR;
  assert.is(door.find(secrets), undefined, 'nobody has used it');
  const busy = door.open(visitor, false);
  for (let hour = 0; hour < 12; hour++) {
    assert.is(door.find(busy)?.name, 'carl');
    clock.now += HOUR;
  }
  clock.now += 1;
  assert.is(door.find(busy), undefined, 'it is twelve hours old');
  const second = door.open(visitor, false);
  door.closeAll('CARL');
  assert.is(door.find(second), undefined);
  const third = door.open(visitor, false);
  door.close(third);
  assert.is(door.find(third), undefined);
  const last = door.open(visitor, false);
  bench.must('done', { kind: 'account-remove', name: 'carl' });
  assert.is(door.find(last), undefined);
});

test('who signs in while the password is changed, with the old one, stays outside', async () => {
  const { bench, door } = await openDoor();
  const hash = await passwordHash('another horse battery');
  const answer = door.check('carl', PASSWORD, '192.0.2.1', false);
  const account = { kind: 'account-set', name: 'Carl', role: 'customer' } as const;
  bench.must('done', { ...account, customer: 'Example Ltd', hash });
  assert.is(await answer, 'wrong');
});

test('a page has two secrets, and neither is worth anything alone', async () => {
  const { door } = await openDoor();
  const visitor = await door.check('carl', PASSWORD, '192.0.2.1', false);
  if (typeof visitor === 'string') throw new Error(visitor);
  const { token, cookie } = door.open(visitor, true);
  assert.is(door.find({ token, cookie })?.name, 'carl');
  assert.is(door.find({ token, cookie: '' }), undefined);
  assert.is(door.find({ token: '', cookie }), undefined);
  assert.is(door.find({ token: cookie, cookie: token }), undefined);
  const program = door.open(visitor, false);
  assert.is(program.cookie, '');
  assert.is(door.find({ token: program.token, cookie }), undefined);
});

test.run();

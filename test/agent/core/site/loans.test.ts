/** Seats that are borrowed of members of a site. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeShares, encodeShares } from '../../../../agent/core/site/share-record.ts';
import { BORROWED, BORROWED_PREFIX, POOL_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { COMMON_KEY } from '../../../../agent/core/store-key.ts';
import type { Request } from '../../../../protocol/requests.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, only, RigClient } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { seatsOf, take, wordOf } from '../seats/seat-rig.ts';
import { RegisterBench } from './register-bench.ts';
import { SiteMember, SiteRig } from './site-rig.ts';

const loans = suite('loans of a site');

const DAY = 86_400;
const BORROW = { seats: 2, longest: seconds(30 * DAY) };
const TERMS = { term: seconds(60), pools: [plainPool(4)], borrow: BORROW };
/** Its seats are the others' by then. */
const GONE_MS = 90_000;

const borrow = (id: number, days = 7): Request => ({
  kind: 'borrow',
  id,
  duration: seconds(days * DAY),
  hostCode: new Uint8Array(8).fill(1),
});

/** What was taken along is given back, wherever. */
const giveBack = (id: number): Request => ({ kind: 'release', id, returns: true });

const siteOf = (members: number, terms: object = {}): SiteRig => {
  const rig = new SiteRig(members, { ...TERMS, ...terms });
  rig.pass(2000);
  return rig;
};

/** What is said of a request when what the agent writes is on the disk. */
const say = (member: SiteMember, client: RigClient, request: Request): string => {
  const effects = client.ask(request);
  const commits = effects.some(({ kind }) => kind === 'commit');
  return wordOf(client.read(commits ? [...effects, ...member.settle(effects)] : effects));
};

/** A new client takes a seat along. */
const takeAlong = (member: SiteMember, number: number, days = 7): [RigClient, string] => {
  const client = new RigClient(member, number);
  assert.is(wordOf(take(member, client, 1)), 'granted');
  return [client, say(member, client, borrow(2, days))];
};

const borrowedIn = (register: RegisterBench): number =>
  [...register.kept]
    .filter(([key]) => key.startsWith(POOL_PREFIX))
    .flatMap(([, { value }]) => decodeShares(value) ?? [])
    .reduce((sum, { member, seats }) => sum + (member === BORROWED ? seats : 0), 0);

const recordsIn = ({ kept }: RegisterBench): number =>
  [...kept.keys()].filter((key) => key.startsWith(BORROWED_PREFIX)).length;

/** How many can have a seat at a member now. */
const takersAt = (rig: SiteRig, member: SiteMember, awake = rig.members): number => {
  let takers = 0;
  for (let number = 50; number < 60; number++) {
    const client = new RigClient(member, number);
    const said = say(member, client, acquire(1));
    const word = said === 'nothing' ? wordOf(client.read(rig.pass(2000, awake))) : said;
    if (word !== 'granted') return takers;
    takers++;
  }
  return takers;
};

const dayLater = (rig: SiteRig, days: number): void => {
  for (const member of rig.members) {
    member.wall += days * DAY;
    member.now += days * DAY * 1000;
  }
};

loans('a seat is borrowed when the site has a record of it, and not before', () => {
  const rig = siteOf(1);
  const member = rig.member(0);
  const client = new RigClient(member, 1);
  assert.is(wordOf(take(member, client, 1)), 'granted');
  rig.register.deafTo = ({ writes }) => writes.some(({ key }) => key.startsWith(BORROWED_PREFIX));
  assert.is(say(member, client, borrow(2)), 'nothing');
  assert.is(recordsIn(rig.register), 0);
  rig.register.deafTo = () => false;
  assert.is(wordOf(client.read(rig.pass(1000))), 'borrowed');
  assert.equal([recordsIn(rig.register), borrowedIn(rig.register)], [1, 1]);
  assert.is(takersAt(rig, member), 3);
});

loans('what was done unheard is not done twice', () => {
  const rig = siteOf(1);
  const member = rig.member(0);
  const client = new RigClient(member, 1);
  assert.is(wordOf(take(member, client, 1)), 'granted');
  let isOnce = false;
  rig.register.deafTo = (ask) => {
    if (isOnce || !ask.writes.some(({ key }) => key.startsWith(BORROWED_PREFIX))) return false;
    isOnce = true;
    rig.register.transact(ask);
    return true;
  };
  assert.is(say(member, client, borrow(2)), 'nothing');
  assert.is(wordOf(client.read(rig.pass(1000))), 'borrowed');
  assert.equal([recordsIn(rig.register), borrowedIn(rig.register)], [1, 1]);
});

loans('a borrowed seat outlives the member that has lent it, and ends with its time', () => {
  const rig = siteOf(2);
  const [owner, other] = [rig.member(0), rig.member(1)];
  assert.is(takeAlong(owner, 1)[1], 'borrowed');
  rig.pass(GONE_MS, [other]);
  assert.is(takersAt(rig, other, [other]), 3);
  dayLater(rig, 6);
  rig.pass(2000, [other]);
  assert.is(recordsIn(rig.register), 1);
  dayLater(rig, 2);
  rig.pass(2000, [other]);
  assert.equal([recordsIn(rig.register), borrowedIn(rig.register)], [0, 0]);
  assert.is(takersAt(rig, other, [other]), 4);
});

loans('a loan whose time another found over first is not made anew', () => {
  const rig = siteOf(2);
  const [owner, other] = [rig.member(0), rig.member(1)];
  assert.is(takeAlong(owner, 1, 1)[1], 'borrowed');
  dayLater(rig, 1);
  for (const member of [owner, other]) {
    member.wall += 60;
    member.now += 60_000;
  }
  rig.pass(2000);
  assert.is(recordsIn(rig.register), 1, 'it counts for its margin');
  other.wall += 7200;
  other.now += 7_200_000;
  rig.pass(2000);
  assert.equal([recordsIn(rig.register), borrowedIn(rig.register)], [0, 0]);
  assert.is(takersAt(rig, owner), 4);
});

loans('a calendar that is wrong for a while ends nothing', () => {
  const rig = siteOf(2);
  const [owner, other] = [rig.member(0), rig.member(1)];
  assert.is(takeAlong(owner, 1)[1], 'borrowed');
  rig.pass(1000);
  other.wall += 30 * DAY;
  rig.pass(2000);
  assert.is(recordsIn(rig.register), 1);
});

loans(
  'a seat that is given back to another member is free once, and over where it was lent',
  () => {
    const rig = siteOf(2);
    const [owner, other] = [rig.member(0), rig.member(1)];
    assert.is(takeAlong(owner, 1)[1], 'borrowed');
    rig.pass(1000);
    const elsewhere = new RigClient(other, 1);
    assert.is(say(other, elsewhere, giveBack(9)), 'released');
    assert.is(borrowedIn(rig.register), 0);
    assert.is(say(other, elsewhere, giveBack(10)), 'released');
    rig.pass(1000);
    assert.is(seatsOf(owner).length, 0);
    assert.is(takersAt(rig, owner), 4);
  },
);

loans('who withdraws at another member gives nothing back by it that he has borrowed', () => {
  const rig = siteOf(2);
  const [owner, other] = [rig.member(0), rig.member(1)];
  const client = new RigClient(owner, 1);
  assert.is(say(owner, client, acquire(1)), 'granted');
  // Its request 2 was the word to the other member that it is not to wait there any more.
  assert.is(say(owner, client, borrow(3)), 'borrowed');
  rig.pass(1000);
  const elsewhere = new RigClient(other, 1);
  for (const late of [{ kind: 'release', id: 2 } as const, giveBack(2)])
    assert.is(say(other, elsewhere, late), 'released');
  // Its answer was lost for a while: it has asked here, and hears of its seat then.
  say(other, elsewhere, acquire(4));
  assert.is(say(other, elsewhere, { kind: 'release', id: 5 }), 'released');
  rig.pass(1000);
  assert.is(borrowedIn(rig.register), 1);
  assert.is(seatsOf(owner).length, 1);
  assert.is(say(other, elsewhere, giveBack(6)), 'released');
  assert.is(borrowedIn(rig.register), 0);
});

loans('given back where it was lent it is free at once', () => {
  const rig = siteOf(2);
  const owner = rig.member(0);
  const [client] = takeAlong(owner, 1);
  assert.is(say(owner, client, { kind: 'release', id: 3 }), 'released');
  assert.is(borrowedIn(rig.register), 0);
  // Its record goes when the lease is forgotten on the disk, too.
  rig.pass(1000);
  assert.is(recordsIn(rig.register), 0);
  assert.is(takersAt(rig, owner), 4);
});

loans('limits on borrowing hold for the whole site', () => {
  const rig = siteOf(2);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(takeAlong(one, 1)[1], 'borrowed');
  assert.is(takeAlong(two, 2)[1], 'borrowed');
  // Nothing was heard of the other's loan yet: it is decided on again when it was.
  assert.is(takeAlong(one, 3)[1], 'borrow-limit');
  assert.is(borrowedIn(rig.register), 2);
  rig.pass(GONE_MS, [two]);
  assert.is(takeAlong(two, 4)[1], 'borrow-limit');
});

loans('a borrowed seat that is in use goes on after its time, for as long as it is renewed', () => {
  const rig = siteOf(2, { term: seconds(7200) });
  const [owner, other] = [rig.member(0), rig.member(1)];
  const [client] = takeAlong(owner, 1, 1);
  for (let id = 3; id < 40; id++) {
    for (const member of rig.members) member.wall += 3600;
    rig.pass(500);
    owner.now += 3600_000 - 500;
    other.now += 3600_000 - 500;
    rig.pass(1000);
    if (id === 3) continue;
    assert.is(say(owner, client, { kind: 'renew', id, idle: seconds(0) }), 'renewed');
  }
  assert.is(recordsIn(rig.register), 1);
  assert.is(takersAt(rig, other), 3);
});

loans('who has stopped before it had written of a loan has it all the same', () => {
  const rig = siteOf(1);
  const member = rig.member(0);
  const client = new RigClient(member, 1);
  const granted = client.ask(acquire(1));
  const lease = only(granted, 'commit').writes.flatMap(({ key, value }) =>
    value === null ? [] : [[key, value] as const],
  );
  member.settle(granted);
  // It is on its way to the disk when the member stops.
  assert.is(client.read(client.ask(borrow(2))), undefined);
  const again = new SiteMember(rig.register, 2, TERMS, 77);
  again.now = member.now;
  const asMember = [[COMMON_KEY, new Uint8Array(0)]] as const;
  again.step({ kind: 'restored', entries: [...lease, ...asMember] });
  again.pass(3000);
  assert.ok(seatsOf(again)[0]?.borrowed);
  assert.equal([recordsIn(rig.register), borrowedIn(rig.register)], [1, 1]);
  assert.is(takersAt(new SiteRig(0, {}), again, []), 3);
});

loans('an agent with borrowed seats joins when the site counts them', () => {
  const desk = new DeskRig();
  desk.license(2, TERMS);
  const client = desk.client();
  desk.take(client, {});
  desk.settle(client.ask(borrow(50)));
  assert.is(desk.done({ kind: 'status' }).status.borrowed, 1);
  const register = new RegisterBench();
  const member = SiteMember.of(desk, register, 2);
  member.pass(3000);
  assert.equal([recordsIn(register), borrowedIn(register)], [1, 1]);
  assert.ok([...register.kept.keys()].some((key) => key.startsWith('joined/')));
});

loans('who stops while he ends a loan finds it over when he is back', () => {
  const desk = new DeskRig();
  desk.license(2, TERMS);
  const client = desk.client();
  desk.take(client, {});
  desk.settle(client.ask(borrow(50)));
  const register = new RegisterBench();
  const member = SiteMember.of(desk, register, 2);
  member.pass(3000);
  // Its lease is still on the disk when it ends.
  new RigClient(member, 1).ask(giveBack(60));
  assert.is(borrowedIn(register), 0);
  // Others have all seats by then: none is free to be counted for it.
  const [pool] = [...register.kept.keys()].filter((key) => key.startsWith(POOL_PREFIX));
  const all = [{ member: 'another', seats: 4, wanted: 0, since: 0 }];
  register.write(pool ?? '', encodeShares(all));
  const again = SiteMember.of(desk, register, 2);
  again.wall = member.wall;
  again.pass(5000);
  assert.equal(seatsOf(again), []);
  assert.is(recordsIn(register), 0);
});

loans.run();

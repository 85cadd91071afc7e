import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KEPT_PREFIX, poolKey } from '../../../../agent/core/site/site-keys.ts';
import { COMMON_KEY } from '../../../../agent/core/store-key.ts';
import { licenseId } from '../../../../protocol/ids.ts';
import type { License } from '../../../../protocol/license.ts';
import { ok } from '../../../../protocol/result.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, acquire, PRODUCT, RigClient } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { StoreModel } from '../store-model.ts';
import { type RegisterBench, RegisterLine } from './register-bench.ts';
import { SiteMember, SiteRig } from './site-rig.ts';

const reserves = suite('reservations of a site');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };
const KEPT = `reserve 2 ${PRODUCT} for user ann`;

const ruled = (
  text: string,
  terms: Partial<License> = TERMS,
  through?: (register: RegisterBench) => RegisterBench,
): SiteRig => {
  const rig = new SiteRig(2, terms, through);
  for (const member of rig.members) member.operate({ kind: 'rules-apply', file: ok(text) });
  rig.pass(2000);
  return rig;
};

let clients = 0;

/** What somebody comes to at a member, in the time that he waits. */
const come = (rig: SiteRig, member: SiteMember, user: string) => {
  const client = new RigClient(member, ++clients % 200);
  const word = wordOf(take(member, client, 1, { holder: { ...ANN, user } }));
  const last = word === 'nothing' ? wordOf(client.read(rig.pass(1750))) : word;
  rig.pass(1000);
  return { client, word: last };
};

reserves('others have what is not reserved, at all members together', () => {
  const rig = ruled(KEPT);
  const [one, other] = [rig.member(0), rig.member(1)];
  const words = [one, other, one, other].map((member) => come(rig, member, 'bob').word);
  assert.equal(words, ['granted', 'granted', 'reserved', 'reserved']);
  assert.is(come(rig, other, 'ann').word, 'granted');
  assert.is(come(rig, one, 'ann').word, 'granted');
});

reserves('what is taken up at one member is not kept at another', () => {
  const rig = ruled(KEPT);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(come(rig, one, 'ann').word, 'granted');
  assert.is(come(rig, one, 'ann').word, 'granted');
  assert.is(come(rig, other, 'bob').word, 'granted');
  assert.is(come(rig, other, 'bob').word, 'granted');
  assert.is(come(rig, other, 'bob').word, 'no-seat');
});

reserves('what was taken up and came back is kept again', () => {
  const rig = ruled(KEPT);
  const [one, other] = [rig.member(0), rig.member(1)];
  const taken = [come(rig, one, 'ann'), come(rig, one, 'ann')];
  assert.is(come(rig, other, 'bob').word, 'granted');
  for (const { client, word } of taken) {
    assert.is(word, 'granted');
    client.ask({ kind: 'release', id: 2 });
  }
  // Until everybody must have read that nothing is taken up there, those seats stay where they are.
  rig.pass(4000);
  assert.is(come(rig, other, 'bob').word, 'granted');
  assert.is(come(rig, other, 'bob').word, 'reserved');
  assert.is(come(rig, one, 'bob').word, 'reserved');
  rig.pass(30_000);
  assert.is(come(rig, other, 'bob').word, 'reserved');
  assert.is(come(rig, other, 'ann').word, 'granted');
});

reserves('nor is it given to who has not read that it came back', () => {
  const lines: RegisterLine[] = [];
  const rig = ruled(KEPT, TERMS, (register) => {
    const line = new RegisterLine(register);
    lines.push(line);
    return line;
  });
  const [one, other] = [rig.member(0), rig.member(1)];
  const taken = [come(rig, one, 'ann'), come(rig, one, 'ann')];
  assert.is(come(rig, other, 'bob').word, 'granted');
  assert.is(come(rig, other, 'bob').word, 'granted');
  const [, line] = lines;
  assert.ok(line);
  // It hears of shares, and by what is taken up elsewhere it goes for a while.
  line.deafTo = ({ reads }) => reads.some(({ prefix }) => prefix === KEPT_PREFIX);
  for (const { client } of taken) client.ask({ kind: 'release', id: 2 });
  const bobs = [new RigClient(other, ++clients), new RigClient(other, ++clients)];
  const heard = bobs.flatMap((bob) => {
    const effects = bob.ask(acquire(1, null, { holder: { ...ANN, user: 'bob' } }));
    const commits = effects.some(({ kind }) => kind === 'commit');
    return [...effects, ...(commits ? other.settle(effects) : []), ...rig.pass(750)];
  });
  const words = bobs.map((bob) => wordOf(bob.read(heard)));
  assert.not(words.includes('granted'), words.join());
});

/** What a member writes from now on. */
const storeOf = (member: SiteMember): StoreModel => {
  const store = new StoreModel([[COMMON_KEY, new Uint8Array(0)]]);
  const step = member.step.bind(member);
  member.step = (event) => {
    const effects = step(event);
    for (const effect of effects) if (effect.kind === 'commit') store.write(effect.writes);
    return effects;
  };
  return store;
};

/** Two seats are lent to ann at a member that stands still then, so long that all seats are the other's. */
const lostWithAnns = (rig: SiteRig): StoreModel => {
  const [one, other] = [rig.member(0), rig.member(1)];
  const store = storeOf(one);
  assert.is(come(rig, one, 'ann').word, 'granted');
  assert.is(come(rig, one, 'ann').word, 'granted');
  const kept = new StoreModel(store.entries());
  one.isCut = true;
  rig.pass(90_000, [other]);
  return kept;
};

/** It starts anew, and its leases have a fresh term. That it lacks seats for them is told to nobody yet. */
const comeBack = (rig: SiteRig, store: StoreModel): void => {
  const pool = poolKey(licenseId(new Uint8Array(16).fill(1)), '');
  const again = new SiteMember(rig.register, 2, TERMS, 77);
  again.isLate = ({ writes }) => writes.some(({ key }) => key.startsWith(pool));
  again.now = rig.member(1).now;
  again.step({ kind: 'restored', entries: store.entries() });
  again.operate({ kind: 'rules-apply', file: ok(KEPT) });
  again.pass(2000);
  rig.pass(1000, [rig.member(1)]);
  assert.is(again.agent.leaseCount, 2);
};

reserves('a lease that comes back when others have its seat takes up nothing', () => {
  const rig = ruled(KEPT);
  const other = rig.member(1);
  const store = lostWithAnns(rig);
  const words = ['bob', 'bob', 'bob'].map((user) => come(rig, other, user).word);
  assert.equal(words, ['granted', 'granted', 'reserved']);
  comeBack(rig, store);
  assert.is(come(rig, other, 'bob').word, 'reserved');
  assert.is(come(rig, other, 'ann').word, 'granted');
});

reserves('nobody but those whom all is reserved for has a seat', () => {
  const rig = ruled(`reserve 4 ${PRODUCT} for user ann`);
  assert.is(come(rig, rig.member(0), 'bob').word, 'reserved');
  const words = [0, 1, 0, 1].map((i) => come(rig, rig.member(i), 'ann').word);
  assert.equal(words, ['granted', 'granted', 'granted', 'granted']);
});

const BORROW = { seats: 2, longest: seconds(86_400) };

/** Ann takes a seat at a member and asks to take it along; what she hears at once, and by and by. */
const takeAlong = (rig: SiteRig, member: SiteMember): readonly string[] => {
  const ann = come(rig, member, 'ann');
  const hostCode = new Uint8Array(8).fill(1);
  const asked = ann.client.ask({ kind: 'borrow', id: 2, duration: seconds(3600), hostCode });
  const settled = asked.some(({ kind }) => kind === 'commit') ? member.settle(asked) : [];
  const soon = [...asked, ...settled, ...rig.pass(1500)];
  return [ann.word, wordOf(ann.client.read(soon)), wordOf(ann.client.read(rig.pass(1500)))];
};

const giveBack = (rig: SiteRig, member: SiteMember): void => {
  const elsewhere = new RigClient(member, clients % 200);
  elsewhere.ask({ kind: 'release', id: 9, returns: true });
  rig.pass(500);
};

reserves('a borrowed seat takes up nothing: wherever it comes back it is kept', () => {
  const rig = ruled(KEPT, { ...TERMS, borrow: BORROW });
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.equal(takeAlong(rig, one), ['granted', 'nothing', 'borrowed']);
  giveBack(rig, other);
  const words = [other, other, other, one].map((member) => come(rig, member, 'bob').word);
  assert.equal(words, ['granted', 'granted', 'reserved', 'reserved']);
  assert.is(come(rig, one, 'ann').word, 'granted');
});

reserves('what is kept is kept beside a borrowed seat, whatever becomes of the rules', () => {
  const rig = ruled(`limit 9 ${PRODUCT} for user ann`, { ...TERMS, borrow: BORROW });
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.equal(takeAlong(rig, one), ['granted', 'borrowed', 'nothing']);
  for (const member of rig.members) member.operate({ kind: 'rules-apply', file: ok(KEPT) });
  rig.pass(2000);
  const words = [other, one, other].map((member) => come(rig, member, 'bob').word);
  assert.equal(words, ['granted', 'reserved', 'reserved']);
  assert.is(come(rig, other, 'ann').word, 'granted');
  assert.is(come(rig, one, 'ann').word, 'granted');
});

reserves.run();

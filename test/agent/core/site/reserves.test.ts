import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ok } from '../../../../protocol/result.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, PRODUCT, RigClient } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const reserves = suite('reservations of a site');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };
const KEPT = `reserve 2 ${PRODUCT} for user ann`;

const ruled = (text: string): SiteRig => {
  const rig = new SiteRig(2, TERMS);
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

reserves('nobody but those whom all is reserved for has a seat', () => {
  const rig = ruled(`reserve 4 ${PRODUCT} for user ann`);
  assert.is(come(rig, rig.member(0), 'bob').word, 'reserved');
  const words = [0, 1, 0, 1].map((i) => come(rig, rig.member(i), 'ann').word);
  assert.equal(words, ['granted', 'granted', 'granted', 'granted']);
});

reserves.run();

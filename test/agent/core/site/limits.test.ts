import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeShares } from '../../../../agent/core/site/share-record.ts';
import { ok } from '../../../../protocol/result.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, acquire, PRODUCT, RigClient, renew } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const limits = suite('limits of a site');

const TERMS = { term: seconds(60), pools: [plainPool(9)] };
const EACH = `limit 1 ${PRODUCT} for each user`;
/** Longer than it takes to find a member dead, and to move a lease. */
const DEATH_MS = 3000;
/** From then on nobody believes in what the dead one has lent. */
const BELIEF_MS = 10_000 + 60_000 + 1000 + 60_000 / 256;

const ruled = (text: string, count = 2): SiteRig => {
  const rig = new SiteRig(count, TERMS);
  for (const member of rig.members) member.operate({ kind: 'rules-apply', file: ok(text) });
  rig.pass(2000);
  return rig;
};

/** What a client of this number comes to at a member, in the time that it waits. */
const come = (
  rig: SiteRig,
  member: SiteMember,
  number: number,
  { user = 'ann', awake = rig.members } = {},
) => {
  const client = new RigClient(member, number);
  const word = wordOf(take(member, client, 1, { holder: { ...ANN, user } }));
  if (word !== 'nothing') return { client, word };
  return { client, word: wordOf(client.read(rig.pass(1750, awake))) };
};

const shown = (ticket: Uint8Array) => ({ ...acquire(2), ticket });

const shareOf = ({ register }: SiteRig): readonly number[] => {
  const [entry] = [...register.kept].filter(([key]) => key.startsWith('limit/'));
  return (decodeShares(entry?.[1].value ?? new Uint8Array()) ?? []).map(({ seats }) => seats);
};

limits('nobody has more seats of all members together than a rule allows', () => {
  const rig = ruled(EACH);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(come(rig, one, 1).word, 'granted');
  assert.is(come(rig, other, 2).word, 'limit-reached');
  assert.is(come(rig, other, 3, { user: 'bob' }).word, 'granted');
  assert.is(come(rig, one, 4).word, 'limit-reached');
});

limits('what somebody is not using at one member he has at another, within a second', () => {
  const rig = ruled(EACH);
  const [one, other] = [rig.member(0), rig.member(1)];
  const { client } = come(rig, one, 1);
  client.ask({ kind: 'release', id: 2 });
  const late = new RigClient(other, 2);
  assert.is(late.read(late.ask(acquire(1))), undefined);
  assert.is(wordOf(late.read(rig.pass(1000))), 'granted');
});

limits('who waits in line has his turn when the seat that counted for him comes back', () => {
  const rig = ruled(EACH);
  const [one, other] = [rig.member(0), rig.member(1)];
  const { client } = come(rig, one, 1);
  const late = new RigClient(other, 2);
  assert.is(wordOf(late.read(late.ask(acquire(1, null, {}, true)))), 'queued');
  client.ask({ kind: 'release', id: 2 });
  const told = late.read(rig.pass(2000));
  assert.ok(told?.kind === 'queued' && told.turn);
});

limits('a limit for a group is shared among the members, a part of it at hand', () => {
  const rig = ruled(`limit 4 ${PRODUCT} for user ann`);
  const [one, other] = [rig.member(0), rig.member(1)];
  const words = [1, 2, 3].map((number) => come(rig, one, number).word);
  assert.equal(words, ['granted', 'granted', 'granted']);
  assert.is(come(rig, other, 4).word, 'granted');
  assert.is(come(rig, other, 5).word, 'limit-reached');
});

limits('what nobody uses any more the register forgets', () => {
  const rig = ruled(EACH);
  const { client } = come(rig, rig.member(0), 1);
  assert.equal(shareOf(rig), [1]);
  client.ask({ kind: 'release', id: 2 });
  rig.pass(20_000);
  assert.is([...rig.register.kept.keys()].filter((key) => key.startsWith('limit/')).length, 0);
  assert.is(come(rig, rig.member(1), 2).word, 'granted');
});

limits('what a dead member counted counts until nobody believes in it, and no longer', () => {
  const rig = ruled(EACH);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(come(rig, one, 1).word, 'granted');
  const left = [other];
  rig.pass(2500, left);
  assert.is(come(rig, other, 2, { awake: left }).word, 'limit-reached');
  rig.pass(BELIEF_MS, left);
  assert.is(come(rig, other, 3, { awake: left }).word, 'granted');
});

limits('a lease that moves takes along what counts it', () => {
  const rig = ruled(EACH);
  const [one, other] = [rig.member(0), rig.member(1)];
  const client = new RigClient(one, 1);
  const granted = take(one, client, 1);
  assert.ok(granted?.kind === 'granted' && granted.takeover);
  rig.pass(500);
  const { ticket } = granted.takeover;
  const moved = new RigClient(other, 1);
  assert.is(moved.read(moved.ask(shown(ticket))), undefined);
  assert.is(wordOf(moved.read(rig.pass(DEATH_MS, [other]))), 'granted');
  // Released at once: the dead one may have had another of his by then.
  moved.ask({ kind: 'release', id: 3 });
  const again = new RigClient(other, 2);
  assert.is(wordOf(take(other, again, 1)), 'limit-reached');
  rig.pass(BELIEF_MS, [other]);
  assert.is(wordOf(take(other, new RigClient(other, 3), 1)), 'granted');
});

limits('who comes back when its share is another’s renews nothing that it counted', () => {
  const rig = ruled(EACH);
  const [one, other] = [rig.member(0), rig.member(1)];
  const { client } = come(rig, one, 1);
  rig.pass(2500 + BELIEF_MS, [other]);
  assert.is(come(rig, other, 2, { awake: [other] }).word, 'granted');
  one.isCut = true;
  one.pass(250);
  one.isCut = false;
  one.pass(1000);
  assert.is.not(wordOf(client.read(client.ask(renew(2)))), 'renewed');
});

limits('leases that a new rule counts are counted, and go on', () => {
  const rig = ruled('');
  const [one, other] = [rig.member(0), rig.member(1)];
  const { client } = come(rig, one, 1);
  for (const member of rig.members) member.operate({ kind: 'rules-apply', file: ok(EACH) });
  rig.pass(1000);
  assert.is(come(rig, other, 2).word, 'limit-reached');
  assert.is(wordOf(client.read(client.ask(renew(2)))), 'renewed');
});

limits.run();

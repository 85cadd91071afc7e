import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeShares } from '../../../../agent/core/site/share-record.ts';
import { memberIdOf } from '../../../../agent/core/site/site-keys.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, RigClient, renew } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const site = suite('site');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };
/** Longer than a term, with what a site adds to it. */
const LONG_MS = 90_000;

const sharesOf = ({ register }: SiteRig): number[] => {
  const [entry] = [...register.kept].filter(([key]) => key.startsWith('pool/'));
  return (decodeShares(entry?.[1].value ?? new Uint8Array()) ?? []).map(({ seats }) => seats);
};
const shared = (rig: SiteRig): number => sharesOf(rig).reduce((sum, seats) => sum + seats, 0);

const takeAt = (member: SiteMember, number: number): string =>
  wordOf(take(member, new RigClient(member, number), 1));

site('before it is heard by its register a member is as if it were not there', () => {
  const rig = new SiteRig(1, TERMS);
  const member = rig.member(0);
  member.isCut = true;
  rig.pass(5000);
  assert.throws(() => new RigClient(member, 1));
  member.isCut = false;
  rig.pass(1000);
  assert.is(takeAt(member, 1), 'granted');
});

site('members lend no more together than there is, and each may lend all of it', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const words: string[] = [];
  for (let i = 1; i <= 4; i++) {
    words.push(takeAt(rig.member(0), i));
    rig.pass(2000);
  }
  assert.equal(
    words,
    ['granted', 'granted', 'granted', 'nothing'],
    'the last one waits for its seat',
  );
  assert.is(shared(rig), 4);
});

site('an acquire waits for an idle seat of another member’s, and gets it', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(1)] });
  rig.pass(2000);
  const dry = rig.members.find((member) =>
    [...member.agent.pools()].every(({ free }) => free === 0),
  );
  assert.ok(dry);
  const client = new RigClient(dry, 1);
  assert.is(client.read(client.ask(acquire(1))), undefined);
  assert.is(wordOf(client.read(rig.pass(1250))), 'granted');
});

site('an acquire is told that there is no seat where none comes', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(1)] });
  rig.pass(2000);
  const [dry, other] = [...rig.members].sort((one) =>
    [...one.agent.pools()][0]?.free === 0 ? -1 : 1,
  );
  assert.ok(dry && other);
  assert.is(takeAt(other, 1), 'granted');
  const client = new RigClient(dry, 2);
  assert.is(client.read(client.ask(acquire(1))), undefined);
  assert.is(wordOf(client.read(rig.pass(1750))), 'no-seat');
});

site('more seats than a member has are not too many', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const client = new RigClient(rig.member(0), 1);
  client.ask(acquire(1, null, { weight: 4 }));
  assert.is(wordOf(client.read(rig.pass(1500))), 'granted');
});

site('who is cut off grants for two seconds, renews for twelve, and then says nothing', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const member = rig.member(0);
  const client = new RigClient(member, 1);
  assert.is(wordOf(take(member, client, 1)), 'granted');
  const late = new RigClient(member, 2);
  member.isCut = true;
  rig.pass(1500);
  assert.is(wordOf(client.read(client.ask(renew(2)))), 'renewed');
  rig.pass(1000);
  assert.is(late.read(late.ask(acquire(1))), undefined);
  assert.is(wordOf(client.read(client.ask(renew(3)))), 'renewed');
  rig.pass(9000);
  assert.is(wordOf(client.read(client.ask(renew(4)))), 'renewed');
  rig.pass(1500);
  assert.is(client.read(client.ask(renew(5))), undefined);
  assert.is(wordOf(client.read(client.ask({ kind: 'release', id: 6 }))), 'released');
});

site(
  'who was found dead by mistake grants nothing, and renews on until it could be believed',
  () => {
    const rig = new SiteRig(2, TERMS);
    rig.pass(2000);
    const member = rig.member(0);
    const client = new RigClient(member, 1);
    assert.is(wordOf(take(member, client, 1)), 'granted');
    const late = new RigClient(member, 2);
    const me = memberIdOf(client.discover().offer.agentKey);
    const card = rig.register.kept.get(`joined/${me}`)?.value ?? null;
    rig.register.write(`joined/${me}`, null);
    rig.register.write(`dead/${me}`, card);
    // It hears that it is no member, and cannot join again.
    rig.register.deafTo = ({ compares }) => compares.every(({ revision }) => revision === 0);
    rig.pass(1000);
    assert.is(late.read(late.ask(acquire(1))), undefined);
    assert.is(wordOf(client.read(client.ask(renew(2)))), 'renewed');
    rig.pass(10_000);
    assert.is(wordOf(client.read(client.ask(renew(3)))), 'renewed');
    rig.pass(2000);
    assert.is(client.read(client.ask(renew(4))), undefined);
    rig.register.deafTo = () => false;
    rig.pass(1000);
    assert.is(wordOf(client.read(client.ask(renew(5)))), 'renewed');
  },
);

site('seats of a dead member come back after the last promise, and not before', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(1)] });
  rig.pass(2000);
  const [owner, other] = [...rig.members].sort((one) =>
    [...one.agent.pools()][0]?.free === 1 ? -1 : 1,
  );
  assert.ok(owner && other);
  assert.is(takeAt(owner, 1), 'granted');
  rig.pass(500);
  const left = [other];
  // Found dead after two seconds; then the longest renewal, its term and the margin.
  rig.pass(2000 + 10_000 + 60_000, left);
  assert.is([...other.agent.pools()][0]?.free, 0);
  rig.pass(4500, left);
  assert.is([...other.agent.pools()][0]?.free, 1);
});

site('who comes back after its seats have gone renews none of what it lent', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(1)] });
  rig.pass(2000);
  const [owner, other] = [...rig.members].sort((one) =>
    [...one.agent.pools()][0]?.free === 1 ? -1 : 1,
  );
  assert.ok(owner && other);
  const client = new RigClient(owner, 1);
  assert.is(wordOf(take(owner, client, 1)), 'granted');
  rig.pass(LONG_MS, [other]);
  assert.is(takeAt(other, 2), 'granted');
  owner.wake();
  owner.wake();
  assert.is(wordOf(client.read(client.ask(renew(2)))), 'not-held');
});

site('what an earlier start has asked late changes nothing', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const { register } = rig;
  const me = memberIdOf(rig.member(0).client(9).discover().offer.agentKey);
  const joined = register.kept.get(`joined/${me}`);
  assert.ok(joined);
  const late = {
    compares: [{ key: `joined/${me}`, revision: joined.revision }],
    writes: [{ key: `joined/${me}`, value: null }],
    reads: [],
  };
  register.write(`joined/${me}`, joined.value);
  assert.is(register.transact(late).isDone, false);
  // It was written by somebody else: the member joins anew, and goes on.
  rig.pass(1500);
  assert.is(takeAt(rig.member(0), 1), 'granted');
});

site.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeSeated } from '../../../../agent/core/site/seated-record.ts';
import { POOL_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, only, PRODUCT, RigClient, renew } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const named = suite('named users of a site');

/** From then on nobody believes in what a dead member has lent. */
const BELIEF_MS = 10_000 + 60_000 + 1000 + 60_000 / 256;

const change = (member: SiteMember, kind: 'user-assign' | 'user-recall', ...users: string[]) => {
  const outcome = member.change({
    ...{ kind, product: PRODUCT, class: 'generic', users },
    force: false,
  });
  assert.is(outcome.kind, kind);
};

/** Two members, with these users assigned. */
const assigned = (seats: number, ...users: string[]): SiteRig => {
  const terms = { type: 'named', counting: 'user', pools: [plainPool(seats)] } as const;
  const rig = new SiteRig(2, { ...terms, term: seconds(60) });
  rig.pass(2000);
  change(rig.member(0), 'user-assign', ...users);
  rig.pass(2000);
  return rig;
};

let clients = 0;

const come = (rig: SiteRig, member: SiteMember, user: string, awake = rig.members) => {
  const client = new RigClient(member, ++clients);
  const word = wordOf(take(member, client, 1, { holder: { ...ANN, user } }));
  if (word !== 'nothing') return { client, word };
  return { client, word: wordOf(client.read(rig.pass(1750, awake))) };
};

const seatedIn = ({ register }: SiteRig) => {
  const [entry] = [...register.kept].filter(([key]) => key.startsWith('named/'));
  return (decodeSeated(entry?.[1].value ?? new Uint8Array()) ?? []).map(
    ({ user, members }) => `${user} ${members.length}`,
  );
};

const seatsOf = (member: SiteMember) => {
  const { outcome } = only(member.operate({ kind: 'seat-list' }), 'answer');
  return outcome.kind === 'seat-list' ? outcome.seats : [];
};

named('a user counts once, at how many members ever he works', () => {
  const rig = assigned(2, 'ann', 'bob');
  const words = ['ann', 'bob', 'ANN'].flatMap((user) =>
    rig.members.map((member) => come(rig, member, user).word),
  );
  assert.equal(new Set(words), new Set(['granted']));
  assert.equal(seatedIn(rig), ['ann 2', 'bob 2']);
});

named('a license for users by name that was removed and is restored is shared by no seats', () => {
  const rig = assigned(3, 'ann');
  const one = rig.member(0);
  const { outcome } = only(one.operate({ kind: 'license-list' }), 'answer');
  assert.ok(outcome.kind === 'license-list');
  const [license] = outcome.licenses;
  assert.is(one.change({ kind: 'license-remove', id: license?.id ?? '' }).kind, 'license-remove');
  rig.pass(2000);
  assert.is(one.change({ kind: 'license-restore', id: license?.id ?? '' }).kind, 'license-restore');
  rig.pass(3000);
  const shared = [...rig.register.kept.keys()].filter((key) => key.startsWith(POOL_PREFIX));
  assert.equal(shared, []);
});

named('who is assigned in the place of another has a seat when that one has none any more', () => {
  const rig = assigned(1, 'ann');
  const { client, word } = come(rig, rig.member(0), 'ann');
  assert.is(word, 'granted');
  change(rig.member(1), 'user-recall', 'ann');
  change(rig.member(1), 'user-assign', 'bob');
  rig.pass(1000);
  assert.is(come(rig, rig.member(1), 'bob').word, 'no-seat');
  client.ask({ kind: 'release', id: 2 });
  rig.pass(1000);
  assert.is(come(rig, rig.member(1), 'bob').word, 'granted');
  assert.is(come(rig, rig.member(0), 'ann').word, 'not-assigned');
});

named('who is recalled on one member is renewed on no other one', () => {
  const rig = assigned(1, 'ann');
  const { client, word } = come(rig, rig.member(0), 'ann');
  assert.is(word, 'granted');
  change(rig.member(1), 'user-recall', 'ANN');
  rig.pass(1000);
  assert.is(wordOf(client.read(client.ask(renew(2)))), 'recalled');
  const [seat] = seatsOf(rig.member(0));
  assert.is(seat?.ending, 'recalled');
});

named('who has left is struck in the end', () => {
  const rig = assigned(2, 'ann');
  const { client } = come(rig, rig.member(0), 'ann');
  assert.equal(seatedIn(rig), ['ann 1']);
  client.ask({ kind: 'release', id: 2 });
  rig.pass(12_000);
  assert.equal(seatedIn(rig), []);
});

named('a user of a dead member counts until nobody believes in his seat, and then not', () => {
  const rig = assigned(1, 'ann');
  const [one, other] = [rig.member(0), rig.member(1)];
  const { client } = come(rig, one, 'ann');
  const left = [other];
  rig.pass(4000, left);
  change(other, 'user-recall', 'ann');
  change(other, 'user-assign', 'bob');
  assert.is(come(rig, other, 'bob', left).word, 'no-seat');
  rig.pass(BELIEF_MS, left);
  assert.is(come(rig, other, 'bob', left).word, 'granted');
  one.pass(1500);
  assert.is.not(wordOf(client.read(client.ask(renew(2)))), 'renewed');
});

named('somebody who is not assigned has no seat', () => {
  const rig = assigned(2, 'ann');
  assert.is(come(rig, rig.member(0), 'eve').word, 'not-assigned');
});

named.run();

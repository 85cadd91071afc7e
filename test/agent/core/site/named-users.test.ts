import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeSeated } from '../../../../agent/core/site/seated-record.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { ANN, PRODUCT, RigClient, renew } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const named = suite('named users of a site');

/** From then on nobody believes in what a dead member has lent. */
const BELIEF_MS = 10_000 + 60_000 + 1000 + 60_000 / 256;

/** Two members, and whom each of their administrators has assigned. */
const assigned = (seats: number, ...users: readonly (readonly string[])[]): SiteRig => {
  const terms = { type: 'named', counting: 'user', pools: [plainPool(seats)] } as const;
  const rig = new SiteRig(users.length, { ...terms, term: seconds(60) });
  for (const [i, names] of users.entries()) {
    const outcome = rig.member(i).change({
      kind: 'user-assign',
      product: PRODUCT,
      class: 'generic',
      users: names,
    });
    assert.is(outcome.kind, 'user-assign');
  }
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

named('a user counts once, at how many members ever he works', () => {
  const rig = assigned(2, ['ann', 'bob'], ['ann', 'bob']);
  const words = ['ann', 'bob', 'ANN'].flatMap((user) =>
    rig.members.map((member) => come(rig, member, user).word),
  );
  assert.equal(new Set(words), new Set(['granted']));
  assert.equal(seatedIn(rig), ['ann 2', 'bob 2']);
});

named('no more users have seats than there are, whomever the members’ lists name', () => {
  const rig = assigned(1, ['ann'], ['bob']);
  const { client, word } = come(rig, rig.member(0), 'ann');
  assert.is(word, 'granted');
  assert.is(come(rig, rig.member(1), 'bob').word, 'no-seat');
  client.ask({ kind: 'release', id: 2 });
  rig.pass(1000);
  assert.is(come(rig, rig.member(1), 'bob').word, 'granted');
  assert.is(come(rig, rig.member(0), 'ann').word, 'no-seat');
});

named('who has left is struck in the end', () => {
  const rig = assigned(2, ['ann'], ['ann']);
  const { client } = come(rig, rig.member(0), 'ann');
  assert.equal(seatedIn(rig), ['ann 1']);
  client.ask({ kind: 'release', id: 2 });
  rig.pass(12_000);
  assert.equal(seatedIn(rig), []);
});

named('a user of a dead member counts until nobody believes in his seat, and then not', () => {
  const rig = assigned(1, ['ann'], ['bob']);
  const [one, other] = [rig.member(0), rig.member(1)];
  const { client } = come(rig, one, 'ann');
  const left = [other];
  rig.pass(4000, left);
  assert.is(come(rig, other, 'bob', left).word, 'no-seat');
  rig.pass(BELIEF_MS, left);
  assert.is(come(rig, other, 'bob', left).word, 'granted');
  one.pass(1500);
  assert.is.not(wordOf(client.read(client.ask(renew(2)))), 'renewed');
});

named('somebody who is not assigned has no seat', () => {
  const rig = assigned(2, ['ann'], ['ann']);
  assert.is(come(rig, rig.member(0), 'eve').word, 'not-assigned');
});

named.run();

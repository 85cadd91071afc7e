/** The register of a site is brought back from an older copy, or begun anew, under its members. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import { EDITION_KEY, JOINED_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { RigClient, renew } from '../agent-rig.ts';
import { DeskRig } from '../desk-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { RegisterBench } from './register-bench.ts';
import { SiteMember, SiteRig } from './site-rig.ts';

const back = suite('a register that goes back');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };
/** Twelve seconds, a term, and a margin. */
const ENDED_MS = 74_000;

const takeAt = (member: SiteMember, number: number): string =>
  wordOf(take(member, new RigClient(member, number), 1));

const notesIn = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'note' ? [noteToSentence(effect.note)] : []));

const isOut = (member: SiteMember): boolean => {
  try {
    new RigClient(member, 99);
    return false;
  } catch {
    return true;
  }
};

const joinedIn = ({ kept }: RegisterBench): number =>
  [...kept.keys()].filter((key) => key.startsWith(JOINED_PREFIX)).length;

for (const [name, bump] of [
  ['as it was', undefined],
  ['with later revisions', 100_000],
] as const) {
  back(`brought back ${name}, it has nobody grant before all is over that was lent`, () => {
    const rig = new SiteRig(2, TERMS);
    const [one, other] = [rig.member(0), rig.member(1)];
    rig.pass(2000);
    const bringBack = rig.register.copy();
    rig.pass(3000);
    const client = new RigClient(one, 1);
    assert.is(wordOf(take(one, client, 1)), 'granted');
    rig.pass(1000);
    bringBack(bump);
    const told = notesIn(rig.pass(2000));
    assert.ok(told.some((sentence) => sentence.includes('has gone back')));
    assert.ok(told.some((sentence) => sentence.includes('when all seats have ended')));
    assert.is(joinedIn(rig.register), 0);
    assert.ok(rig.register.kept.has(EDITION_KEY));
    assert.ok(isOut(one) && isOut(other));
    assert.is(wordOf(client.read(client.ask(renew(2)))), 'renewed', 'it is honoured');
    rig.pass(60_000);
    assert.ok(isOut(one) && isOut(other));
    rig.pass(ENDED_MS - 60_000);
    assert.is(joinedIn(rig.register), 2);
    for (let i = 2; i <= 5; i++) {
      takeAt(rig.member(i % 2), i);
      rig.pass(2000);
    }
    assert.is(one.agent.leaseCount + other.agent.leaseCount, 4, 'every seat can be had');
  });
}

back('a member alone notices by its own word that revisions have jumped', () => {
  const rig = new SiteRig(1, TERMS);
  rig.pass(2000);
  const bringBack = rig.register.copy();
  rig.pass(3000);
  bringBack(100_000);
  rig.pass(2000);
  assert.ok(isOut(rig.member(0)));
  rig.pass(ENDED_MS);
  assert.not(isOut(rig.member(0)));
});

back('who could not notice is stopped by one who has', () => {
  const rig = new SiteRig(2, TERMS);
  const [one, other] = [rig.member(0), rig.member(1)];
  rig.pass(2000);
  const bringBack = rig.register.copy();
  // It knows nothing of what is lost.
  other.isCut = true;
  rig.pass(1500);
  bringBack();
  other.isCut = false;
  rig.pass(500, [other]);
  rig.pass(2000);
  assert.ok(isOut(one) && isOut(other));
  rig.pass(ENDED_MS);
  assert.not(isOut(one) || isOut(other));
});

back('an edition is begun once, whoever comes back later', () => {
  const rig = new SiteRig(2, TERMS);
  const [one, other] = [rig.member(0), rig.member(1)];
  rig.pass(2000);
  const bringBack = rig.register.copy();
  rig.pass(5000);
  other.isCut = true;
  bringBack();
  rig.pass(ENDED_MS + 4000);
  const edition = rig.register.kept.get(EDITION_KEY)?.revision;
  assert.not(isOut(one));
  other.isCut = false;
  rig.pass(3000);
  assert.is(rig.register.kept.get(EDITION_KEY)?.revision, edition);
  assert.not(isOut(one));
  assert.ok(isOut(other), 'it waits by itself');
  rig.pass(ENDED_MS);
  assert.not(isOut(other));
});

back('it may go back behind the edition that it was begun with', () => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  const bringBack = rig.register.copy();
  for (const number of [1, 2]) {
    rig.pass(3000);
    bringBack();
    rig.pass(3000);
    assert.ok(rig.members.every(isOut), `${number}`);
    rig.pass(ENDED_MS);
    assert.not(rig.members.some(isOut), `${number}`);
  }
});

back('begun anew, empty, it is the same', () => {
  const register = new RegisterBench();
  const bringBack = register.copy();
  const rig = new SiteRig(2, TERMS, () => register);
  rig.pass(4000);
  assert.is(takeAt(rig.member(0), 1), 'granted');
  bringBack();
  rig.pass(3000);
  assert.ok(rig.members.every(isOut));
  rig.pass(ENDED_MS);
  assert.not(rig.members.some(isOut));
});

back('brought back from before it had joined, a member waits all the same', () => {
  const rig = new SiteRig(2, TERMS);
  const [one, other] = [rig.member(0), rig.member(1)];
  rig.pass(2000, [one]);
  assert.is(takeAt(one, 1), 'granted');
  const bringBack = rig.register.copy();
  // Nothing that it has seen is of later than the copy but what it has written itself.
  one.isCut = true;
  rig.pass(1500, [other]);
  bringBack(100_000);
  rig.pass(3000, [other]);
  assert.ok(isOut(other));
  rig.pass(ENDED_MS);
  assert.not(isOut(other));
});

/** Time passes for a member, whose agent has the store of `desk`. */
const pass = (member: SiteMember, desk: DeskRig, milliseconds: number): readonly Effect[] => {
  const effects = member.pass(milliseconds);
  for (const effect of effects) if (effect.kind === 'commit') desk.store.write(effect.writes);
  return effects;
};

for (const [name, bump] of [
  ['as it was', undefined],
  ['with later revisions', 100_000],
] as const) {
  back(`who was stopped while it was brought back ${name} finds it out`, () => {
    const register = new RegisterBench();
    const desk = new DeskRig();
    desk.license(2, TERMS);
    pass(SiteMember.of(desk, register, 2), desk, 4000);
    const bringBack = register.copy();
    pass(SiteMember.of(desk, register, 2), desk, 4000);
    bringBack(bump);
    const again = SiteMember.of(desk, register, 2);
    assert.ok(notesIn(pass(again, desk, 4000)).some((one) => one.includes('all seats have ended')));
    assert.ok(isOut(again));
    pass(again, desk, ENDED_MS);
    assert.not(isOut(again));
    const later = SiteMember.of(desk, register, 2);
    pass(later, desk, 2000);
    assert.not(isOut(later), 'it knows this edition then');
  });
}

back.run();

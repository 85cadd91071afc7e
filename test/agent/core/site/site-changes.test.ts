/** What people are shown of a site has changed: whoever looks is told so, once, and else nothing. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { RigClient } from '../agent-rig.ts';
import { take } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const changes = suite('changes of what is shown of a site');

const TERMS = { term: seconds(60), pools: [plainPool(4)] };
/** Longer than it takes to find a member dead. */
const DEATH_MS = 3500;
/** Longer than it takes to share seats anew. */
const QUIET_MS = 5000;

const newsIn = (rig: SiteRig, milliseconds: number, who?: readonly SiteMember[]): number =>
  rig.pass(milliseconds, who).filter(({ kind }) => kind === 'site-changed').length;

const quiet = (count: number): readonly [SiteRig, ...SiteMember[]] => {
  const rig = new SiteRig(count, TERMS);
  rig.pass(QUIET_MS);
  return [rig, ...rig.members];
};

changes('while nothing happens nothing is told', () => {
  const [rig] = quiet(3);
  assert.is(newsIn(rig, 60_000), 0);
});

changes('who dies, and comes back, is told of by each of the others once', () => {
  const [rig, one, two, three] = quiet(3);
  assert.ok(one && two && three);
  assert.is(newsIn(rig, DEATH_MS, [one, two]), 2);
  assert.is(newsIn(rig, DEATH_MS, [one, two]), 0);
  // The one that is back looks first, and has news of its own.
  three.pass(250);
  assert.is(newsIn(rig, 500, [one, two]), 2);
  rig.pass(QUIET_MS);
  assert.is(newsIn(rig, QUIET_MS), 0);
});

changes('who joins for the first time is told of', () => {
  const rig = new SiteRig(2, TERMS);
  const one = rig.member(0);
  rig.pass(QUIET_MS, [one]);
  assert.is(newsIn(rig, QUIET_MS, [one]), 0);
  rig.member(1).wake();
  assert.ok(newsIn(rig, 500, [one]) >= 1);
});

changes('who is forgotten is told of', () => {
  const [rig, one, two] = quiet(3);
  assert.ok(one && two);
  rig.pass(DEATH_MS, [one, two]);
  const dead = one.operate({ kind: 'site-dead' }).find(({ kind }) => kind === 'answer');
  const outcome = dead?.kind === 'answer' ? dead.outcome : undefined;
  assert.ok(outcome?.kind === 'site-dead');
  one.operate({ kind: 'site-forget', member: outcome.dead?.[0]?.id ?? '' });
  assert.is(newsIn(rig, 500, [two]), 1);
});

changes('seats that are shared otherwise are told of', () => {
  const [rig, one, two] = quiet(2);
  assert.ok(one && two);
  for (let i = 1; i <= 3; i++) take(one, new RigClient(one, i), 1);
  assert.ok(newsIn(rig, QUIET_MS, [two]) >= 1);
});

changes('another leader of the register is told of, once', () => {
  const [rig] = quiet(2);
  rig.register.by = 'another';
  assert.is(newsIn(rig, 2000), 2);
});

changes('while the register is silent nobody knows how it is: whoever looks asks again', () => {
  const [rig, one] = quiet(1);
  assert.ok(one);
  one.isCut = true;
  assert.is(newsIn(rig, 1000), 2, 'at each beat');
  one.isCut = false;
  assert.ok(newsIn(rig, 2000) >= 1);
  assert.is(newsIn(rig, QUIET_MS), 0);
});

changes.run();

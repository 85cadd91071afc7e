/** Allowances that members of a site draw down together. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeShares } from '../../../../agent/core/site/share-record.ts';
import { METER_PREFIX } from '../../../../agent/core/site/site-keys.ts';
import { ANN, PRODUCT, RigClient } from '../agent-rig.ts';
import { wordOf } from '../seats/seat-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

const draws = suite('draws of a site');

/** Longer than a draw waits for what others may give. */
const WAIT_MS = 2000;
/** Longer than one that draws nothing keeps what it has. */
const QUIET_MS = 12_000;
/** Longer than it takes until seats of the dead are the others'. */
const GONE_MS = 90_000;

let ids = 0;

const siteOf = (members: number, allowance: number): SiteRig => {
  const rig = new SiteRig(members, { meters: [{ name: 'runs', allowance }] });
  rig.pass(2000);
  return rig;
};

/** What becomes of a draw that is asked for until it is answered. */
const draw = (rig: SiteRig, member: SiteMember, amount: number, awake = rig.members): string => {
  const client = new RigClient(member, ++ids);
  const drawId = new Uint8Array(16).fill(ids);
  for (let asked = 1; asked < 10; asked++) {
    const id = 100 * ids + asked;
    const request = { kind: 'draw', id, product: PRODUCT, meter: 'runs', amount, drawId } as const;
    const effects = client.ask({ ...request, holder: ANN });
    const commits = effects.some(({ kind }) => kind === 'commit');
    const reply = client.read(commits ? [...effects, ...member.settle(effects)] : effects);
    if (reply !== undefined) return wordOf(reply);
    rig.pass(WAIT_MS / 4, awake);
  }
  return 'nothing';
};

/** What members have of the allowance. */
const sharedIn = ({ register }: SiteRig): number =>
  [...register.kept]
    .filter(([key]) => key.startsWith(METER_PREFIX))
    .flatMap(([, { value }]) => decodeShares(value) ?? [])
    .reduce((sum, { seats }) => sum + seats, 0);

draws('all members together draw no more than there is, and all of it', () => {
  const rig = siteOf(2, 5);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(draw(rig, one, 2), 'drawn');
  assert.is(draw(rig, two, 2), 'drawn');
  assert.is(draw(rig, two, 2), 'meter-empty');
  assert.is(draw(rig, one, 1), 'drawn');
  assert.is(draw(rig, one, 1), 'meter-empty');
  assert.is(draw(rig, two, 1), 'meter-empty');
});

draws('a draw that finds a part of what it needs gets the rest of another member', () => {
  const rig = siteOf(2, 6);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(draw(rig, one, 1), 'drawn');
  assert.is(draw(rig, two, 1), 'drawn');
  // One has one left, two has one, and nobody has two.
  assert.is(draw(rig, one, 4), 'drawn');
});

draws('what lies idle at a member goes where it is drawn', () => {
  const rig = siteOf(2, 100);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(draw(rig, one, 1), 'drawn');
  assert.is(draw(rig, two, 99), 'drawn');
  assert.is(draw(rig, two, 1), 'meter-empty');
});

draws('what a dead member has left stays its own, for it may have drawn it', () => {
  const rig = siteOf(2, 160);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(draw(rig, one, 1), 'drawn');
  rig.pass(500);
  // It has ten more at hand when it falls silent.
  rig.pass(GONE_MS, [two]);
  assert.is(draw(rig, two, 150, [two]), 'meter-empty');
  assert.is(draw(rig, two, 149, [two]), 'drawn');
  rig.pass(QUIET_MS);
  assert.is(draw(rig, two, 10), 'drawn');
  assert.is(draw(rig, one, 1), 'meter-empty');
});

draws('what was given back before a member died is there for the others', () => {
  const rig = siteOf(2, 160);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(draw(rig, one, 1), 'drawn');
  rig.pass(QUIET_MS);
  rig.pass(GONE_MS, [two]);
  assert.is(draw(rig, two, 159, [two]), 'drawn');
});

draws('nobody draws what he may have given away unheard', () => {
  const rig = siteOf(2, 100);
  const [one, two] = [rig.member(0), rig.member(1)];
  assert.is(draw(rig, one, 1), 'drawn');
  rig.register.deafTo = (ask) => {
    if (!ask.writes.some(({ key }) => key.startsWith(METER_PREFIX))) return false;
    rig.register.transact(ask);
    return true;
  };
  rig.pass(QUIET_MS, [one]);
  one.isCut = true;
  rig.register.deafTo = () => false;
  rig.pass(WAIT_MS, [two]);
  assert.is(draw(rig, two, 99, [two]), 'drawn');
  one.isCut = false;
  rig.pass(3 * WAIT_MS);
  assert.is(draw(rig, one, 1), 'meter-empty');
});

draws('a draw that could not be written, and may be there, is not given back', () => {
  const rig = siteOf(1, 160);
  const member = rig.member(0);
  assert.is(draw(rig, member, 1), 'drawn');
  const client = new RigClient(member, ++ids);
  const drawId = new Uint8Array(16).fill(ids);
  const request = { kind: 'draw', id: 1, product: PRODUCT, meter: 'runs', amount: 5 } as const;
  const effects = client.ask({ ...request, drawId, holder: ANN });
  assert.is(wordOf(client.read(member.fail(effects))), 'store-failing');
  // It is owed a commit that takes it out again, and none is made.
  member.isStuck = true;
  rig.pass(QUIET_MS);
  assert.is(sharedIn(rig), 6);
  member.isStuck = false;
  rig.pass(QUIET_MS);
  assert.is(sharedIn(rig), 1);
});

draws.run();

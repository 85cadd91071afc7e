/** Members on a bench of whom some are dead, and what is asked of them. */

import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { Outcome } from '../../../../agent/core/operations.ts';
import { memberIdOf } from '../../../../agent/core/site/site-keys.ts';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { swiftPrimitives } from '../../../simulation/swift-primitives.ts';
import { only } from '../agent-rig.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

export const TERMS = {
  term: seconds(60),
  pools: [plainPool(1)],
  meters: [{ name: 'runs', allowance: 160 }],
};
/** Longer than it takes to find a member dead. */
export const DEATH_MS = 3500;

/** The id of the member of this number: the first is called box-1 mostly. */
export const idOf = (number: number): string => {
  const secret = new Uint8Array(32).fill(number + 1);
  return memberIdOf(swiftPrimitives.agreementKeys(secret).publicKey);
};

/** Members called box-1 and so on, or otherwise. */
export const found = (...names: readonly string[]): readonly [SiteRig, ...SiteMember[]] => {
  const rig = new SiteRig(names.length, TERMS);
  for (const [i, name] of names.entries()) {
    rig
      .member(i)
      .step({ kind: 'preferences', preferred: { name, vendorKeys: null, refuseHosts: [] } });
  }
  rig.pass(2000);
  return [rig, ...rig.members];
};

export const answerIn = (effects: readonly Effect[]): Outcome => only(effects, 'answer').outcome;

export const forget = (member: SiteMember, who: string): Outcome =>
  answerIn(member.operate({ kind: 'site-forget', member: who }));

export const deadAt = (member: SiteMember) => {
  const outcome = answerIn(member.operate({ kind: 'site-dead' }));
  assert.ok(outcome.kind === 'site-dead');
  return outcome.dead;
};

export const tell = (member: SiteMember, who: string, what: 'death' | 'end'): Outcome =>
  answerIn(member.operate({ kind: 'site-tell', member: who, what }));

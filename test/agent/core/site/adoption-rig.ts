/** One seat of a site, lent by a member that dies: what becomes of its lease at the others. */

import * as assert from 'uvu/assert';
import { seconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, RigClient } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import type { RegisterBench } from './register-bench.ts';
import { type SiteMember, SiteRig } from './site-rig.ts';

export const TERMS = { term: seconds(60), pools: [plainPool(1)] };
/** Longer than it takes to find a member dead, and to move a lease. */
export const DEATH_MS = 3000;
/** From then on nobody believes in what the dead one has lent: its last renewals, a term, and the margin. */
export const BELIEF_MS = 10_000 + 60_000 + 1000 + 60_000 / 256;

export interface Scene {
  readonly rig: SiteRig;
  readonly owner: SiteMember;
  readonly others: readonly SiteMember[];
  readonly ticket: Uint8Array;
  readonly client: RigClient;
}

export const freeAt = (member: SiteMember | undefined): number =>
  [...(member?.agent.pools() ?? [])].reduce((sum, { free }) => sum + free, 0);

/** The only seat of the site is lent by one of its members, who falls silent. */
export const dyingOwner = (
  members: number,
  through?: (register: RegisterBench) => RegisterBench,
): Scene => {
  const rig = new SiteRig(members, TERMS, through);
  rig.pass(2000);
  const owner = rig.members.find((member) => freeAt(member) === 1);
  assert.ok(owner);
  const client = new RigClient(owner, 1);
  const granted = take(owner, client, 1);
  assert.ok(granted?.kind === 'granted' && granted.takeover);
  rig.pass(500);
  const others = rig.members.filter((member) => member !== owner);
  return { rig, owner, others, ticket: granted.takeover.ticket, client };
};

export const shown = (ticket: Uint8Array, id = 2) => ({ ...acquire(id), ticket });

/** The client of the dead one, or another, shows its ticket to a member. */
export const show = (
  { rig, others, ticket }: Scene,
  to: SiteMember,
  number = 1,
): [RigClient, string] => {
  const client = new RigClient(to, number);
  assert.is(client.read(client.ask(shown(ticket))), undefined);
  return [client, wordOf(client.read(rig.pass(DEATH_MS, others)))];
};

/**
 * The chain of a child license: which agent's key signed it, by whose leave, up to the vendor's
 * license. From it follows the license that the child lends by. protocol/README.md, section "Child
 * license".
 */

import type { SignedActivation } from './activation.ts';
import { equalBytes } from './bytes.ts';
import { type ChildLicense, type ChildPool, childEnds, type SignedChild } from './child-license.ts';
import type { License, PoolGrant } from './license.ts';
import { assert } from './result.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from './units.ts';

/**
 * Why a chain is worth nothing. `other-parent`: a child license is signed by another agent than the
 * one for which what it is of is activated; `children-terms`: what it is of allows no such child
 * (its seats, its generation, or children at all); `emergency-terms`: the parent has given itself an
 * emergency activation, which is for its own seats; `other-license`: it is of another license;
 * `other-agent`: it is active on another agent; `child-suspended`; `child-expired`.
 */
export type ChildFault =
  | 'other-parent'
  | 'children-terms'
  | 'emergency-terms'
  | 'other-license'
  | 'not-activated'
  | 'other-agent'
  | 'child-suspended'
  | 'child-expired';

export interface ChainQuestion {
  /** The vendor's license, and its activation for the first parent. */
  readonly license: License;
  readonly activation: SignedActivation;
  /** From the child of that parent on; at least one. */
  readonly children: readonly SignedChild[];
}

export interface ChainMoment {
  /** The X25519 key of the agent that shows it. */
  readonly agentKey: Uint8Array;
  readonly wall: EpochSeconds;
  /** By so much the clock may be wrong. */
  readonly tolerance: Seconds;
}

/**
 * What a child lends by: the parent's license with the child's seats, name and narrower dates. What
 * is counted once for all, meters and borrowing, stays with the parent. `undefined` where the parent
 * may not allow it.
 */
export const deriveLicense = (parent: License, child: ChildLicense): License | undefined => {
  const { children, hostCode } = child;
  if (parent.children === null || child.of !== parent.id) return undefined;
  const depth = parent.children.depth - 1;
  if (children !== null && children.depth > depth) return undefined;
  const pools: PoolGrant[] = [];
  for (const pool of child.pools) {
    const whole = parent.pools.find((one) => one.class === pool.class);
    if (whole === undefined || mostSeats(pool) > mostSeats(whole)) return undefined;
    pools.push({ ...pool, overdraft: 0 });
  }
  return {
    ...parent,
    id: child.id,
    customer: child.account,
    issued: child.issued,
    expires: earlier(parent.expires, child.expires),
    term: seconds(Math.min(parent.term, child.longest)),
    pools,
    meters: [],
    borrow: null,
    supersedes: [],
    activation: {
      agents: 1,
      emergency: null,
      refresh: child.calls === null ? null : { every: DAY, grace: child.calls.grace },
      master: child.calls === null ? null : child.parent,
    },
    hostCode,
    children,
  };
};

const DAY = seconds(86_400);

const mostSeats = ({ seats, stages }: ChildPool): number =>
  Math.max(seats, ...stages.map((stage) => stage.seats));

/** The first of two dates; `null` is never. */
export const earlier = (
  one: EpochSeconds | null,
  other: EpochSeconds | null,
): EpochSeconds | null => {
  if (one === null || other === null) return one ?? other;
  return epochSeconds(Math.min(one, other));
};

/** The license that the last of a chain lends by, or why there is none. */
export const deriveChain = ({
  license,
  activation,
  children,
}: ChainQuestion): License | ChildFault => {
  if (activation.origin === null) return 'emergency-terms';
  let parent = license;
  let signer: Uint8Array | undefined = activation.activation.agent.signingKey;
  for (const { child, signer: signed } of children) {
    if (child.of !== parent.id) return 'other-license';
    if (signer === undefined || !equalBytes(signer, signed)) return 'other-parent';
    const derived = deriveLicense(parent, child);
    if (derived === undefined) return 'children-terms';
    parent = derived;
    signer = child.agent?.signingKey;
  }
  return parent;
};

/** Why the last of a chain lends nothing on an agent at a time; `undefined` when it lends. */
export const checkChain = (
  children: readonly SignedChild[],
  { agentKey, wall, tolerance }: ChainMoment,
): ChildFault | undefined => {
  const last = children.at(-1)?.child;
  assert(last !== undefined, 'a chain without a child');
  // One for a host code is good on that computer, which its agent sees to.
  if (last.agent === null && last.hostCode === null) return 'not-activated';
  if (last.agent !== null && !equalBytes(last.agent.boxKey, agentKey)) return 'other-agent';
  if (children.some(({ child }) => child.state !== 'active')) return 'child-suspended';
  const ends = chainEnds(children);
  return ends !== null && wall >= ends + tolerance ? 'child-expired' : undefined;
};

/** When the first of a chain ends; `null` for never. */
export const chainEnds = (children: readonly SignedChild[]): EpochSeconds | null =>
  children.reduce<EpochSeconds | null>((ends, { child }) => earlier(ends, childEnds(child)), null);

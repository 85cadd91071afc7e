/** What the evidence says about the way to one address. */

import type { Evidence, OwnAddress, Target } from './evidence.ts';

/** Whether both are in the same network by this mask. */
const isSameNetwork = (left: string, right: string, netmask: string): boolean => {
  const [a, b, mask] = [left, right, netmask].map((quad) => quad.split('.').map(Number));
  return (mask ?? []).every((bits, i) => ((a?.[i] ?? 0) & bits) === ((b?.[i] ?? 0) & bits));
};

/** Our addresses in whose network the target is. */
export const linksTo = ({ own }: Evidence, { address }: Target): readonly OwnAddress[] =>
  address.includes(':')
    ? []
    : own.filter((one) => isSameNetwork(one.address, address, one.netmask));

/** The tunnel by which datagrams to there leave, if it is one. */
export const tunnelTo = ({ own }: Evidence, { leavesFrom }: Target): OwnAddress | undefined =>
  own.find(({ address, isTunnel }) => isTunnel && address === leavesFrom);

/** Whether it is beyond a router, as far as that can be told. */
export const isBeyondRouter = (evidence: Evidence, target: Target): boolean =>
  !target.address.includes(':') &&
  linksTo(evidence, target).length === 0 &&
  tunnelTo(evidence, target) === undefined;

/** Whether its computer is up, by what it told on the link; `undefined` where nobody can tell. */
export const isUp = (evidence: Evidence, target: Target): boolean | undefined => {
  if (target.answer !== null || target.error === 'refused' || target.isStrange) return true;
  const isOnLink = linksTo(evidence, target).length > 0 && tunnelTo(evidence, target) === undefined;
  if (!isOnLink || evidence.neighbours === null) return undefined;
  return evidence.neighbours.present.includes(target.address);
};

/**
 * Of which cluster of etcd the endpoints are. Those of one alone are believed: etcds that do not know each
 * other, and stand in another order at each member, would count every seat as often.
 */

import type { RegisterAnswer } from '../../core/site/register.ts';
import type { EndpointView } from '../../core/site/site-view.ts';

/** How an endpoint is, as far as its cluster goes. */
export type ClusterSeen = Pick<EndpointView, 'url' | 'cluster' | 'trouble'>;

export type Unproven = Exclude<RegisterAnswer, { kind: 'transacted' }>;

/**
 * The cluster whose endpoints more than half are; or half, if no other answers: so no two members take
 * different ones that each have the same list. Else what to answer instead: `refused` where several are.
 */
export const judgeCluster = (seen: readonly ClusterSeen[]): string | Unproven => {
  const counts = new Map<string, number>();
  for (const { cluster } of seen) {
    if (cluster !== null) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  }
  const [[first, most] = [undefined, 0], second] = [...counts].sort((a, b) => b[1] - a[1]);
  const isAlone = second === undefined;
  if (first !== undefined && (isAlone ? 2 * most >= seen.length : 2 * most > seen.length))
    return first;
  if (!isAlone) return { kind: 'refused', sentence: differs(seen, first) };
  const silent = seen.find(({ cluster }) => cluster === null);
  const why = silent?.trouble ?? 'Nothing of etcd answers.';
  const few = `${most} of ${seen.length} endpoints of etcd answers, and ${Math.ceil(seen.length / 2)} have to at first.`;
  return { kind: 'silent', sentence: most === 0 ? why : `${few} ${why}` };
};

const differs = (seen: readonly ClusterSeen[], first: string | undefined): string => {
  const one = seen.find(({ cluster }) => cluster === first);
  const other = seen.find(({ cluster }) => cluster !== null && cluster !== first);
  return `${one?.url} and ${other?.url} are of different clusters of etcd, which would each count all seats: name the endpoints of one cluster.`;
};

/** Each with its trouble, where it is of another cluster than those that are believed. */
export const tellOthers = (seen: readonly EndpointView[]): readonly EndpointView[] => {
  const judged = judgeCluster(seen);
  if (typeof judged !== 'string') return seen;
  const one = seen.find(({ cluster }) => cluster === judged);
  return seen.map((view) =>
    view.cluster === null || view.cluster === judged
      ? view
      : { ...view, trouble: `It is of another cluster of etcd than ${one?.url}.` },
  );
};

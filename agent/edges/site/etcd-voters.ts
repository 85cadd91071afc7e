/** Who decides in etcd, by its own list of its members. */

import { parseFields } from './etcd-answer.ts';
import type { EtcdLine } from './etcd-line.ts';
import type { AskAsMember } from './etcd-status.ts';

const LIST_PATH = '/v3/cluster/member/list';
const VOTERS_MAX = 100;

/** Their ids, by the first that tells; `null` where none does: some tell administrators alone. */
export const votersOf = async (
  lines: readonly EtcdLine[],
  ask: AskAsMember,
): Promise<readonly string[] | null> => {
  for (const line of lines) {
    const reply = await ask(line, LIST_PATH, '{}');
    if (reply.kind !== 'said' || reply.status !== 200) continue;
    const members = parseFields(reply.text)?.['members'];
    if (!Array.isArray(members) || members.length === 0) continue;
    return members.slice(0, VOTERS_MAX).flatMap(voterOf);
  }
  return null;
};

/** A learner has no voice yet. */
const voterOf = (member: unknown): readonly string[] => {
  const { ID: id, isLearner } = (member ?? {}) as { ID?: unknown; isLearner?: unknown };
  return typeof id === 'string' && /^\d{1,20}$/.test(id) && isLearner !== true ? [id] : [];
};

/** How etcd's members are, asked of each by itself. */

import type { EndpointView } from '../../core/site/site-view.ts';
import { parseFields } from './etcd-answer.ts';
import type { EtcdLine } from './etcd-line.ts';

const STATUS_MS = 1000;
const WORD_MAX = 100;

interface Seen extends EndpointView {
  /** Changes that it has taken over, and that it knows of. */
  readonly applied: number;
  readonly known: number;
}

/** One view for each line, in their order. It never rejects. */
export const lookAtEtcd = async (
  lines: readonly EtcdLine[],
  stop: AbortSignal,
): Promise<readonly EndpointView[]> => {
  const seen = await Promise.all(lines.map((line) => look(line, stop)));
  const most = Math.max(...seen.map(({ known }) => known));
  return seen.map(({ applied, known: _, ...view }) => ({
    ...view,
    behind: view.standing === 'unreachable' ? null : Math.max(0, most - applied),
  }));
};

const look = async (line: EtcdLine, stop: AbortSignal): Promise<Seen> => {
  const call = { path: '/v3/maintenance/status', body: '{}', token: '', timeout: STATUS_MS };
  const reply = await line.call(call, stop);
  const url = line.url.origin;
  const none = { url, version: null, behind: null, size: null, applied: 0, known: 0 };
  if (reply.kind === 'nothing')
    return { ...none, standing: 'unreachable', trouble: reply.sentence };
  const fields = reply.status === 200 ? parseFields(reply.text) : undefined;
  if (fields === undefined) {
    const trouble = `What answers at ${url} is no etcd with its JSON gateway.`;
    return { ...none, standing: 'unreachable', trouble };
  }
  const { leader, header, version, dbSize, raftIndex, raftAppliedIndex, errors } = fields;
  const me = (header as { member_id?: unknown } | undefined)?.member_id;
  const hasLeader = typeof leader === 'string' && leader !== '0';
  const [trouble] = Array.isArray(errors) ? errors : [];
  return {
    ...none,
    standing: hasLeader ? (leader === me ? 'leader' : 'follower') : 'without a leader',
    version: typeof version === 'string' ? version.slice(0, WORD_MAX) : null,
    size: Number(dbSize) || null,
    known: Number(raftIndex) || 0,
    applied: Number(raftAppliedIndex) || 0,
    trouble: typeof trouble === 'string' ? trouble.slice(0, WORD_MAX) : null,
  };
};

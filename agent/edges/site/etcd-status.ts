/** How etcd's members are, asked of each by itself. */

import { FORMAT_KEY } from '../../core/site/site-keys.ts';
import type { EndpointView } from '../../core/site/site-view.ts';
import { type EtcdError, errorOf, errorToAnswer, originOf, parseFields } from './etcd-answer.ts';
import type { EtcdLine, EtcdReply } from './etcd-line.ts';
import { ASK_PATH, askToEtcd } from './etcd-words.ts';

const STATUS_PATH = '/v3/maintenance/status';
const WORD_MAX = 100;

interface Seen extends EndpointView {
  /** Changes that it has taken over, and that it knows of. */
  readonly applied: number;
  readonly known: number;
}

/** Asks as the member that this agent is to etcd. */
export type AskAsMember = (line: EtcdLine, path: string, body: string) => Promise<EtcdReply>;

interface Looking {
  readonly ask: AskAsMember;
  /** Before the keys of the site. */
  readonly prefix: string;
  /** Milliseconds for each call. */
  readonly timeout: number;
  readonly stop: AbortSignal;
}

/** One view for each line, in their order. It never rejects. */
export const lookAtEtcd = async (
  lines: readonly EtcdLine[],
  looking: Looking,
): Promise<readonly EndpointView[]> => {
  const seen = await Promise.all(lines.map((line) => look(line, looking)));
  const most = Math.max(...seen.map(({ known }) => known));
  return seen.map(({ applied, known, ...view }) => ({
    ...view,
    behind: known === 0 ? null : Math.max(0, most - applied),
  }));
};

const NOTHING = {
  version: null,
  cluster: null,
  member: null,
  behind: null,
  size: null,
  applied: 0,
  known: 0,
};

const look = async (line: EtcdLine, looking: Looking): Promise<Seen> => {
  const url = line.url.origin;
  const none = { ...NOTHING, url };
  const call = { path: STATUS_PATH, body: '{}', token: '', timeout: looking.timeout };
  let reply = await line.call(call, looking.stop);
  if (errorIn(reply) !== undefined) reply = await looking.ask(line, STATUS_PATH, '{}');
  if (reply.kind === 'nothing')
    return { ...none, standing: 'unreachable', trouble: reply.sentence };
  const error = errorIn(reply);
  if (error !== undefined) return { ...none, ...(await withoutStatus(line, looking, error)) };
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
    ...originOf(fields),
    version: typeof version === 'string' ? version.slice(0, WORD_MAX) : null,
    size: Number(dbSize) || null,
    known: Number(raftIndex) || 0,
    applied: Number(raftAppliedIndex) || 0,
    trouble: typeof trouble === 'string' ? trouble.slice(0, WORD_MAX) : null,
  };
};

const errorIn = (reply: EtcdReply): EtcdError | undefined => {
  const fields = reply.kind === 'said' && reply.status !== 200 && parseFields(reply.text);
  return fields ? errorOf(fields) : undefined;
};

/** Some versions tell their status to administrators alone: etcd is asked for something of the site's. */
const withoutStatus = async (
  line: EtcdLine,
  { ask, prefix }: Looking,
  error: EtcdError,
): Promise<Pick<EndpointView, 'standing' | 'cluster' | 'member' | 'trouble'>> => {
  const reads = [{ prefix: FORMAT_KEY, since: 0 }];
  const reply = await ask(line, ASK_PATH, askToEtcd({ compares: [], writes: [], reads }, prefix));
  const fields = reply.kind === 'said' && reply.status === 200 && parseFields(reply.text);
  if (fields) return { standing: 'serves', ...originOf(fields), trouble: null };
  const answer = errorToAnswer(error, line.url.origin);
  const trouble = 'sentence' in answer ? answer.sentence : null;
  return { standing: 'unreachable', cluster: null, member: null, trouble };
};

/** Why clients would not see an agent, from wherever it is run: asked for real, then judged. */

import type { Invocation } from '../command.ts';
import type { Evidence } from './evidence.ts';
import { type Diagnosis, type Finding, REASONS, type Reason } from './finding.ts';
import { gatherEvidence } from './gather.ts';
import {
  judgeClock,
  judgeLicense,
  judgeMaster,
  judgePort,
  judgeProfile,
  judgeTwins,
  judgeVersion,
} from './judge-agents.ts';
import { judgeSite } from './judge-site.ts';
import {
  judgeBlockedPort,
  judgeBroadcast,
  judgeIsolation,
  judgeNoAgent,
  judgeRoute,
  judgeSubnet,
} from './judge-way.ts';

const JUDGES = {
  'port-taken': judgePort,
  'no-agent': judgeNoAgent,
  'wrong-profile': judgeProfile,
  'blocked-port': judgeBlockedPort,
  'broadcast-lost': judgeBroadcast,
  'other-subnet': judgeSubnet,
  'vpn-route': judgeRoute,
  'client-isolation': judgeIsolation,
  'second-agent': judgeTwins,
  version: judgeVersion,
  clock: judgeClock,
  'no-license': judgeLicense,
  master: judgeMaster,
  site: judgeSite,
} as const satisfies Readonly<Record<Reason, (evidence: Evidence) => Diagnosis>>;

/** A finding for each reason, in their order. */
export const judgeNetwork = (evidence: Evidence): readonly Finding[] =>
  REASONS.map((code) => ({ code, ...JUDGES[code](evidence) }));

/** Asks and looks, a few seconds long, and judges. */
export const examineNetwork = async (
  invocation: Invocation,
  product: string | null,
): Promise<readonly Finding[]> => judgeNetwork(await gatherEvidence(invocation, product));

const MARKS = { well: 'ok', trouble: 'TROUBLE', unknown: '?' } as const;

/** A line for each finding, and one more for what cures it. */
export const renderFindings = (findings: readonly Finding[]): string =>
  findings
    .map(({ code, standing, sentence, cure }) => {
      const line = `  ${MARKS[standing].padEnd(7)}  ${code.padEnd(CODE_WIDTH)}  ${sentence}\n`;
      return cure === null ? line : `${line}${' '.repeat(CODE_WIDTH + 13)}-> ${cure}\n`;
    })
    .join('');

const CODE_WIDTH = Math.max(...REASONS.map((code) => code.length));

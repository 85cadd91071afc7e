/**
 * What a renewal costs the core, without socket and clock, in bytes that are allocated: with the code
 * interpreted as it stands, they are the same on every machine, however busy it is.
 */

import { acquire, askOffer, endpointOf, makeAgent, momentOf } from './bench-core.ts';
import { BenchSession } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';
import { median } from './statistics.ts';

export interface RenewalCostQuestion {
  /** Measured so many times; the median is the answer, in bytes. */
  readonly rounds: number;
}

const SESSIONS = 16;
/** So few that nothing is collected while they are counted. */
const RENEWALS = 500;

const makeRound = (): (() => number) => {
  const agent = makeAgent(SESSIONS);
  const offer = askOffer(agent, 0);
  const from = endpointOf(0);
  const sessions = Array.from({ length: SESSIONS }, (_, i) => new BenchSession(offer, from, i));
  for (const [i, session] of sessions.entries()) acquire(agent, session, 0, i);
  const at = momentOf(100);
  return () => {
    const datagrams = Array.from({ length: RENEWALS }, (_, i) => sessions[i % SESSIONS]?.renew());
    globalThis.gc?.();
    const before = process.memoryUsage();
    let answered = 0;
    for (const bytes of datagrams) {
      if (bytes === undefined) continue;
      const [first] = agent.step({ kind: 'datagram', from, bytes }, at);
      if (first?.kind === 'send') answered++;
    }
    const after = process.memoryUsage();
    if (answered !== RENEWALS) throw new Error(`${answered} of ${RENEWALS} were answered.`);
    return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / RENEWALS;
  };
};

answerQuestions(async ({ rounds }: RenewalCostQuestion): Promise<number> => {
  const round = makeRound();
  return median(Array.from({ length: rounds }, round));
});

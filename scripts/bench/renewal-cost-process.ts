/**
 * What a renewal costs the core, without socket and clock: bytes of garbage, which are the same on
 * every machine, and processor time. Needs `--expose-gc` and a young generation that holds them all.
 */

import { acquire, askOffer, endpointOf, makeAgent, momentOf } from './bench-core.ts';
import { BenchSession } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';

export interface RenewalCostQuestion {
  readonly renewals: number;
}

export interface RenewalCost {
  readonly bytes: number;
  readonly nanoseconds: number;
}

/** Flags of the process: nothing is collected while it is counted. */
export const RENEWAL_COST_FLAGS = [
  '--expose-gc',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
] as const;

const SESSIONS = 64;
/** Until the engine has compiled what it runs often. */
const WARM_UP = 30_000;

const measure = async ({ renewals }: RenewalCostQuestion): Promise<RenewalCost> => {
  const agent = makeAgent(SESSIONS);
  const offer = askOffer(agent, 0);
  const from = endpointOf(0);
  const sessions = Array.from({ length: SESSIONS }, (_, i) => new BenchSession(offer, from, i));
  for (const [i, session] of sessions.entries()) acquire(agent, session, 0, i);
  const datagramOf = (i: number): Uint8Array => (sessions[i % SESSIONS] as BenchSession).renew();
  const run = (datagrams: readonly Uint8Array[]): number => {
    let answered = 0;
    const at = momentOf(100);
    for (const bytes of datagrams) {
      const [first] = agent.step({ kind: 'datagram', from, bytes }, at);
      if (first?.kind === 'send') answered++;
    }
    return answered;
  };
  run(Array.from({ length: WARM_UP }, (_, i) => datagramOf(i)));
  const datagrams = Array.from({ length: renewals }, (_, i) => datagramOf(i));
  globalThis.gc?.();
  const before = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const answered = run(datagrams);
  const cpu = process.cpuUsage({ user, system });
  const after = process.memoryUsage();
  if (answered !== renewals) throw new Error(`${answered} of ${renewals} renewals were answered.`);
  const used = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return {
    bytes: used / renewals,
    nanoseconds: ((cpu.user + cpu.system) * 1000) / renewals,
  };
};

answerQuestions(measure);

/**
 * Memory of leases that came by real sessions: sealed hellos through the core, step by step. The
 * clients are in the same process, so what counts is what is in use, not what is resident.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { acquire, askOffer, endpointOf, makeAgent } from './bench-core.ts';
import { BenchSession } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';

export interface SessionMemoryQuestion {
  readonly sessions: number;
}

/** New sessions from one address before the next one takes over: agents limit newcomers. */
const PER_ADDRESS = 200;

const settledMemory = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const measure = async ({ sessions }: SessionMemoryQuestion): Promise<number> => {
  const agent = makeAgent(sessions);
  let made = 0;
  const fill = (count: number): void => {
    while (made < count) {
      const address = Math.floor(made / PER_ADDRESS);
      const offer = askOffer(agent, address, made);
      for (let i = 0; i < PER_ADDRESS && made < count; i++, made++) {
        acquire(agent, new BenchSession(offer, endpointOf(address), made), address, made);
      }
    }
  };
  // The first tenth brings code and first tables into memory.
  fill(sessions / 10);
  const before = await settledMemory();
  fill(sessions);
  return ((await settledMemory()) - before) / (sessions * 0.9);
};

answerQuestions(measure);

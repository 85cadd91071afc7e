/** A cold client: looks for an agent with the public library and reports how long the lease took. */

import { connect } from '../../protocol/client/client.ts';
import { PRODUCT } from './bench-agent.ts';
import { answerQuestions } from './helper-process.ts';

export interface DiscoverQuestion {
  readonly port: number;
  /** Connections made one after the other, each as if nothing were known. */
  readonly times: number;
}

/** No address, no name: only the port, which a benchmark may not take from a real agent. */
const acquireOnce = async (port: number): Promise<number> => {
  const start = performance.now();
  const seat = await connect({ vendorKey: null, port, interfaces: ['lo'] }).acquire({
    product: PRODUCT,
  });
  const took = performance.now() - start;
  await seat.release();
  return took;
};

answerQuestions(async ({ port, times }: DiscoverQuestion): Promise<readonly number[]> => {
  const took: number[] = [];
  for (let i = 0; i < times; i++) took.push(await acquireOnce(port));
  return took;
});

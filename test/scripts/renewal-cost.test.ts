import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HelperProcess } from '../../scripts/bench/helper-process.ts';
import type { RenewalCostQuestion } from '../../scripts/bench/renewal-cost-process.ts';

/**
 * The engine must neither save allocations by compiling, which it does when it likes, nor collect, nor
 * do anything beside.
 */
const FLAGS = [
  ...['--expose-gc', '--no-opt', '--no-maglev', '--single-threaded'],
  '--min-semi-space-size=64',
];
/** Each has keys of its own, by which some of its numbers are boxed and some are not: the least counts. */
const PROCESSES = 3;
/**
 * Bytes beside the cipher's, a little above what they were when this was written. Less is better: then
 * lower them. Another list of sixteen numbers for each renewal is too much already. Later engines take
 * a little more for the same.
 */
const MOST = process.versions.node.startsWith('20.')
  ? { renewal: 3060, pair: 35_100 }
  : { renewal: 3120, pair: 36_200 };

const costOf = async (of: RenewalCostQuestion['of']): Promise<number> => {
  const costs: number[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    await using core = await HelperProcess.start('renewal-cost-process', FLAGS);
    costs.push(await core.ask<number>({ of, rounds: 5 } satisfies RenewalCostQuestion));
  }
  return Math.min(...costs);
};

const garbage = suite('garbage');

garbage('a renewal leaves no more than it did', async () => {
  const bytes = await costOf('renewal');
  assert.ok(bytes > 0 && bytes <= MOST.renewal, `${Math.round(bytes)} bytes a renewal`);
});

garbage('taking a seat and giving it back leaves no more than it did', async () => {
  const bytes = await costOf('pair');
  assert.ok(bytes > 0 && bytes <= MOST.pair, `${Math.round(bytes)} bytes for both`);
});

garbage.run();

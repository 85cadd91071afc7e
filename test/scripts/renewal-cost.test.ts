import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HelperProcess } from '../../scripts/bench/helper-process.ts';
import type { RenewalCostQuestion } from '../../scripts/bench/renewal-cost-process.ts';

/** The engine must neither save allocations by compiling, which it does when it likes, nor collect. */
const FLAGS = ['--expose-gc', '--no-opt', '--no-maglev', '--min-semi-space-size=64'];
/**
 * Bytes beside the cipher's, a little above what they were when this was written. Less is better: then
 * lower them. Another list of sixteen numbers for each renewal is too much already.
 */
const MOST = { renewal: 3120, pair: 35_200 } as const;

const costOf = async (of: RenewalCostQuestion['of']): Promise<number> => {
  await using core = await HelperProcess.start('renewal-cost-process', FLAGS);
  return await core.ask<number>({ of, rounds: 5 } satisfies RenewalCostQuestion);
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

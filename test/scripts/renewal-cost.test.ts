import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HelperProcess } from '../../scripts/bench/helper-process.ts';
import type { RenewalCostQuestion } from '../../scripts/bench/renewal-cost-process.ts';

/** The engine must neither save allocations by compiling, which it does when it likes, nor collect. */
const FLAGS = ['--expose-gc', '--no-opt', '--no-maglev', '--min-semi-space-size=64'];
/**
 * Bytes: an eightieth above what it was when this was written, which is less than reading one request
 * by way of the library costs. Most of it are the cipher's numbers. Less is better: then lower it.
 */
const MOST = Number.parseInt(process.versions.node, 10) >= 24 ? 14_250 : 13_900;

test('a renewal leaves no more garbage than it did', async () => {
  await using core = await HelperProcess.start('renewal-cost-process', FLAGS);
  const bytes = await core.ask<number>({ rounds: 5 } satisfies RenewalCostQuestion);
  assert.ok(bytes > 0 && bytes <= MOST, `${Math.round(bytes)} bytes a renewal`);
});

test.run();

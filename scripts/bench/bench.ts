/** `npm run bench -- [NAME…] [--json] [--against echo | --against relay URL]`: measures, as ratios in one run. Nothing
 * leaves this computer but for a relay elsewhere. */

import { acquireBench } from './acquire.ts';
import { parseBenchOrder } from './bench-order.ts';
import type { Bench, BenchName } from './bench-run.ts';
import { consoleBench } from './console.ts';
import { discoverBench } from './discover.ts';
import { type Figure, renderFigures, toFigure } from './figure.ts';
import { historyBench } from './history.ts';
import { idleBench } from './idle.ts';
import { memoryBench } from './memory.ts';
import { renewBench } from './renew.ts';
import { siteBench } from './site.ts';
import { startBench } from './start.ts';
import { verdictBench } from './verdict.ts';

const benches: Readonly<Record<BenchName, Bench>> = {
  renew: renewBench,
  acquire: acquireBench,
  site: siteBench,
  discover: discoverBench,
  memory: memoryBench,
  start: startBench,
  idle: idleBench,
  verdict: verdictBench,
  history: historyBench,
  console: consoleBench,
};

const main = async (words: readonly string[]): Promise<number> => {
  const order = parseBenchOrder(words);
  if (!order.ok) {
    console.error(order.error);
    return 2;
  }
  const { names, json } = order.value;
  const figures: Figure[] = [];
  for (const name of names) {
    process.stderr.write(`${name}:\n`);
    const progress = (line: string): boolean => process.stderr.write(`  ${line}\n`);
    const measured = await benches[name](progress, order.value);
    figures.push(...measured.map(toFigure));
  }
  const text = json ? `${JSON.stringify(figures, null, 2)}\n` : `\n${renderFigures(figures)}`;
  process.stdout.write(text);
  return 0;
};

process.exitCode = await main(process.argv.slice(2));

/** `npm run bench -- [NAME…] [--json]`: measures, as ratios in one run. Nothing leaves this computer. */

import { acquireBench } from './acquire.ts';
import type { Bench, BenchName } from './bench-run.ts';
import { discoverBench } from './discover.ts';
import { type Figure, renderFigures, toFigure } from './figure.ts';
import { idleBench } from './idle.ts';
import { memoryBench } from './memory.ts';
import { renewBench } from './renew.ts';
import { startBench } from './start.ts';
import { verdictBench } from './verdict.ts';

const benches: Readonly<Record<BenchName, Bench>> = {
  renew: renewBench,
  acquire: acquireBench,
  discover: discoverBench,
  memory: memoryBench,
  start: startBench,
  idle: idleBench,
  verdict: verdictBench,
};

const isBenchName = (name: string): name is BenchName => Object.hasOwn(benches, name);

const main = async (words: readonly string[]): Promise<number> => {
  const names = words.filter((word) => word !== '--json');
  const unknown = names.find((name) => !isBenchName(name));
  if (unknown !== undefined) {
    console.error(
      `There is no benchmark “${unknown}”: name ${Object.keys(benches).join(', ')} or none for all, and --json for programs.`,
    );
    return 2;
  }
  const wanted = names.length === 0 ? Object.keys(benches) : [...new Set(names)];
  const figures: Figure[] = [];
  for (const name of wanted.filter(isBenchName)) {
    process.stderr.write(`${name}:\n`);
    const measured = await benches[name]((line) => process.stderr.write(`  ${line}\n`));
    figures.push(...measured.map(toFigure));
  }
  const text = words.includes('--json')
    ? `${JSON.stringify(figures, null, 2)}\n`
    : `\n${renderFigures(figures)}`;
  process.stdout.write(text);
  return 0;
};

process.exitCode = await main(process.argv.slice(2));

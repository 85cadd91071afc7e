/** `npm run simulate -- --seeds N --from S`: runs seeds of the simulator, some of them twice. */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Run } from '../test/simulation/simulate.ts';
import { runSeeds, type SeedRange } from './simulate/run-seeds.ts';
import { WORLDS } from './simulate/worlds.ts';

const USAGE =
  'Usage: npm run simulate -- [--seeds N] [--from S] [--threads T] [--repeat EVERY] [--world all|family|activation|shared] [--once] [--all] [--json]';

interface Options extends SeedRange {
  /** One line for programs instead of sentences for people. */
  readonly json: boolean;
}

const parseOptions = (args: readonly string[]): Options | undefined => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '2000' },
        from: { type: 'string', default: '1' },
        threads: { type: 'string', default: String(availableParallelism()) },
        repeat: { type: 'string', default: '10' },
        world: { type: 'string', default: 'all' },
        once: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const numbers = [values.seeds, values.from, values.threads, values.repeat].map(Number);
    const [seeds = 0, from = -1, threads = 0, every = -1] = numbers;
    const world = WORLDS.find((one) => one === values.world);
    if (world === undefined) return undefined;
    const repeat = values.once ? 0 : every;
    const options = { ...values, seeds, from, threads, world, repeat };
    const whole = numbers.every(Number.isSafeInteger);
    const fits = seeds > 0 && from >= 0 && threads > 0 && every > 0;
    return whole && fits ? options : undefined;
  } catch {
    return undefined;
  }
};

const main = async (args: readonly string[]): Promise<number> => {
  const options = parseOptions(args);
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const started = performance.now();
  const failed: Run[] = [];
  let events = 0;
  let done = 0;
  await runSeeds(options, (run) => {
    events += run.events;
    if (run.failure !== undefined) failed.push(run);
    if (!options.json) showProgress(++done, options.seeds, started);
  });
  const took = (performance.now() - started) / 1000;
  failed.sort((one, other) => one.seed - other.seed);
  const [first] = failed;
  if (options.json)
    console.log(first === undefined ? toJson(options, events, took) : JSON.stringify(first));
  else if (first === undefined) reportSuccess(options, events, took);
  else reportFailures(failed, first, options);
  return first === undefined ? 0 : 1;
};

const toJson = ({ from, seeds }: Options, events: number, took: number): string =>
  JSON.stringify({ from, seeds, events, seconds: took, failure: null });

const showProgress = (done: number, seeds: number, started: number): void => {
  if (!process.stderr.isTTY) return;
  const rate = (1000 * done) / (performance.now() - started);
  process.stderr.write(`\r${done} of ${seeds} seeds, ${rate.toFixed(1)} a second `);
  if (done === seeds) process.stderr.write('\n');
};

const reportFailures = (failed: readonly Run[], first: Run, { world }: Options): void => {
  const { seed, failure, trace, events } = first;
  console.error(`\nSeed ${seed} broke a promise after ${events} events: ${failure?.invariant}.`);
  console.error(`${failure?.detail}\n\nThe last ${trace.length} things that happened:`);
  for (const sentence of trace) console.error(`  ${sentence}`);
  if (failed.length > 1) console.error(`\n${failed.length} seeds broke a promise:`);
  for (const run of failed.length > 1 ? failed : []) console.error(`  ${sentenceOf(run)}`);
  const where = world === 'all' ? '' : ` --world ${world}`;
  console.error(`\nAgain: npm run simulate -- --seeds 1 --from ${seed}${where}`);
};

/** One sentence, as it is kept in test/simulation/kept-seeds.ts. */
const sentenceOf = ({ seed, failure }: Run): string =>
  `${seed}: ${failure?.invariant}: ${failure?.detail.split('\n')[0]}`;

const reportSuccess = (
  { seeds, from, repeat, threads }: Options,
  events: number,
  took: number,
): void => {
  console.log(
    `Seeds ${from} to ${from + seeds - 1}: every promise kept, ${timesToText(repeat)}. ` +
      `${(seeds / took).toFixed(1)} seeds a second on ${threads} threads, ` +
      `${Math.round(events / seeds)} events a seed.`,
  );
};

/** What was done so that a seed always means the same. */
const timesToText = (repeat: number): string => {
  if (repeat === 0) return 'each run once';
  if (repeat === 1) return 'each run twice with equal digests';
  return `each run once without clock or chance, 1 of ${repeat} twice with equal digests`;
};

process.exitCode = await main(process.argv.slice(2));

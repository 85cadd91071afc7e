/** `npm run simulate -- --seeds N --from S`: runs seeds of the simulator, each twice. */

import { parseArgs } from 'node:util';
import { type Failure, type Run, simulate } from '../test/simulation/simulate.ts';

const USAGE = 'Usage: npm run simulate -- [--seeds N] [--from S] [--once] [--json]';

interface Options {
  readonly seeds: number;
  readonly from: number;
  /** Without the second run that shows whether chance alone decides. */
  readonly once: boolean;
  /** One line for programs instead of sentences for people. */
  readonly json: boolean;
}

const parseOptions = (args: readonly string[]): Options | undefined => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '100' },
        from: { type: 'string', default: '1' },
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const options = { ...values, seeds: Number(values.seeds), from: Number(values.from) };
    const whole = Number.isSafeInteger(options.seeds) && Number.isSafeInteger(options.from);
    return whole && options.seeds > 0 && options.from >= 0 ? options : undefined;
  } catch {
    return undefined;
  }
};

const CHANCE: Failure = {
  invariant: 'a seed always means the same',
  detail: 'It ran differently the second time: something reads a clock or chance of its own.',
};

const main = (args: readonly string[]): number => {
  const options = parseOptions(args);
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { seeds, from, once, json } = options;
  const started = performance.now();
  let events = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const run = simulate(seed);
    events += run.events;
    const failure =
      run.failure ?? (once || simulate(seed).digest === run.digest ? undefined : CHANCE);
    if (failure !== undefined) return reportFailure({ ...run, failure }, json);
    if (!json) showProgress(seed - from + 1, seeds, started);
  }
  const took = (performance.now() - started) / 1000;
  if (json) console.log(JSON.stringify({ from, seeds, events, seconds: took, failure: null }));
  else reportSuccess(options, events, took);
  return 0;
};

const showProgress = (done: number, seeds: number, started: number): void => {
  if (!process.stderr.isTTY) return;
  const rate = (1000 * done) / (performance.now() - started);
  process.stderr.write(`\r${done} of ${seeds} seeds, ${rate.toFixed(1)} a second `);
  if (done === seeds) process.stderr.write('\n');
};

const reportFailure = (run: Run, json: boolean): number => {
  const { seed, failure, trace, events } = run;
  if (json) {
    console.log(JSON.stringify(run));
    return 1;
  }
  console.error(`\nSeed ${seed} broke a promise after ${events} events: ${failure?.invariant}.`);
  console.error(`${failure?.detail}\n\nThe last ${trace.length} things that happened:`);
  for (const sentence of trace) console.error(`  ${sentence}`);
  console.error(`\nAgain: npm run simulate -- --seeds 1 --from ${seed}`);
  return 1;
};

const reportSuccess = ({ seeds, from, once }: Options, events: number, took: number): void => {
  const times = once ? 'once' : 'twice with equal digests';
  console.log(
    `Seeds ${from} to ${from + seeds - 1}: every promise kept, each run ${times}. ` +
      `${(seeds / took).toFixed(1)} seeds a second, ${Math.round(events / seeds)} events a seed.`,
  );
};

process.exitCode = main(process.argv.slice(2));

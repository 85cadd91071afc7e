/**
 * `npm run fuzz -- [--target NAME]… [--seconds N | --each N] [--seed S] [--keep] [--offered FOLDER]`:
 * fuzzes the parsers of what comes from outside, led by coverage. Seconds are those of the processor,
 * of all targets together or of each. The inputs in a folder for each target, as another fuzzer left
 * them, are tried before its own. Ends with a line `N passed, N failed`.
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpus, writeCorpus } from '../test/fuzz/corpus.ts';
import { Fuzzer } from '../test/fuzz/fuzzer.ts';
import { watchForHangs } from '../test/fuzz/hang-watch.ts';
import { COUNTERS_NAME } from '../test/fuzz/instrument.ts';
import type { Target } from '../test/fuzz/target.ts';

const USAGE =
  'Usage: npm run fuzz -- [--target NAME]… [--seconds N | --each N] [--seed S] [--keep] [--offered FOLDER] [--input FILE]';
const FOUND = join('build', 'out', 'fuzz');

interface Options {
  readonly target: readonly string[];
  readonly seconds: number;
  /** Seconds for each target; without, what is given for all is shared by them. */
  readonly each: number | undefined;
  readonly seed: number;
  readonly keep: boolean;
  readonly offered: string | undefined;
  /** Runs this one input and nothing else. */
  readonly input: string | undefined;
}

const parseOptions = (args: readonly string[]): Options | undefined => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        target: { type: 'string', multiple: true, default: [] },
        seconds: { type: 'string', default: '30' },
        each: { type: 'string' },
        seed: { type: 'string', default: String(Date.now() % 0x1_0000_0000) },
        keep: { type: 'boolean', default: false },
        offered: { type: 'string' },
        input: { type: 'string' },
      },
    });
    const [seconds = 0, seed = -1] = [values.seconds, values.seed].map(Number);
    const each = values.each === undefined ? undefined : Number(values.each);
    const isLong = each === undefined ? seconds > 0 : each > 0;
    const fits = isLong && Number.isSafeInteger(seed) && seed >= 0;
    return fits
      ? { ...values, seconds, each, seed, input: values.input, offered: values.offered }
      : undefined;
  } catch {
    return undefined;
  }
};

/** Milliseconds that this process has worked: beside others it would else do less in the same time. */
const worked = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The inputs of a folder, the shortest first: of two on one way it is kept. */
const readOffered = (folder: string | undefined): readonly Uint8Array[] =>
  folder === undefined
    ? []
    : readdirSync(folder)
        .map((name) => new Uint8Array(readFileSync(join(folder, name))))
        .sort((one, other) => one.length - other.length);

/** Runs a target for a while; whether it kept its promises. */
const fuzz = (target: Target, seconds: number, { seed, keep, offered }: Options): boolean => {
  const places = Reflect.get(globalThis, COUNTERS_NAME) as Uint8Array | undefined;
  const corpus = readCorpus(target.name);
  const watch = watchForHangs(join(FOUND, `${target.name}-hang`));
  const fuzzer = new Fuzzer({
    target,
    seed,
    corpus,
    offered: readOffered(offered && join(offered, target.name)),
    places,
    now: worked,
    before: watch.before,
  });
  const found = fuzzer.run(worked() + seconds * 1000);
  watch.stop();
  const { runs, places: passed, gained } = fuzzer;
  const pace = Math.round(runs / seconds);
  console.log(
    `${target.name}: ${runs} inputs (${pace}/s, seed ${seed}), ${passed} places, ` +
      `${corpus.length} kept before, ${gained.length} new`,
  );
  if (keep) console.log(`${writeCorpus(target.name, corpus, gained)} are kept now`);
  if (found === undefined) return true;
  const file = join(FOUND, `${target.name}-found`);
  writeFileSync(file, found.input);
  console.error(`${target.name}: ${found.error.stack}`);
  console.error(`Again: npm run fuzz -- --target ${target.name} --input ${file}`);
  return false;
};

const runOne = (target: Target, file: string): boolean => {
  target.run(new Uint8Array(readFileSync(file)));
  return true;
};

const main = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  register(new URL('../test/fuzz/coverage-hooks.js', import.meta.url));
  const { TARGETS } = await import('../test/fuzz/targets/targets.ts');
  const wanted = options.target;
  const chosen = TARGETS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (chosen.length < wanted.length || chosen.length === 0) {
    console.error(`Targets: ${TARGETS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  mkdirSync(FOUND, { recursive: true });
  let passed = 0;
  for (const target of chosen) {
    const { input, each = options.seconds / chosen.length } = options;
    const kept = input === undefined ? fuzz(target, each, options) : runOne(target, input);
    if (kept) passed++;
  }
  console.log(`${passed} passed, ${chosen.length - passed} failed`);
  return passed === chosen.length ? 0 : 1;
};

process.exit(await main());

/**
 * Does the simulator see? Plants known faults one at a time in a copy of the compiled core and runs
 * seeds until one breaks a promise: `npm run mutate -- [--seeds N] [--from S] [--only WORDS]`. A fault
 * of families, activations or shared seats has seeds of that world alone: in the others it is seldom met.
 * Those that no world meets in some hundreds of seeds are to be seen by tests that the table names.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Fault } from './mutate/fault.ts';
import { FAULTS } from './mutate/faults.ts';
import { WORLDS, type WorldName } from './simulate/worlds.ts';

const compiled = fileURLToPath(new URL('..', import.meta.url));
const workshop = join(compiled, '..', 'mutant');
/**
 * A mutant that takes longer hangs, which is no way of keeping promises either. Long, for a busy
 * computer takes its time over the seeds that see nothing.
 */
const PATIENCE_MS = 3_600_000;

/** The tests that a fault names, without any. */
const soundTests = (tests: string): Fault => ({
  name: `(no fault, ${tests})`,
  file: 'scripts/mutate.js',
  find: '',
  put: '',
  tests,
});

/** Planted first: what the seeds see without a fault is seen in every row. */
const soundIn = (world: WorldName): Fault => ({
  name: world === 'all' ? '(no fault)' : `(no fault, ${world})`,
  file: 'scripts/mutate.js',
  find: '',
  put: '',
  world,
});

interface Verdict {
  readonly fault: Fault;
  /** What saw it; `undefined` when nothing did. */
  readonly caught: string | undefined;
}

const main = (args: readonly string[]): number => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const faults = FAULTS.filter(({ name }) => name.includes(values.only));
  checkTable(faults);
  const from = Number(values.from);
  const worlds = new Set(faults.filter(({ tests }) => tests === undefined).map(worldOf));
  const tests = new Set(faults.flatMap((fault) => fault.tests ?? []));
  const sound = [
    ...WORLDS.filter((one) => worlds.has(one)).map(soundIn),
    ...[...tests].map(soundTests),
  ];
  for (const one of sound) {
    if (judge(one, values.seeds, from, 'nothing').caught === undefined) continue;
    console.error('Something is seen without any fault: mend that first.');
    return 1;
  }
  const verdicts = faults.map((fault) => judge(fault, values.seeds, from));
  rmSync(workshop, { recursive: true, force: true });
  const missed = verdicts.filter(({ caught }) => caught === undefined).length;
  console.log(`\n${faults.length - missed} of ${faults.length} planted faults were caught.`);
  return missed === 0 ? 0 : 1;
};

/** A fault that no longer fits the code would pass as caught by nobody: say so first. */
const checkTable = (faults: readonly Fault[]): void => {
  for (const { name, file, find } of faults) {
    const places = readFileSync(join(compiled, file), 'utf8').split(find).length - 1;
    if (places !== 1) {
      throw new Error(`“${name}” fits ${places} places of ${file}: mend scripts/mutate/faults.ts`);
    }
  }
};

const worldOf = ({ world = 'all' }: Fault): WorldName => world;

const judge = (fault: Fault, seeds: string, from: number, missed = 'MISSED'): Verdict => {
  plant(fault);
  const { name, tests } = fault;
  const caught = tests === undefined ? judgeBySeeds(fault, seeds, from) : judgeByTests(tests);
  console.log(`${name.padEnd(72)} ${caught ?? missed}`);
  return { fault, caught };
};

const judgeBySeeds = (fault: Fault, seeds: string, from: number): Verdict['caught'] => {
  const simulator = join(workshop, 'scripts', 'simulate.js');
  const range = ['--seeds', seeds, '--from', String(from), '--world', worldOf(fault)];
  const args = [simulator, '--once', '--json', ...range];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: PATIENCE_MS });
  const seen = readResult(done.stdout, from);
  return seen && `${`seed ${seen.seed - from + 1}`.padEnd(9)} ${seen.invariant}`;
};

/** The first test that fails. */
const judgeByTests = (tests: string): Verdict['caught'] => {
  const args = [join('node_modules', 'uvu', 'bin.js'), join(workshop, 'test'), tests];
  const env = { ...process.env, NO_COLOR: '1' };
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: PATIENCE_MS, env });
  if (done.status === 0) return undefined;
  return `test      ${/FAIL .*"(.*)"/.exec(done.stdout)?.[1] ?? 'it ends without hanging'}`;
};

const plant = ({ file, find, put }: Fault): void => {
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  for (const part of ['agent', 'protocol', 'scripts', 'test']) {
    cpSync(join(compiled, part), join(workshop, part), { recursive: true });
  }
  const path = join(workshop, file);
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(find, () => put),
  );
};

interface Seen {
  readonly seed: number;
  readonly invariant: string;
}

const readResult = (output: string, from: number): Seen | undefined => {
  if (output.trim() === '') return { seed: from, invariant: 'it ends without hanging' };
  const result = JSON.parse(output) as {
    readonly seed: number;
    readonly failure: { readonly invariant: string } | null;
  };
  if (result.failure === null) return undefined;
  return { seed: result.seed, invariant: result.failure.invariant };
};

process.exitCode = main(process.argv.slice(2));

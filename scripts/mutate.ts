/**
 * Does the simulator see? Plants known faults one at a time in a copy of the compiled core and runs
 * seeds until one breaks a promise: `npm run mutate -- [--seeds N] [--from S] [--only WORDS]`. A fault
 * of families, activations or shared seats has seeds of that world alone: in the others it is seldom met.
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
  /** The seed that saw it, and what it saw; `undefined` when none did. */
  readonly caught: { readonly seed: number; readonly invariant: string } | undefined;
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
  for (const world of WORLDS.filter((one) => faults.some((fault) => worldOf(fault) === one))) {
    if (judge(soundIn(world), values.seeds, from, 'nothing').caught === undefined) continue;
    console.error('The seeds break a promise without any fault: mend that first.');
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
  const simulator = join(workshop, 'scripts', 'simulate.js');
  const range = ['--seeds', seeds, '--from', String(from), '--world', worldOf(fault)];
  const args = [simulator, '--once', '--json', ...range];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: PATIENCE_MS });
  const caught = readResult(done.stdout, from);
  const after = caught === undefined ? missed : `seed ${caught.seed - from + 1}`;
  console.log(`${fault.name.padEnd(72)} ${after.padEnd(9)} ${caught?.invariant ?? ''}`);
  return { fault, caught };
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

const readResult = (output: string, from: number): Verdict['caught'] => {
  if (output.trim() === '') return { seed: from, invariant: 'it ends without hanging' };
  const result = JSON.parse(output) as {
    readonly seed: number;
    readonly failure: { readonly invariant: string } | null;
  };
  if (result.failure === null) return undefined;
  return { seed: result.seed, invariant: result.failure.invariant };
};

process.exitCode = main(process.argv.slice(2));

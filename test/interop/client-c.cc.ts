/**
 * The C client as its vendors' compilers and checkers see it: no warning, no foreign name, no fault of
 * memory, nothing that fuzzing finds; and its figures. Run by .ci/run, which installs the tools.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CClient } from './c-client.ts';
import { fuzzSeeds } from './c-fuzz-seeds.ts';
import { CWorkshop, hasTool, WARNINGS } from './c-program.ts';
import { addClientTests } from './c-stories.ts';
import { runVectors } from './c-vectors-run.ts';
import { InteropSite } from './interop-site.ts';

const COMPILERS = ['gcc', 'clang', 'x86_64-w64-mingw32-gcc'];
const FUZZ_SECONDS = 20;
const SANITIZERS = ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

const workshop = new CWorkshop();
process.on('exit', () => workshop[Symbol.dispose]());

/** Whether the tools are there; says which are not, and what is not run for that. */
const has = (what: string, ...tools: readonly string[]): boolean => {
  const missing = tools.filter((tool) => !hasTool(tool));
  if (missing.length > 0) console.log(`Not run: ${what}, which needs ${missing.join(' and ')}.`);
  return missing.length === 0;
};

const run = (command: string, ...args: readonly string[]) =>
  spawnSync(command, [...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

const built = suite('C client: as it is built');

for (const compiler of COMPILERS.filter((one) => has(`the C client by ${one}`, one))) {
  built(`${compiler} has nothing to say about it`, () => {
    for (const level of ['-O0', '-O2', '-Os']) {
      for (const program of ['example', 'driver'] as const)
        workshop.make(compiler, program, level, ...WARNINGS);
      const object = workshop.make(compiler, 'client', '-c', level, ...WARNINGS);
      const size = run('size', object).stdout.split('\n')[1]?.trim().split(/\s+/) ?? [];
      console.log(`usher.o by ${compiler} ${level}: ${size[0]} bytes of code, ${size[1]} of data`);
    }
  });
}

if (has('the names of the C client', 'gcc', 'nm')) {
  built('it defines no name but its own', () => {
    const object = workshop.make('gcc', 'client', '-c', '-O2');
    const listed = run('nm', '-g', '--defined-only', object).stdout;
    const names = listed.split('\n').flatMap((line) => line.split(' ')[2] ?? []);
    assert.ok(names.includes('usher_acquire'));
    assert.equal(
      names.filter((name) => !name.startsWith('usher_')),
      [],
    );
  });
}

if (has('the header of the C client in C++', 'g++')) {
  built('its header is C++, too', () => {
    const source = join(workshop.folder, 'header.cpp');
    writeFileSync(
      source,
      '#include "usher.h"\nint main() { return usher_code_name(USHER_OK)[0]; }\n',
    );
    const include = join(process.cwd(), 'protocol', 'client-c');
    const done = run(
      'g++',
      '-Wall',
      '-Wextra',
      '-Wpedantic',
      `-I${include}`,
      '-c',
      source,
      '-o',
      '/dev/null',
    );
    assert.is(`${done.status} ${done.stderr}`, '0 ');
  });
}

if (has('fuzzing the C client', 'clang')) {
  built(`fuzzing finds nothing in ${FUZZ_SECONDS} s`, () => {
    const fuzz = workshop.make('clang', 'fuzz', ...SANITIZERS.map(withFuzzer), ...WARNINGS);
    const corpus = join(workshop.folder, 'corpus');
    mkdirSync(corpus);
    for (const [i, seed] of fuzzSeeds().entries()) writeFileSync(join(corpus, `${i}`), seed);
    const limits = [`-max_total_time=${FUZZ_SECONDS}`, '-max_len=8192', '-print_final_stats=1'];
    const done = run(fuzz, ...limits, `-artifact_prefix=${workshop.folder}/`, corpus);
    assert.is(done.status, 0, done.stderr.slice(-6000));
    console.log(`fuzzing: ${/number_of_executed_units: \d+/.exec(done.stderr)?.[0]}`);
  });
}

const withFuzzer = (flag: string): string => flag.replace('=address', '=fuzzer,address');

if (has('the time of a cold acquire', 'gcc')) {
  built('a cold acquire is timed', async () => {
    const driver = workshop.make('gcc', 'driver', '-O2');
    const site = new InteropSite();
    await site.open();
    await site.addLicense();
    const micros: number[] = [];
    for (let i = 0; i < 21; i++) {
      const client = new CClient([driver], site);
      const acquired = await client.told('acquired');
      assert.is(await client.code, 0);
      micros.push(acquired?.micros ?? 0);
    }
    await site.close();
    micros.sort((a, b) => a - b);
    console.log(`cold acquire: median ${micros[10]} µs, ${micros[0]} to ${micros[20]}`);
  });
}

const sanitized = suite('C client: vectors under the sanitizers');
const SANITIZED = has('the C client under the sanitizers', 'clang');
if (SANITIZED) {
  sanitized('every vector', () => runVectors([workshop.make('clang', 'vectors', ...SANITIZERS)]));
}

built.run();
sanitized.run();
if (SANITIZED) {
  const driver = workshop.make('clang', 'driver', ...SANITIZERS);
  addClientTests('C client, sanitized', [driver], { patient: true });
}
if (has('the C client under valgrind', 'gcc', 'valgrind')) {
  const driver = workshop.make('gcc', 'driver', '-O1', '-g');
  const by = ['valgrind', '--quiet', '--leak-check=full', '--error-exitcode=9'];
  addClientTests('C client, under valgrind', [...by, driver], { patient: false });
}

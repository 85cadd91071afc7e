/**
 * `npm test`: the gates, then every test. With a pattern, the tests whose compiled file fits it and
 * no gates: `node build/out/js/scripts/test.js stories`. Ends with a line `N passed, N failed`.
 */

import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GATES, type Gate } from './gates.ts';
import { makeQuickProgram } from './quick-program.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Runs a command and returns its exit code and all that it printed. */
const run = (
  command: string,
  args: readonly string[],
  show: boolean,
): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (show) process.stdout.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });

const TESTS = join('build', 'out', 'js', 'test');

const runGate = async (gate: Gate): Promise<Count> => {
  const { code, output } = await run(gate.command, gate.args, false);
  console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${gate.name}`);
  if (code !== 0) console.log(output);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
};

/** uvu's last lines are `Total`, `Passed` and `Skipped`; a file that breaks counts as one failure. */
const runTests = async (pattern: string, show = true): Promise<Count> => {
  const args = [join('node_modules', 'uvu', 'bin.js'), TESTS, pattern];
  const { code, output } = await run(process.execPath, args, show);
  if (!show) process.stdout.write(output);
  const numberAfter = (word: string): number =>
    Number(new RegExp(`${word}:\\s+(\\d+)`).exec(output)?.[1] ?? 0);
  const passed = numberAfter('Passed');
  const failed = numberAfter('Total') - passed - numberAfter('Skipped');
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
};

/**
 * Tests that mostly wait for programs that they start, by what they are asked for with. Of those with
 * networks of their own, floods take the whole machine, and a site wants it for itself.
 */
const QUEUES = {
  stories: /^stories\/.*[.]test[.]js$/,
  lan: /^lan\/(?!abuse|members|nemesis|register|rolling).*[.]lan[.]js$/,
} as const;

const isQueue = (name: string): name is keyof typeof QUEUES => Object.hasOwn(QUEUES, name);

/** So many files of a queue go at a time. */
const LANES = 2;

/** The compiled files that fit, the longest first: so none of them is begun when the others are done. */
const filesOf = (pattern: RegExp): string[] =>
  readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => pattern.test(file))
    .map((file) => ({ file, size: statSync(join(TESTS, file)).size }))
    .sort((a, b) => b.size - a.size)
    .map(({ file }) => file);

/** What goes beside others is shown when it is over. */
const runQueue = async (name: keyof typeof QUEUES): Promise<readonly Count[]> => {
  const waiting = filesOf(QUEUES[name]);
  const counts: Count[] = [];
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      counts.push(await runTests(`^${file.replaceAll('.', '[.]')}$`, false));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return counts;
};

const runAll = async (): Promise<readonly Count[]> => {
  const [others, stories] = await Promise.all([
    runTests('^(?!stories/).*[.]test[.]js$'),
    runQueue('stories'),
  ]);
  return [others, ...stories];
};

const runMatching = async (pattern: string): Promise<readonly Count[]> =>
  isQueue(pattern) ? runQueue(pattern) : [await runTests(pattern)];

const main = async (): Promise<void> => {
  const [pattern] = process.argv.slice(2);
  const counts: Count[] = [];
  if (pattern === undefined) {
    // We run, so the compiler was content.
    console.log('passed  types');
    counts.push({ passed: 1, failed: 0 });
    for (const gate of GATES) counts.push(await runGate(gate));
  }
  await makeQuickProgram();
  counts.push(...(pattern === undefined ? await runAll() : await runMatching(pattern)));
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
};

void main();

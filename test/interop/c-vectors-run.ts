/** Runs the program that holds the C client against test/vectors, and against what TypeScript reads. */

import { spawnSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { nameChecks } from './c-names.ts';
import { vectorChecks } from './c-vectors.ts';
import { wycheproofChecks } from './c-wycheproof.ts';

/** Asks everything of one process and compares what it answers, line by line. */
export const runVectors = (command: readonly string[]): void => {
  const checks = [...vectorChecks(), ...wycheproofChecks(), ...nameChecks()];
  assert.ok(checks.length > 500, 'the vectors are there');
  const input = checks.map(({ ask }) => `${ask}\n`).join('');
  const [program = '', ...words] = command;
  const done = spawnSync(program, words, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.is(done.status, 0, done.stderr);
  const answers = done.stdout.split('\n');
  const wrong = checks.flatMap(({ about, ask, answer }, i) => {
    const said = (answers[i] ?? '').trim();
    return said === answer ? [] : [`${about}: ${said} instead of ${answer}, for ${ask}`];
  });
  assert.is(wrong.length, 0, wrong.slice(0, 5).join('\n').slice(0, 4000));
};

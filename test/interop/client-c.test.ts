/**
 * The C client against test/vectors, and against the real agent over real UDP sockets on loopback.
 * It needs a compiler; .ci/run has one, and looks at it with all the others (client-c.cc.ts), too.
 */

import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CWorkshop, findCompiler } from './c-program.ts';
import { addClientTests } from './c-stories.ts';
import { vectorChecks } from './c-vectors.ts';

const compiler = findCompiler('gcc', 'clang', 'cc');

if (compiler === undefined) {
  console.log('Not run: the client in C needs gcc or clang, which this computer does not have.');
} else {
  const workshop = new CWorkshop();
  process.on('exit', () => workshop[Symbol.dispose]());

  const vectors = suite('C client: vectors');
  vectors('it reads and writes every vector as the page says', () => {
    const program = workshop.make(compiler, 'vectors', '-O1');
    const checks = vectorChecks();
    assert.ok(checks.length > 500, 'the vectors are there');
    const input = checks.map(({ ask }) => `${ask}\n`).join('');
    const done = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.is(done.status, 0, done.stderr);
    const answers = done.stdout.split('\n');
    const wrong = checks.flatMap(({ about, ask, answer }, i) => {
      const said = (answers[i] ?? '').trim();
      return said === answer ? [] : [`${about}: ${said} instead of ${answer}, for ${ask}`];
    });
    assert.is(wrong.length, 0, wrong.slice(0, 5).join('\n').slice(0, 4000));
  });
  vectors.run();

  addClientTests('C client', [workshop.make(compiler, 'driver', '-O2')], { patient: false });
}

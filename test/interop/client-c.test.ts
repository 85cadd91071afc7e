/**
 * The C client against test/vectors, and against the real agent over real UDP sockets on loopback.
 * It needs a compiler; .ci/run has one, and looks at it with all the others (client-c.cc.ts), too.
 */

import { suite } from 'uvu';
import { CWorkshop, findCompiler } from './c-program.ts';
import { addClientTests } from './c-stories.ts';
import { runVectors } from './c-vectors-run.ts';

const compiler = findCompiler('gcc', 'clang', 'cc');

if (compiler === undefined) {
  console.log('Not run: the client in C needs gcc or clang, which this computer does not have.');
} else {
  const workshop = new CWorkshop();
  process.on('exit', () => workshop[Symbol.dispose]());
  const vectors = suite('C client: vectors');
  vectors('it reads and writes every vector as the page says', () => {
    runVectors([workshop.make(compiler, 'vectors', '-O1')]);
  });
  vectors.run();
  addClientTests('C client', [workshop.make(compiler, 'driver', '-O2')], { patient: false });
}

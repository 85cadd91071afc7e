import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS } from '../../scripts/mutate/faults.ts';

const compiled = fileURLToPath(new URL('../..', import.meta.url));

const table = suite('mutate: table of faults');

for (const { name, file, find, put } of FAULTS) {
  table(`“${name}” can be planted in one place`, () => {
    const places = readFileSync(join(compiled, file), 'utf8').split(find).length - 1;
    assert.is(places, 1, file);
    assert.is.not(find, put);
  });
}

table.run();

// Runs under the very Node that ships, when compile.cjs is done. Usage: renumber.cjs STAGE. Has V8 take in what
// it compiled of each part and write it out once more, so that its functions are numbered in the order of the
// file: how the trial's events fell is forgotten.
const fs = require('node:fs');
const { join } = require('node:path');
const v8 = require('node:v8');
const { Script } = require('node:vm');

const [stage] = process.argv.slice(2);
// The caller fixes the seed of V8's hashes; V8 takes only what was compiled under the flags that it has.
v8.setFlagsFromString('--hash-seed=0');

for (const name of fs.readdirSync(stage).filter((name) => name.endsWith('.compiled'))) {
  const script = name.replace(/\.compiled$/, '.cjs');
  const made = join(stage, name);
  const taken = new Script(fs.readFileSync(join(stage, script), 'latin1'), {
    filename: script,
    cachedData: fs.readFileSync(made),
  });
  if (taken.cachedDataRejected)
    throw new Error(`V8 does not take what it has compiled of ${script}.`);
  fs.writeFileSync(made, taken.createCachedData());
}

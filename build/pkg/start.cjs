// What the binary runs first: the program, with the compiled code that the build has put beside it.
// Where there is none, or the engine does not take it, the engine compiles by itself.
const { getAssetKeys, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

const bytes = (name) => Buffer.from(getRawAsset(name));
const cachedData = getAssetKeys().includes('usher.compiled') ? bytes('usher.compiled') : undefined;
const program = new Script(bytes('usher.cjs').latin1Slice(), { filename: 'usher.cjs', cachedData });
program.runInThisContext()(require);

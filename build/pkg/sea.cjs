// Runs under the very Node that ships. Usage: sea.cjs PKG_FOLDER TARGET OUTPUT ASSET…, with the
// staged files in the folder that TMPDIR names.
//
// `pkg --sea FILE` has two ways. With a package.json it puts a virtual file system and a bootstrap
// before the program, and that bootstrap dies before the first line of ours when the user has no
// home folder (a service user has none), turns `usher run -- node app.js` into a second usher, and
// starts slower. With a plain file it uses Node's own single executable, which is what we want; but
// its command line cannot pass Node's settings for that, so we call the function it calls.
const { join } = require('node:path');

const [pkgFolder, target, output, ...assets] = process.argv.slice(2);
const { default: sea } = require(join(pkgFolder, 'lib-es5', 'sea.js'));
const [nodeRange, platform, arch] = target.split('-');

// pkg works in a folder of its own beside the staged files. A relative path keeps the builder's
// folders out of the binary.
const staged = (name) => `../${name}`;

sea(join(process.env.TMPDIR, 'start.cjs'), {
  targets: [{ nodeRange, platform, arch, output }],
  seaConfig: {
    main: staged('start.cjs'),
    assets: Object.fromEntries(assets.map((name) => [name, staged(name)])),
    // What is in NODE_OPTIONS is meant for the programs that Usher runs, and SIGUSR1 would open a
    // debugger's port that any user of the computer may connect to.
    // With room for what the start leaves behind, garbage is collected twice less before the first offer;
    // with no more than that a flood of strangers leaves a quarter of the memory behind.
    execArgv: ['--disable-sigusr1', '--min-semi-space-size=4', '--max-semi-space-size=4'],
    execArgvExtension: 'none',
  },
}).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

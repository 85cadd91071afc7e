/** Makes one file of the program, and refuses to when something is in it that must not ship. */

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

export interface BundleOptions {
  readonly root: string;
  readonly entry: string;
  readonly outfile: string;
  readonly version: string;
  readonly commit: string;
  /** The key that `usher update` trusts, as `minisign -P` takes it; empty for none. */
  readonly updateKey: string;
  /** Of LevelDB. */
  readonly level: string;
}

/**
 * Parts of Node that most commands never need, and the start of the agent only late: they are loaded
 * when something of them is first used. Above all `tls` and what loads it: with it Node takes in every
 * authority's certificate, 2 MB for as long as the agent runs.
 */
const LATE = [
  ...['child_process', 'dgram', 'dns/promises', 'fs/promises', 'http', 'https', 'module', 'net'],
  ...['readline', 'sea', 'stream/promises', 'timers/promises', 'tls', 'util', 'v8', 'vm'],
  'zlib',
];

/**
 * Calls of `fs/promises` that are made of the same calls of `fs`: that part of Node has been loaded by
 * Node itself, and the other, with readline and all, takes four milliseconds of a start.
 */
const PROMISED = [
  ...['access', 'chmod', 'chown', 'copyFile', 'link', 'mkdir', 'readFile', 'readdir', 'readlink'],
  ...['rename', 'rm', 'rmdir', 'stat', 'unlink', 'writeFile'],
];

/** The program is a function that is given `require`, so that what runs it can compile it beforehand. */
const HEAD = `(function (nodeRequire) {
const lateModules = ${JSON.stringify(LATE)}.map((name) => 'node:' + name);
const promised = {};
for (const name of ${JSON.stringify(PROMISED)}) promised[name] = (...args) =>
  new Promise((resolve, reject) => {
    nodeRequire('node:fs')[name](...args, (error, found) => error ? reject(error) : resolve(found));
  });
const require = (name) => {
  if (!lateModules.includes(name)) return nodeRequire(name);
  const own = name === 'node:fs/promises' ? promised : {};
  let found;
  const late = () => found ??= process.getBuiltinModule(name);
  return new Proxy(own, {
    get: (_, key) => own[key] ?? late()[key],
    // For who takes all of it: import() does.
    ownKeys: () => Reflect.ownKeys(late()),
    getOwnPropertyDescriptor: (_, key) =>
      ({ ...Reflect.getOwnPropertyDescriptor(late(), key), configurable: true }),
  });
};
const usherModuleUrl = require('node:url').pathToFileURL(process.execPath).href;`;

/** Characters of a line of the bundle, or little more. */
const LINE_MAX = 120;

/** Strings are escaped already. One sign beyond ASCII in a comment, and V8 keeps two bytes for each. */
const oneByte = (text: string): string => text.replace(/[^\0-\x7f]/gu, '?');

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/**
 * Bundles `entry` with all it imports into one script for Node 24, a single expression: a function
 * that runs the program. Only white space and comments are left out, which are a megabyte in memory
 * for as long as the agent runs; names, which stand in every stack trace, stay. Rejects with a
 * sentence for each thing that must not ship.
 */
export const bundle = async (options: BundleOptions): Promise<readonly string[]> => {
  const { metafile, warnings, outputFiles } = await build({
    absWorkingDir: options.root,
    entryPoints: [options.entry],
    outfile: options.outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    metafile: true,
    // A line stays short enough to be found by the number in a stack trace, and every name is kept.
    minifyWhitespace: true,
    lineLimit: LINE_MAX,
    // What it throws says the same again.
    logLevel: 'silent',
    define: {
      __USHER_VERSION__: JSON.stringify(options.version),
      __USHER_COMMIT__: JSON.stringify(options.commit),
      __USHER_UPDATE_KEY__: JSON.stringify(options.updateKey),
      __USHER_LEVEL__: JSON.stringify(options.level),
      'import.meta.url': 'usherModuleUrl',
    },
    banner: { js: HEAD },
    footer: { js: '})' },
    write: false,
    // A single executable has nothing to import from but Node itself, which `require` gives sooner.
    supported: { 'dynamic-import': false },
    plugins: [placedAddons(options.root)],
  });
  for (const { text, location } of warnings)
    console.error(`${location?.file}:${location?.line}: ${text}`);
  const lock = JSON.parse(readFileSync(join(options.root, 'package-lock.json'), 'utf8')) as Lock;
  const faults = faultsIn(metafile, lock);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  await mkdir(dirname(options.outfile), { recursive: true });
  for (const { path, text } of outputFiles) await writeFile(path, oneByte(text));
  return packagesIn(metafile);
};

/** The packages that `metafile` bundles, sorted. */
export const packagesIn = (metafile: Pick<Metafile, 'inputs'>): readonly string[] => {
  const names = Object.keys(metafile.inputs).flatMap((file) => packageOf(file) ?? []);
  return [...new Set(names)].sort();
};

/** What must not ship and does, or ships in a way that breaks; one sentence each. */
export const faultsIn = (metafile: Pick<Metafile, 'inputs'>, lock: Lock): readonly string[] => [
  ...packagesIn(metafile)
    .filter((name) => lock.packages[`node_modules/${name}`]?.dev === true)
    .map((name) => `${name} is a development dependency and would ship in the binary.`),
  ...packagesIn(metafile)
    .filter((name) => Object.hasOwn(neverBundled, name))
    .map((name) => `${name} would ship in the binary: ${neverBundled[name]}`),
  ...missingFiles(metafile).map((path) => `${path} is asked for and would not be in the binary.`),
  ...eagerAddons(metafile).map(
    (file) =>
      `${file} would load at start, before placeNativeAddons can say where it goes: reach it through import() only.`,
  ),
];

const neverBundled: Readonly<Record<string, string>> = {
  'msgpackr-extract': 'import msgpackr/index-no-eval.',
  'node-gyp-build': 'it looks for an addon in folders that the binary does not have.',
  'browser-level': 'it is for browsers.',
};

const levelBinding = /node_modules[\\/]classic-level[\\/]binding\.js$/;

// In the binary a package's search for its addon's file finds nothing: ours takes its place.
const placedAddons = (root: string): Plugin => ({
  name: 'placed-addons',
  setup: ({ onLoad }) => {
    const from = join(root, 'build', 'out', 'js', 'agent', 'edges', 'native-addons.js');
    onLoad({ filter: levelBinding }, () => ({
      contents: `module.exports = require(${JSON.stringify(from)}).loadNativeAddon('classic-level.node');`,
      loader: 'js',
      resolveDir: root,
    }));
  },
});

const packageOf = (file: string): string | undefined =>
  /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](?!.*node_modules[\\/])/
    .exec(file)?.[1]
    ?.replace('\\', '/');

/** What is neither bundled nor a part of Node. */
const missingFiles = ({ inputs }: Pick<Metafile, 'inputs'>): readonly string[] =>
  Object.values(inputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external === true && !isBuiltin(path) ? path : [])),
  );

/** The addons that are reached from the entry without passing an `import()`. */
const eagerAddons = ({ inputs }: Pick<Metafile, 'inputs'>): readonly string[] => {
  const imported = new Set(
    Object.values(inputs).flatMap((input) => input.imports.map(({ path }) => path)),
  );
  const open = Object.keys(inputs).filter((file) => !imported.has(file));
  const reached = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const { path, kind, external } of inputs[file]?.imports ?? [])
      if (external !== true && kind !== 'dynamic-import') open.push(path);
  }
  return [...reached].filter((file) => levelBinding.test(file));
};

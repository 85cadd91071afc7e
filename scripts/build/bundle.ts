/** Makes one file of the program, and refuses to when something is in it that must not ship. */

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { PART_HEAD, startHead } from './part-heads.ts';
import {
  acrossParts,
  exportsOf,
  flatEntry,
  lateFiles,
  lazyEntry,
  type Part,
  type PartPlan,
  partsOf,
  picksIn,
} from './parts.ts';

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

/** Characters of a line of the bundle, or little more. */
const LINE_MAX = 120;

/** Strings are escaped already. One sign beyond ASCII in a comment, and V8 keeps two bytes for each. */
const oneByte = (text: string): string => text.replace(/[^\0-\x7f]/gu, '?');

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** Where a part of the bundle `outfile` goes; the start is `outfile` itself. */
export const partFile = (outfile: string, part: Part): string =>
  part === 'start' ? outfile : outfile.replace(/\.cjs$/, `-${part}.cjs`);

/**
 * Bundles `entry` with all it imports into scripts for Node 24, one a part, each a single expression: a
 * function that runs the part. Only white space and comments are left out, which are a megabyte in memory
 * for as long as the agent runs; names, which stand in every stack trace, stay. Rejects with a
 * sentence for each thing that must not ship.
 */
export const bundle = async (options: BundleOptions): Promise<readonly string[]> => {
  const { root, outfile } = options;
  const entry = relative(root, options.entry).replaceAll('\\', '/');
  const whole = await build({
    ...settingsFor(options),
    entryPoints: [options.entry],
    plugins: [placedAddons(root)],
    metafile: true,
  });
  for (const { text, location } of whole.warnings)
    console.error(`${location?.file}:${location?.line}: ${text}`);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const faults = faultsIn(whole.metafile, lock);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const texts = await makeParts(options, whole.metafile.inputs, entry);
  await mkdir(dirname(outfile), { recursive: true });
  for (const [part, text] of texts) await writeFile(partFile(outfile, part), oneByte(text));
  return packagesIn(whole.metafile);
};

/** From the last to the first: what a part hands out is known when the others are made. */
const makeParts = async (
  options: BundleOptions,
  inputs: Metafile['inputs'],
  entry: string,
): Promise<ReadonlyMap<Part, string>> => {
  const { root } = options;
  const parts = partsOf(inputs, entry);
  const late = lateFiles(inputs, parts);
  const own = Object.keys(inputs).filter((file) => !file.includes('node_modules'));
  const exports = await exportsOf(root, own);
  const wanted = new Map<string, Set<string>>();
  const want = (file: string, names: Iterable<string>): void => {
    wanted.set(file, new Set([...(wanted.get(file) ?? []), ...names]));
  };
  for (const file of late) want(file, exports.get(file) ?? []);
  want(ADDONS, ['loadNativeAddon']);
  const texts = new Map<Part, string>();
  for (const part of ['rest', 'doors', 'start'] as const) {
    const here = [...wanted].filter(([file]) => parts.get(file) === part);
    const text =
      part === 'rest'
        ? lazyEntry(here.map(([file]) => file))
        : flatEntry(new Map(here), part === 'start' ? entry : undefined);
    const homes = Object.fromEntries(
      [...wanted.keys()].map((file) => [file, parts.get(file) ?? part]),
    );
    const head = part === 'start' ? startHead(homes) : PART_HEAD;
    const made = await makePart(options, { root, part, parts, exports }, text, head);
    for (const [file, names] of picksIn(made)) want(file, names);
    texts.set(part, made);
  }
  return texts;
};

const makePart = async (
  options: BundleOptions,
  plan: PartPlan,
  contents: string,
  head: string,
): Promise<string> => {
  const { outputFiles } = await build({
    ...settingsFor(options),
    stdin: { contents, resolveDir: options.root, sourcefile: `${plan.part}.js` },
    plugins: [acrossParts(plan), placedAddons(options.root)],
    banner: { js: head },
    footer: { js: 'return module.exports})' },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`The part ${plan.part} came out as nothing.`);
  return file.text;
};

const settingsFor = (options: BundleOptions) =>
  ({
    absWorkingDir: options.root,
    outfile: options.outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
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
      'import.meta.url': 'usherModule.url',
    },
    write: false,
    // A single executable has nothing to import from but Node itself, which `require` gives sooner.
    supported: { 'dynamic-import': false },
  }) as const;

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

const ADDONS = 'build/out/js/agent/edges/native-addons.js';

// In the binary a package's search for its addon's file finds nothing: ours takes its place. It is
// loaded when something of it is first called, and then called as if it had been there.
const placedAddons = (root: string): Plugin => ({
  name: 'placed-addons',
  setup: ({ onLoad }) => {
    onLoad({ filter: levelBinding }, () => ({
      contents: `module.exports = Object.create(new Proxy({}, { get: (_, name, own) =>
        Object.assign(own, usherPick('${ADDONS}', 'loadNativeAddon')('classic-level.node'))[name] }));`,
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

/** Which module of the program travels in which part of it, and how a part is made that takes from others. */

import { relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/**
 * What an agent runs until its first offer, what it needs from then on, and the other commands. The
 * first two are flat: whoever starts them runs all their modules, and no function stands around each.
 */
export const PARTS = ['start', 'doors', 'rest'] as const;

export type Part = (typeof PARTS)[number];

type Inputs = Metafile['inputs'];

/** Reached by `import()`, and loaded at every start all the same. */
const AT_START = /[\\/]edges[\\/]store-keeper\.js$/;
const AT_DOORS = /[\\/](open-doors|service-notifier|service-voice)\.js$/;

/** The part of each file in `inputs`, where `entry` is the program's first. */
export const partsOf = (inputs: Inputs, entry: string): ReadonlyMap<string, Part> => {
  const files = Object.keys(inputs);
  const parts = new Map<string, Part>();
  const put = (part: Part, open: string[]): void => {
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (parts.has(file)) continue;
      parts.set(file, part);
      for (const { path, kind, external } of inputs[file]?.imports ?? [])
        if (external !== true && kind !== 'dynamic-import') open.push(path);
    }
  };
  put('start', [entry, ...files.filter((file) => AT_START.test(file))]);
  put(
    'doors',
    files.filter((file) => AT_DOORS.test(file)),
  );
  for (const file of files) if (!parts.has(file)) parts.set(file, 'rest');
  return parts;
};

/** The files that an `import()` leads to out of its own part, or to which only another way leads. */
export const lateFiles = (
  inputs: Inputs,
  parts: ReadonlyMap<string, Part>,
): ReadonlySet<string> => {
  const late = new Set<string>();
  for (const [file, { imports }] of Object.entries(inputs))
    for (const { path, kind, external } of imports)
      if (kind === 'dynamic-import' && external !== true && !isWithinRest(parts, file, path))
        late.add(path);
  return late;
};

/** There a module is run when it is first asked for, as the bundler itself arranges it. */
const isWithinRest = (parts: ReadonlyMap<string, Part>, from: string, to: string): boolean =>
  parts.get(from) === 'rest' && parts.get(to) === 'rest';

/** The names that each of `files` exports. */
export const exportsOf = async (
  root: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: 'none',
    bundle: false,
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const outputs = Object.values(metafile.outputs);
  return new Map(outputs.map(({ entryPoint = '', exports }) => [entryPoint, exports]));
};

export const LATE = 'usher:late/';

export interface PartPlan {
  readonly root: string;
  readonly part: Part;
  readonly parts: ReadonlyMap<string, Part>;
  readonly exports: ReadonlyMap<string, readonly string[]>;
}

/** What another part has is picked from it by name; what an `import()` leads to is asked for by its path. */
export const acrossParts = ({ root, part, parts, exports }: PartPlan): Plugin => ({
  name: 'across-parts',
  setup: ({ onResolve, onLoad, resolve }) => {
    onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === 'found') return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'found' });
      const file = relative(root, found.path).replaceAll('\\', '/');
      const home = parts.get(file);
      if (found.external || home === undefined) return undefined;
      if (kind === 'dynamic-import' && !(part === 'rest' && home === 'rest'))
        return { path: `${LATE}${file}`, external: true };
      if (home === part) return undefined;
      if (!exports.has(file))
        return {
          errors: [{ text: `${file} would ship twice: reach it through a module of ours.` }],
        };
      return { path: file, namespace: 'other-part' };
    });
    onLoad({ filter: /./, namespace: 'other-part' }, ({ path }) => ({
      contents: (exports.get(path) ?? []).map((name) => pickLine(path, name)).join('\n'),
      loader: 'js',
    }));
  },
});

const pickLine = (file: string, name: string): string =>
  `export const ${name} = /* @__PURE__ */ usherPick(${JSON.stringify(file)}, ${JSON.stringify(name)});`;

/** What the finished text of a part picks from others: file → names. A line may end within a string. */
export const picksIn = (text: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const picks = new Map<string, Set<string>>();
  for (const [, file = '', name = ''] of text
    .replaceAll('\\\n', '')
    .matchAll(/usherPick\(\s*"([^"]+)",\s*"([^"]+)"\s*\)/g)) {
    const names = picks.get(file) ?? new Set();
    picks.set(file, names.add(name));
  }
  return picks;
};

/**
 * The text that a flat part begins with: it runs `first`, and hands out what others pick, by file and
 * name. An object is made only for a file that is asked for.
 */
export const flatEntry = (
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  first: string | undefined,
): string => {
  const files = [...wanted.keys()].sort().map((file) => ({
    file,
    names: [...(wanted.get(file) ?? [])].sort(),
  }));
  const imports = files.map(({ file, names }, index) => {
    const list = names.map((name) => `${name} as ${alias(index, name)}`);
    return `import { ${list.join(', ')} } from ${JSON.stringify(`./${file}`)};`;
  });
  const cases = files.map(({ file, names }, index) => {
    const list = names.map((name) => `${name}: ${alias(index, name)}`);
    return `case ${JSON.stringify(file)}: return { ${list.join(', ')} };`;
  });
  const run = first === undefined ? '' : `import ${JSON.stringify(`./${first}`)};\n`;
  return `${imports.join('\n')}\n${run}export const share = (file) => { switch (file) { ${cases.join('\n')} } };`;
};

const alias = (index: number, name: string): string => `shared${index}_${name}`;

/** The text that a part begins with whose modules run when they are first asked for. */
export const lazyEntry = (late: readonly string[]): string => {
  const cases = late.map(
    (file) => `case ${JSON.stringify(file)}: return require(${JSON.stringify(`./${file}`)});`,
  );
  return `export const share = (file) => { switch (file) { ${cases.join('\n')} } };`;
};

/** Makes the binary for one target: stages exactly what ships, then has pkg join it with Node. */

import { chmod, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestName } from '../../agent/edges/native-addons.ts';
import { partFile } from './bundle.ts';
import { PARTS } from './parts.ts';
import { writePlaces } from './places.ts';
import { step } from './progress.ts';
import { run } from './run.ts';
import { assetsFor, type Target } from './targets.ts';
import { digestOf, type ToolCache } from './tool-cache.ts';

export interface ExecutableOptions {
  readonly root: string;
  /** Where it goes, under the name of its target. */
  readonly folder: string;
  readonly tools: ToolCache;
  readonly target: Target;
  /** The bundled program, and the version that it says it is. */
  readonly bundleFile: string;
  /** The terms of all that ships in it. */
  readonly noticesFile: string;
  /** The console's page. */
  readonly pageFile: string;
  readonly version: string;
}

export interface Executable {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** How the symbols of its Node were stripped, or why they were not. */
  readonly stripped: string;
}

/** Puts the finished binary into the folder; until it is whole, the former one stays. */
export const makeExecutable = async (options: ExecutableOptions): Promise<Executable> => {
  const { root, folder, tools, target } = options;
  const stage = join(folder, 'stage', target.name);
  await rm(stage, { recursive: true, force: true });
  const pkgHome = join(stage, 'home');
  const assets = await stageFiles(options, stage);
  const stripped = await seedRuntime(tools, target, pkgHome);

  const made = join(stage, target.output);
  const [host, pkg] = [await tools.hostNode(), await tools.pkg()];
  // V8 takes what the very same build of it has compiled, and that runs on its own system only.
  if (target.name === hostTarget) {
    await compile(host, root, stage);
    assets.push(...PARTS.map((part) => compiledFile(partFile('usher.cjs', part))));
  }
  await step(`Making ${target.output}`, () =>
    run(
      host,
      [
        join(root, 'build', 'pkg', 'sea.cjs'),
        pkg,
        `node${tools.nodeVersion}-${target.name}`,
        made,
        ...assets,
      ],
      { cwd: stage, env: onlyIn(stage, pkgHome) },
    ),
  );

  const placed = assets.filter((name) => name !== 'licenses.txt');
  await writePlaces(made, Object.fromEntries(placed.map((name) => [name, join(stage, name)])));
  await chmod(made, 0o755);
  if (target.name === hostTarget) await startsAs(options.version, made);
  const file = join(folder, target.output);
  await rename(made, file);
  await rm(pkgHome, { recursive: true });
  const { size } = await stat(file);
  return { file, bytes: size, sha256: await digestOf(file, 'sha256', 'hex'), stripped };
};

const compiledFile = (script: string): string => script.replace(/\.cjs$/, '.compiled');

const hostTarget = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

const compile = async (host: string, root: string, stage: string): Promise<void> => {
  const tools = join(root, 'build', 'pkg');
  const protocol = join(root, 'build', 'out', 'js', 'protocol');
  const env = { ...onlyIn(stage, stage), UV_THREADPOOL_SIZE: '1' };
  await run(host, ['--hash-seed=1', join(tools, 'compile.cjs'), stage, protocol], { env });
  await run(host, ['--hash-seed=1', join(tools, 'renumber.cjs'), stage], { env });
};

// The one proof that Node, blob and bundle fit together; a binary that fails it never gets its name.
const startsAs = async (version: string, file: string): Promise<void> => {
  const printed = await run(file, ['--version']);
  if (!printed.includes(version))
    throw new Error(`${file} --version should name ${version} and printed: ${printed}`);
};

const stageFiles = async (
  { root, tools, target, bundleFile, noticesFile, pageFile }: ExecutableOptions,
  stage: string,
): Promise<string[]> => {
  await mkdir(stage, { recursive: true });
  await copyFile(join(root, 'build', 'pkg', 'start.cjs'), join(stage, 'start.cjs'));
  const assets = [
    ...assetsFor(target, root),
    ...PARTS.map((part) => ({
      name: partFile('usher.cjs', part),
      file: partFile(bundleFile, part),
    })),
    { name: 'licenses.txt', file: noticesFile },
    { name: 'page.json', file: pageFile },
  ];
  for (const addon of target.foreignAddons)
    assets.push({ name: addon.name, file: await tools.addon(addon) });
  for (const { name, file } of assets) await copyFile(file, join(stage, name));
  const names = assets.map(({ name }) => name);
  const digests = names
    .filter((name) => name.endsWith('.node'))
    .map(async (addon) => {
      const digest = await digestOf(join(stage, addon), 'sha256', 'hex');
      await writeFile(join(stage, digestName(addon)), digest);
      return digestName(addon);
    });
  return [...names, ...(await Promise.all(digests))];
};

// pkg takes Node from its cache when everything there says that it has been fetched and checked: we
// have done both. So it never asks the network.
const seedRuntime = async (tools: ToolCache, target: Target, pkgHome: string): Promise<string> => {
  const cache = join(pkgHome, '.pkg-cache', 'sea');
  const node = join(cache, target.pkgNode(tools.nodeVersion));
  const archive = join(cache, target.pkgArchive(tools.nodeVersion));
  await mkdir(dirname(node), { recursive: true });
  await copyFile(await tools.node(target), node);
  for (const file of [`${node}.ok`, archive, `${archive}.ok`]) await writeFile(file, '');
  return strip(node, target);
};

const strip = async (file: string, { strippers }: Target): Promise<string> => {
  if (strippers.length === 0) return 'nothing to strip';
  for (const stripper of strippers) {
    const done = await run(stripper, [file]).then(
      () => true,
      () => false,
    );
    if (done) return `stripped by ${stripper}`;
  }
  return `not stripped, so about 18 MB larger: none of ${strippers.join(', ')} could`;
};

/** Keeps pkg from this user's own cache, and its temporary files where the staged ones are. */
const onlyIn = (stage: string, home: string): Readonly<Record<string, string | undefined>> => ({
  HOME: home,
  USERPROFILE: home,
  TMPDIR: stage,
  TEMP: stage,
  TMP: stage,
  NODE_OPTIONS: undefined,
});

/**
 * `npm run build [-- TARGET… packages]`: makes the single binaries in build/out and, when asked for, the
 * packages of a release in build/out/release. Needs the npm registry once.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBuildOrder } from './build/build-order.ts';
import { bundle } from './build/bundle.ts';
import { type Executable, makeExecutable } from './build/executable.ts';
import { collectNotices, levelVersion, renderNotices } from './build/notices.ts';
import { buildPage } from './build/page.ts';
import { step } from './build/progress.ts';
import { nodeVersions, shippedPackages } from './build/shipped.ts';
import { readSource, type Source } from './build/source.ts';
import type { Target } from './build/targets.ts';
import { defaultCacheFolder, openToolCache, type ToolCache } from './build/tool-cache.ts';
import { makeRelease } from './packages/release.ts';

// From build/out/js/scripts.
const root = fileURLToPath(new URL('../../../..', import.meta.url));

const main = async (args: readonly string[]): Promise<void> => {
  const order = parseBuildOrder(args);
  if (!order.ok) {
    console.error(order.error);
    process.exitCode = 2;
    return;
  }
  const source = readSource(root, order.value.version, process.env);
  const folder = resolve(order.value.into ?? join(root, 'build', 'out'));
  const tools = await openToolCache(defaultCacheFolder(process.env), root);
  const build = { source, folder, tools };
  const made = await makeAll(order.value.targets, build);
  for (const { executable } of made) report(executable);
  if (!order.value.wantsPackages) return;
  const release = join(folder, 'release');
  const names = await makeRelease({
    ...source,
    root,
    folder: release,
    made,
    versions: await nodeVersions(await tools.hostNode()),
    noticesFile: join(folder, 'licenses.txt'),
    packagesIn: (target) => shippedPackages(root, target, made[0]?.packages ?? []),
  });
  console.log(`${relative(process.cwd(), release)}: ${names.join(' ')}`);
  if (source.signingKey === undefined)
    console.error('Not signed: USHER_SIGNING_KEY_FILE names no key.');
};

interface Build {
  readonly source: Source;
  readonly folder: string;
  readonly tools: ToolCache;
}

interface Made {
  readonly target: Target;
  readonly executable: Executable;
  /** Bundled in it. */
  readonly packages: readonly string[];
}

const makeAll = async (
  targets: readonly Target[],
  { source, folder, tools }: Build,
): Promise<readonly Made[]> => {
  const bundleFile = join(folder, 'usher.cjs');
  const level = await levelVersion(root);
  const pageFile = join(folder, 'page.json');
  await mkdir(folder, { recursive: true });
  await writeFile(pageFile, JSON.stringify(await buildPage(root)));
  const packages = await step('Bundling', () =>
    bundle({
      root,
      entry: join(root, 'build', 'out', 'js', 'agent', 'main.js'),
      outfile: bundleFile,
      version: source.version,
      commit: source.commit,
      updateKey: source.updateKey,
      level,
    }),
  );
  const noticesFile = join(folder, 'licenses.txt');
  // koffi is no part of the script: its addon travels alone. preact is in the page.
  const notices = await collectNotices(root, [...packages, 'koffi', 'preact']);
  await writeFile(noticesFile, renderNotices([await tools.nodeNotice(), ...notices]));
  console.error(`  with ${packages.join(', ') || 'no package'}`);
  const made: Made[] = [];
  // One after the other: pkg holds several copies of the binary in memory.
  for (const target of targets) {
    const files = { bundleFile, noticesFile, pageFile };
    const { version } = source;
    const executable = await makeExecutable({ root, folder, tools, target, ...files, version });
    made.push({ target, executable, packages });
  }
  return made;
};

const report = ({ file, bytes, sha256, stripped }: Executable): void => {
  const name = relative(process.cwd(), file);
  console.log(`${sha256}  ${name}  ${(bytes / 1e6).toFixed(1)} MB  ${stripped}`);
};

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

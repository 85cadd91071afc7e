/** `npm run build [-- TARGET…]`: makes the single binaries in build/out. Needs the npm registry once. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build/bundle.ts';
import { type Executable, makeExecutable } from './build/executable.ts';
import { collectNotices, levelVersion, renderNotices } from './build/notices.ts';
import { step } from './build/progress.ts';
import { parseTargets, type Target } from './build/targets.ts';
import { defaultCacheFolder, openToolCache } from './build/tool-cache.ts';

// From build/out/js/scripts.
const root = fileURLToPath(new URL('../../../..', import.meta.url));

const main = async (args: readonly string[]): Promise<void> => {
  const targets = parseTargets(args);
  if (!targets.ok) {
    console.error(targets.error);
    process.exitCode = 2;
    return;
  }
  for (const made of await makeAll(targets.value)) report(made);
};

const makeAll = async (targets: readonly Target[]): Promise<readonly Executable[]> => {
  const tools = await openToolCache(defaultCacheFolder(process.env), root);
  const bundleFile = join(root, 'build', 'out', 'usher.cjs');
  const version = packageVersion();
  const level = await levelVersion(root);
  const packages = await step('Bundling', () =>
    bundle({
      root,
      entry: join(root, 'build', 'out', 'js', 'agent', 'main.js'),
      outfile: bundleFile,
      version,
      commit: commitHere(),
      level,
    }),
  );
  const noticesFile = join(root, 'build', 'out', 'licenses.txt');
  // koffi is no part of the script: its addon travels alone.
  const notices = await collectNotices(root, [...packages, 'koffi']);
  await writeFile(noticesFile, renderNotices([await tools.nodeNotice(), ...notices]));
  console.error(`  with ${packages.join(', ') || 'no package'}`);
  const made: Executable[] = [];
  // One after the other: pkg holds several copies of the binary in memory.
  for (const target of targets)
    made.push(await makeExecutable({ root, tools, target, bundleFile, noticesFile, version }));
  return made;
};

const report = ({ file, bytes, sha256, stripped }: Executable): void => {
  const name = relative(process.cwd(), file);
  console.log(`${sha256}  ${name}  ${(bytes / 1e6).toFixed(1)} MB  ${stripped}`);
};

const packageVersion = (): string => {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
};

const commitHere = (): string => {
  if (!existsSync(join(root, '.git'))) return 'unknown';
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
};

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

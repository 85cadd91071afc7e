/**
 * `npm run build [-- TARGET… windows-setup]`: makes the single binaries in build/out and, when asked
 * for, the installer for Windows. Needs the npm registry once.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build/bundle.ts';
import { type Executable, makeExecutable } from './build/executable.ts';
import { step } from './build/progress.ts';
import { parseTargets, type Target } from './build/targets.ts';
import { defaultCacheFolder, openToolCache } from './build/tool-cache.ts';
import { makeWindowsSetup, WINDOWS_SETUP } from './build/windows-setup.ts';

// From build/out/js/scripts.
const root = fileURLToPath(new URL('../../../..', import.meta.url));

const main = async (args: readonly string[]): Promise<void> => {
  const wantsSetup = args.includes(WINDOWS_SETUP);
  const names = args.filter((word) => word !== WINDOWS_SETUP);
  const targets = parseTargets(wantsSetup ? [...new Set([...names, 'win-x64'])] : names);
  if (!targets.ok) {
    console.error(targets.error);
    process.exitCode = 2;
    return;
  }
  for (const made of await makeAll(targets.value)) report(made);
  if (!wantsSetup) return;
  const folder = join(root, 'build', 'out');
  const program = join(folder, 'usher-win-x64.exe');
  const koffi = join(folder, 'stage', 'win-x64', 'koffi.node');
  const version = packageVersion();
  for (const made of await makeWindowsSetup({ root, program, koffi, version, folder }))
    report({ ...made, stripped: '' });
};

const makeAll = async (targets: readonly Target[]): Promise<readonly Executable[]> => {
  const tools = await openToolCache(defaultCacheFolder(process.env), root);
  const bundleFile = join(root, 'build', 'out', 'usher.cjs');
  const version = packageVersion();
  const packages = await step('Bundling', () =>
    bundle({
      root,
      entry: join(root, 'build', 'out', 'js', 'agent', 'main.js'),
      outfile: bundleFile,
      version,
      commit: commitHere(),
    }),
  );
  console.error(`  with ${packages.join(', ') || 'no package'}`);
  const made: Executable[] = [];
  // One after the other: pkg holds several copies of the binary in memory.
  for (const target of targets)
    made.push(await makeExecutable({ root, tools, target, bundleFile, version }));
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

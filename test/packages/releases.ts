/** Releases to install: the one just built, and others of the same source. */

import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/build/bundle.ts';
import { makeExecutable } from '../../scripts/build/executable.ts';
import { parseTargets } from '../../scripts/build/targets.ts';
import { defaultCacheFolder, openToolCache } from '../../scripts/build/tool-cache.ts';
import { linuxFiles } from '../../scripts/packages/linux-files.ts';
import {
  type LinuxPackageOrder,
  makeLinuxPackages,
} from '../../scripts/packages/make-linux-packages.ts';

const tree = process.cwd();

/** Where `npm run build -- packages` has put the release that is tried. */
export const RELEASE = join(tree, 'build', 'out', 'release');
export const VERSION = (
  JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as { readonly version: string }
).version;

/** Builds the same source as another version: bare binary and packages. Returns its folder. */
export const buildVersion = async (
  version: string,
  kinds: NonNullable<LinuxPackageOrder['kinds']>,
): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-release-'));
  const bundleFile = join(folder, 'usher.cjs');
  const entry = join(tree, 'build', 'out', 'js', 'agent', 'main.js');
  const facts = { version, commit: 'another', updateKey: '', level: '' };
  await bundle({ root: tree, entry, outfile: bundleFile, ...facts });
  const targets = parseTargets(['linux-x64']);
  const [target] = targets.ok ? targets.value : [];
  if (target === undefined) throw new Error('there is no target linux-x64');
  const tools = await openToolCache(defaultCacheFolder(process.env), tree);
  const noticesFile = join(tree, 'build', 'out', 'licenses.txt');
  const pageFile = join(tree, 'build', 'out', 'page.json');
  const order = { root: tree, folder, tools, target, bundleFile, noticesFile, pageFile };
  const { file } = await makeExecutable({ ...order, version });
  copyFileSync(file, join(folder, `usher-${version}-linux-x64`));
  const files = await linuxFiles(tree, readFileSync(noticesFile), version, 0);
  const packages = { files, binary: file, version, time: 0, folder };
  await makeLinuxPackages({ ...packages, architecture: 'x64', kinds });
  return folder;
};

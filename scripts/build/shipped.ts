/** Which packages and which Node are in a binary, for its bill of materials. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SbomPackage } from '../packages/sbom.ts';
import { run } from './run.ts';
import type { Target } from './targets.ts';

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version: string; readonly license?: string; readonly integrity: string }
    >
  >;
}

/** Bundled in the console's page, which the binary carries as text. */
const IN_THE_PAGE = ['preact'];

/** Those bundled, those in the page, and those whose addon is an asset, as package-lock.json pins them. */
export const shippedPackages = async (
  root: string,
  target: Target,
  bundled: readonly string[],
): Promise<readonly SbomPackage[]> => {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const addons = target.foreignAddons.map((addon) => addon.package);
  const names = new Set([...bundled, ...IN_THE_PAGE, ...addons]);
  return [...names].sort().map((name) => {
    const pinned = lock.packages[`node_modules/${name}`];
    if (pinned === undefined) throw new Error(`package-lock.json pins no ${name}.`);
    const { version, license = 'MIT', integrity } = pinned;
    return { name, version, license, integrity };
  });
};

/** What that Node and its parts call their versions. */
export const nodeVersions = async (node: string): Promise<Readonly<Record<string, string>>> =>
  JSON.parse(await run(node, ['-p', 'JSON.stringify(process.versions)']));

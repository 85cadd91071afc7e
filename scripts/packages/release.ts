/** Makes the folder of a release: binaries, packages, bills of materials, sums and their signature. */

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Executable } from '../build/executable.ts';
import { step } from '../build/progress.ts';
import type { Target } from '../build/targets.ts';
import { digestOf } from '../build/tool-cache.ts';
import { type LinuxFiles, linuxFiles } from './linux-files.ts';
import { makeLinuxPackages } from './make-linux-packages.ts';
import { type SbomPackage, sbomOf } from './sbom.ts';
import { minisign, type SigningKey } from './signing-key.ts';
import { makeWindowsSetup } from './windows-setup.ts';

export interface ReleaseOrder {
  readonly root: string;
  /** Emptied first. */
  readonly folder: string;
  /** The terms of what others have made. */
  readonly noticesFile: string;
  readonly version: string;
  readonly commit: string;
  /** Seconds since 1970: of the commit. */
  readonly time: number;
  readonly made: readonly { readonly target: Target; readonly executable: Executable }[];
  /** Of the Node that ships, as `process.versions` has them. */
  readonly versions: Readonly<Record<string, string>>;
  readonly packagesIn: (target: Target) => Promise<readonly SbomPackage[]>;
  readonly signingKey: SigningKey | undefined;
}

export const SUMS_FILE = 'SHA256SUMS';

/** Fills the folder and returns the names of the files in it. */
export const makeRelease = async (order: ReleaseOrder): Promise<readonly string[]> => {
  const { root, folder, version, commit, time, made } = order;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = await linuxFiles(root, await readFile(order.noticesFile), version, time);
  await writeFile(join(root, 'build', 'out', 'usher.1.gz'), files.manPage);
  for (const { target, executable } of made) {
    const binary = target.output.replace(/^usher/, `usher-${version}`);
    await copyFile(executable.file, join(folder, binary));
    const packages = await order.packagesIn(target);
    const facts = { version, commit, time, target: target.name, sha256: executable.sha256 };
    const bom = sbomOf({ ...facts, packages, versions: order.versions });
    await writeFile(join(folder, `usher-${version}-${target.name}.cdx.json`), bom);
    await step(`Packing ${target.name}`, () => pack(order, files, target, executable.file));
  }
  await sumUp(folder, `usher ${version} commit ${commit}`, order.signingKey);
  return (await readdir(folder)).sort();
};

const pack = (
  { root, folder, version, time }: ReleaseOrder,
  files: LinuxFiles,
  { name }: Target,
  binary: string,
): Promise<readonly string[]> => {
  const linux = { files, binary, version, time, folder };
  switch (name) {
    case 'linux-x64':
      return makeLinuxPackages({ ...linux, architecture: 'x64' });
    case 'linux-arm64':
      return makeLinuxPackages({ ...linux, architecture: 'arm64' });
    case 'win-x64': {
      const koffi = join(dirname(binary), 'stage', name, 'koffi.node');
      return makeWindowsSetup({ root, program: binary, koffi, version, time, folder });
    }
  }
};

/** Writes the sums over everything in the folder and, with a key, their signature. */
export const sumUp = async (
  folder: string,
  comment: string,
  key: SigningKey | undefined,
): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => !name.startsWith(SUMS_FILE)).sort();
  const lines: string[] = [];
  for (const name of names)
    lines.push(`${await digestOf(join(folder, name), 'sha256', 'hex')}  ${name}\n`);
  await writeFile(join(folder, SUMS_FILE), lines.join(''));
  if (key === undefined) return;
  const sums = await readFile(join(folder, SUMS_FILE));
  await writeFile(join(folder, `${SUMS_FILE}.minisig`), minisign(key, sums, comment));
};

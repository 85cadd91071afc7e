/**
 * Where the native addons go that the single binary carries. The operating system loads a library
 * only from a file, so the binary writes its own out. It does so in a folder that the caller names,
 * because a service user has no home folder, and that only the caller may write to, because who can
 * write there can run code as Usher.
 */

import { hash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { getAsset, getRawAsset, isSea } from 'node:sea';
import { systemReason } from '../system-reason.ts';
import { letPass, passingBytes } from './passing-bytes.ts';

export type NativeAddonFault =
  /** An addon was asked for before `placeNativeAddons` said where it goes. */
  | 'ADDONS_NOT_PLACED'
  /** The folder cannot be made, or someone else could write to it. */
  | 'ADDON_FOLDER_UNUSABLE'
  /** The file cannot be written into the folder. */
  | 'ADDON_NOT_WRITTEN'
  /** The operating system refuses to load the file. */
  | 'ADDON_NOT_LOADED';

export class NativeAddonError extends Error {
  readonly code: NativeAddonFault;

  constructor(code: NativeAddonFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'NativeAddonError';
    this.code = code;
  }
}

/** An addon that travels in the binary. */
export interface CarriedAddon {
  readonly name: string;
  /** SHA-256 of it, hexadecimal: the build has put it beside. */
  readonly digest: string;
  /** Read only where it has to be written: pages of the binary that nobody looks at stay on the disk. */
  readonly read: () => Uint8Array;
}

/** Bytes of a file that could be an addon of ours. */
const ADDON_MAX = 16_777_216;

let place: string | undefined;
const loaded = new Map<string, unknown>();

/**
 * Says where native addons go: `folder` is made (0700) when it is missing. Call it before the first
 * import of what needs one, `level` above all. Outside the binary it does nothing: there the addons
 * are files already. Throws a NativeAddonError.
 */
export const placeNativeAddons = (folder: string): void => {
  if (!isSea()) return;
  // Absolute: Windows would look for a relative one in other folders, too.
  const absolute = resolve(folder);
  prepareFolder(absolute);
  place = absolute;
};

/**
 * What the addon of this name in the binary exports. The bundler calls it in place of the package's
 * own search for its file. Throws a NativeAddonError.
 */
export const loadNativeAddon = (name: string): unknown => {
  if (loaded.has(name)) return loaded.get(name);
  if (place === undefined)
    throw new NativeAddonError(
      'ADDONS_NOT_PLACED',
      `Bug: ${name} was asked for before placeNativeAddons said where it goes.`,
    );
  const file = placeAddon(place, {
    name,
    digest: getAsset(digestName(name), 'utf8'),
    read: () => new Uint8Array(getRawAsset(name) as ArrayBuffer),
  });
  const exported = openAddon(file);
  loaded.set(name, exported);
  return exported;
};

/** Makes `folder`, private to this user; throws when it is another's or stays open to others. */
export const prepareFolder = (folder: string): void => {
  let found: Stats;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    found = statSync(folder);
    if (isOwn(found) && isOpenToOthers(found)) {
      chmodSync(folder, 0o700);
      found = statSync(folder);
    }
  } catch (cause) {
    throw new NativeAddonError(
      'ADDON_FOLDER_UNUSABLE',
      `The folder for native addons, ${folder}, cannot be used: ${systemReason(cause)}.`,
      cause,
    );
  }
  if (isTrusted(found)) return;
  throw new NativeAddonError(
    'ADDON_FOLDER_UNUSABLE',
    `The folder for native addons, ${folder}, belongs to another user or is open to others: remove it, or name another data folder.`,
  );
};

/** Under which name the binary carries the digest of an addon. */
export const digestName = (addon: string): string => `${addon}.sha256`;

/** The name under which an addon is placed; it tells this build of it from every other. */
export const addonFileName = (name: string, digest: string): string =>
  `${digest.slice(0, 24)}-${name}`;

/**
 * Puts the addon into `folder` under a name that tells it from every other build's, and returns the
 * path. A file that is already there is believed only when it is ours and has exactly that digest.
 */
export const placeAddon = (folder: string, { name, digest, read }: CarriedAddon): string => {
  const file = join(folder, addonFileName(name, digest));
  if (holds(file, digest)) return file;
  const partial = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(partial, read(), { mode: 0o600, flag: 'wx' });
    renameSync(partial, file);
  } catch (cause) {
    rmSync(partial, { force: true });
    // On Windows another Usher may have placed and opened the same file a moment ago.
    if (holds(file, digest)) return file;
    throw new NativeAddonError(
      'ADDON_NOT_WRITTEN',
      `${name} cannot be written into ${folder}: ${systemReason(cause)}.`,
      cause,
    );
  }
  return file;
};

/** What the addon in `file` exports. */
export const openAddon = (file: string): unknown => {
  const addon: { readonly exports: unknown } = { exports: {} };
  try {
    process.dlopen(addon, file);
  } catch (cause) {
    const why = systemReason(cause).replace(`${file}: `, '');
    throw new NativeAddonError(
      'ADDON_NOT_LOADED',
      `${basename(file)} cannot be loaded from ${dirname(file)}: ${why}. A file system mounted noexec refuses it: name a data folder elsewhere.`,
      cause,
    );
  }
  return addon.exports;
};

const holds = (file: string, digest: string): boolean => {
  try {
    const found = lstatSync(file);
    return found.isFile() && isTrusted(found) && digestOf(file, found.size) === digest;
  } catch {
    return false;
  }
};

/** Of the first `size` bytes of a file; of none when it is no longer as long or longer than any addon. */
const digestOf = (file: string, size: number): string => {
  if (size > ADDON_MAX) return '';
  const bytes = passingBytes(size);
  const opened = openSync(file, 'r');
  try {
    return readSync(opened, bytes, 0, size, 0) === size ? hash('sha256', bytes) : '';
  } finally {
    closeSync(opened);
    letPass(bytes);
  }
};

// Windows answers 0 for every owner and makes up the mode; there the folder's access list protects.
const isOwn = (found: Stats): boolean => found.uid === (process.geteuid?.() ?? 0);
const isOpenToOthers = (found: Stats): boolean =>
  process.platform !== 'win32' && (found.mode & 0o022) !== 0;
const isTrusted = (found: Stats): boolean =>
  (isOwn(found) || found.uid === 0) && !isOpenToOthers(found);

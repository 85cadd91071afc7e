/**
 * Where the native addons go that the single binary carries. The operating system loads a library
 * only from a file, so the binary writes its own out. It does so in a folder that the caller names,
 * because a service user has no home folder, and that only the caller may write to, because who can
 * write there can run code as Usher.
 */

import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';
import { systemReason } from '../system-reason.ts';

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
  const file = placeAddon(place, name, new Uint8Array(getRawAsset(name) as ArrayBuffer));
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

/** The name under which an addon is placed; it tells this build of it from every other. */
export const addonFileName = (name: string, bytes: Uint8Array): string =>
  `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}-${name}`;

/**
 * Puts `bytes` into `folder` under a name that tells them from every other build's, and returns the
 * path. A file that is already there is believed only when it is ours and holds exactly `bytes`.
 */
export const placeAddon = (folder: string, name: string, bytes: Uint8Array): string => {
  const file = join(folder, addonFileName(name, bytes));
  if (holds(file, bytes)) return file;
  const partial = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(partial, bytes, { mode: 0o600, flag: 'wx' });
    renameSync(partial, file);
  } catch (cause) {
    rmSync(partial, { force: true });
    // On Windows another Usher may have placed and opened the same file a moment ago.
    if (holds(file, bytes)) return file;
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

const holds = (file: string, bytes: Uint8Array): boolean => {
  try {
    const found = lstatSync(file);
    return found.isFile() && isTrusted(found) && readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
};

// Windows answers 0 for every owner and makes up the mode; there the folder's access list protects.
const isOwn = (found: Stats): boolean => found.uid === (process.geteuid?.() ?? 0);
const isOpenToOthers = (found: Stats): boolean =>
  process.platform !== 'win32' && (found.mode & 0o022) !== 0;
const isTrusted = (found: Stats): boolean =>
  (isOwn(found) || found.uid === 0) && !isOpenToOthers(found);

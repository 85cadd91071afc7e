/**
 * Where the native addons go that the single binary carries. The operating system loads a library
 * only from a file, so the binary writes its own out. It does so in a folder that the caller names,
 * because a service user has no home folder, and that only the caller may write to, because who can
 * write there can run code as Usher.
 */

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
  /** Its bytes, which may be given back once they were looked at. */
  readonly read: () => Uint8Array<ArrayBuffer>;
}

/** Bytes of an addon's file that are looked at together. */
const PIECE = 65_536;

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
 * path. A file that is already there is believed only when it is ours and has exactly these bytes.
 */
export const placeAddon = (folder: string, { name, digest, read }: CarriedAddon): string => {
  const file = join(folder, addonFileName(name, digest));
  const bytes = read();
  try {
    if (!holds(file, bytes)) write(file, bytes);
    return file;
  } catch (cause) {
    throw new NativeAddonError(
      'ADDON_NOT_WRITTEN',
      `${name} cannot be written into ${folder}: ${systemReason(cause)}.`,
      cause,
    );
  } finally {
    if (bytes.buffer.resizable) letPass(bytes);
  }
};

const write = (file: string, bytes: Uint8Array): void => {
  // No two processes at a time have the same number, and none has it again at the same instant.
  const partial = `${file}.${process.pid}-${process.hrtime.bigint()}.tmp`;
  try {
    writeFileSync(partial, bytes, { mode: 0o600, flag: 'wx' });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    // On Windows another Usher may have placed and opened the same file a moment ago.
    if (!holds(file, bytes)) throw error;
  }
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

/**
 * Bytes are compared and not digests: a digest would have Node load all of its cryptography before the
 * store is opened, which it can do while the disk works.
 */
const holds = (file: string, bytes: Uint8Array): boolean => {
  try {
    const found = lstatSync(file);
    return (
      found.isFile() && isTrusted(found) && found.size === bytes.length && hasBytes(file, bytes)
    );
  } catch {
    return false;
  }
};

const hasBytes = (file: string, bytes: Uint8Array): boolean => {
  const piece = passingBytes(PIECE);
  const opened = openSync(file, 'r');
  try {
    let at = 0;
    while (at < bytes.length) {
      const length = readSync(opened, piece, 0, PIECE, at);
      const here = piece.subarray(0, length);
      if (length === 0 || Buffer.compare(here, bytes.subarray(at, at + length)) !== 0) return false;
      at += length;
    }
    return true;
  } finally {
    closeSync(opened);
    letPass(piece);
  }
};

// Windows answers 0 for every owner and makes up the mode; there the folder's access list protects.
const isOwn = (found: Stats): boolean => found.uid === (process.geteuid?.() ?? 0);
const isOpenToOthers = (found: Stats): boolean =>
  process.platform !== 'win32' && (found.mode & 0o022) !== 0;
const isTrusted = (found: Stats): boolean =>
  (isOwn(found) || found.uid === 0) && !isOpenToOthers(found);

/** Files that a person names. */

import { access, constants, type FileHandle, lstat, open, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

/** More than any file that is read by name here has. */
const FILE_MAX = 4 * 1024 * 1024;

/** A file's bytes. Code: FILE_UNREADABLE. */
export const readFileBytes = async (path: string): Promise<Uint8Array> => {
  try {
    await using file = await open(path, 'r');
    return await readBounded(file);
  } catch (error) {
    throw new UsherError(
      'FILE_UNREADABLE',
      `Cannot read ${nameOf(path)}: ${systemReason(error)}.`,
      error,
    );
  }
};

/** A device or a pipe has no size to look at first. */
const readBounded = async (file: FileHandle): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FILE_MAX) throw new Error('it is too large');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
};

/** The text in bytes: UTF-8 or, with its byte order mark, the UTF-16 that Windows programs save. */
export const bytesToText = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
};

/**
 * Looks whether a new file can be written here, before something is done that typing the command
 * again would do twice, or make worthless. Codes: FILE_EXISTS, FOLDER_UNUSABLE.
 */
export const expectNewFile = async (path: string | undefined): Promise<void> => {
  if (path === undefined) return;
  try {
    await access(dirname(path), constants.W_OK);
    if (path === '') throw new Error('it has no name');
    await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'lstat' && isMissing(error)) return;
    throw unwritable(path, error);
  }
  throw exists(path);
};

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Writes a new file; never over one that is there. Codes: FILE_EXISTS, FOLDER_UNUSABLE. */
export const writeNewFile = async (
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> => {
  try {
    await writeFile(path, content, { flag: 'wx', mode });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? exists(path, error)
      : unwritable(path, error);
  }
};

const exists = (path: string, cause?: unknown): UsherError =>
  new UsherError('FILE_EXISTS', `${path} exists already: choose another name.`, cause);

const unwritable = (path: string, error: unknown): UsherError =>
  new UsherError('FOLDER_UNUSABLE', `Cannot write ${nameOf(path)}: ${systemReason(error)}.`, error);

/** A name that is empty is seen as such. */
const nameOf = (path: string): string => (path === '' ? '""' : path);

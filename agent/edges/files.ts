/** Files that a person names. */

import { open, writeFile } from 'node:fs/promises';
import { UsherError } from '../usher-error.ts';

/** More than any file that is read by name here has. */
const FILE_MAX = 4 * 1024 * 1024;

/** A file's bytes. Code: FILE_UNREADABLE. */
export const readFileBytes = async (path: string): Promise<Uint8Array> => {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > FILE_MAX) throw new Error('it is too large');
    return new Uint8Array(await file.readFile());
  } catch (error) {
    throw new UsherError('FILE_UNREADABLE', `Cannot read ${path}: ${reason(error)}.`, error);
  }
};

/** Writes a new file; never over one that is there. Codes: FILE_EXISTS, FOLDER_UNUSABLE. */
export const writeNewFile = async (
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> => {
  try {
    await writeFile(path, content, { flag: 'wx', mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new UsherError('FILE_EXISTS', `${path} exists already: choose another name.`, error);
    }
    throw new UsherError('FOLDER_UNUSABLE', `Cannot write ${path}: ${reason(error)}.`, error);
  }
};

const reason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return message;
  }
};

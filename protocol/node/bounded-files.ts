/** Reads of small files: bounded, never waiting for a pipe; a kernel's also below any root folder. */

import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

/** Most bytes read of one file, unless a caller says more. */
const FILE_MAX = 4_096;
/** Most names taken of one folder. */
export const FOLDER_MAX = 1_024;

const OTHERS_READ = 0o004;

export interface Files {
  /** First bytes as text, without the trailing line end; `undefined` when absent or closed. */
  readonly text: (path: string, bytesMax?: number) => string | undefined;
  /** The same, of a file that any user may read: root sees no more than others. */
  readonly publicText: (path: string) => string | undefined;
  /** Names in a folder, sorted; `undefined` when absent or closed. */
  readonly names: (path: string) => readonly string[] | undefined;
  readonly exists: (path: string) => boolean;
  /** Where a link points, or empty text. */
  readonly link: (path: string) => string;
}

/** Files below `root`, which is `/` but in tests. */
export const filesBelow = (root: string): Files => {
  const below = (path: string): string => (root === '/' ? path : join(root, path));
  return {
    text: (path, bytesMax = FILE_MAX) => attempt(() => readText(below(path), bytesMax)),
    publicText: (path) =>
      attempt(() => {
        const full = below(path);
        return (statSync(full).mode & OTHERS_READ) === 0 ? undefined : readText(full, FILE_MAX);
      }),
    names: (path) => attempt(() => readdirSync(below(path)).sort().slice(0, FOLDER_MAX)),
    exists: (path) => attempt(() => statSync(below(path), { throwIfNoEntry: false })) !== undefined,
    link: (path) => attempt(() => readlinkSync(below(path))) ?? '',
  };
};

export class FileTooLarge extends Error {
  constructor() {
    super('it is too large');
  }
}

/**
 * The bytes of a file that has at most `bytesMax`; throws the system's error, or `FileTooLarge`. A
 * device or a pipe has no size to look at first.
 */
export const readFileUpTo = (path: string, bytesMax: number): Uint8Array => {
  const bytes = readFirst(path, bytesMax + 1);
  if (bytes.length > bytesMax) throw new FileTooLarge();
  return bytes.slice();
};

const NEWLINE = 10;

/** Without the ends of lines after the last. */
const readText = (path: string, bytesMax: number): string => {
  const bytes = readFirst(path, bytesMax);
  let { length } = bytes;
  while (bytes[length - 1] === NEWLINE) length--;
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
};

/** For one file after the other. */
let scratch = new Uint8Array(FILE_MAX);

/** A view of what was read, until the next file is. */
const readFirst = (path: string, bytesMax: number): Uint8Array => {
  // Not blocking: a pipe put in place of a file must not hold the agent.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (scratch.length < bytesMax) scratch = new Uint8Array(bytesMax);
    const bytes = scratch;
    let length = 0;
    while (length < bytesMax) {
      const read = readSync(file, bytes, length, bytesMax - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
};

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

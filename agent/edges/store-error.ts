/** What is said when the store cannot be used. */

import { UsherError } from '../usher-error.ts';

/** Code: STORE_DAMAGED. */
export const damagedStore = (folder: string, what: string): UsherError =>
  new UsherError('STORE_DAMAGED', `The store ${folder} is damaged: ${what}.`);

/** What the system says when the store is whole and the disk is not as it should be. */
const DISK_TROUBLES: readonly (readonly [RegExp, string])[] = [
  [/no space left|not enough space|disk quota/i, 'the disk is full'],
  [/read-only file system|write.?protected/i, 'the disk may only be read'],
  [/permission denied|access is denied/i, 'this user may not'],
  [/too many open files/i, 'too many files are open'],
  [/input\/output error/i, 'the disk has an error'],
];

/** What LevelDB's error means. */
export const explainStoreError = (error: unknown, folder: string): UsherError => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as { code?: string; message: string };
  if (code === 'LEVEL_LOCKED') {
    return new UsherError('STORE_LOCKED', `Another program has the store ${folder} open.`, error);
  }
  const trouble = diskTrouble(message);
  if (trouble === undefined) return damagedStore(folder, message);
  const sentence = `The store ${folder} cannot be written: ${trouble}.`;
  return new UsherError('STORE_UNWRITABLE', sentence, error);
};

/** What is wrong with the disk in words, when it is that. */
export const diskTrouble = (message: string): string | undefined =>
  DISK_TROUBLES.find(([pattern]) => pattern.test(message))?.[1];

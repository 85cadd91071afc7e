/** A lock between processes: a file that can be made once, with the mark of who made it. */

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning, ownMark } from './process-mark.ts';

/** Gives a lock back. */
export type Unlock = () => void;

/**
 * Takes the lock at `path`, or returns `undefined` while a running process has it, this one
 * included. What a process left behind when it ended is recognised. Throws the system's error when
 * the folder cannot be written.
 */
export const tryLock = (path: string): Unlock | undefined => {
  const mark = ownMark();
  for (let tries = 0; tries < 3; tries++) {
    if (make(path, mark)) return () => rmSync(path, { force: true });
    const found = readMark(path);
    if (found !== undefined && isRunning(found)) return undefined;
    if (found !== undefined) moveAway(path, found);
  }
  return undefined;
};

/** The file appears with its mark in it: one without would look like a dead one. */
const make = (path: string, mark: string): boolean => {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, mark, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

/** The mark in a file; `undefined` when the file is gone. */
export const readMark = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').slice(0, 256);
  } catch {
    return undefined;
  }
};

/** Two may find the same dead lock, and the later of them must not throw away the other's new one. */
const moveAway = (path: string, dead: string): void => {
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
    if (readMark(aside) !== dead) linkSync(aside, path);
  } catch {
    // Somebody else was quicker.
  }
  rmSync(aside, { force: true });
};

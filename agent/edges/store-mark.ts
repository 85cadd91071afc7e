/**
 * How many batches the store has written, kept beside it: a store whose last ones were cut off looks
 * whole by itself. The mark is written after the store and may be behind it, never before it.
 */

import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { crc32 } from './crc32.ts';

const NUMBER_LENGTH = 10;
/** Under load a store writes hundreds of batches a second; the mark follows at this distance. */
const REST_MS = 50;

export type MarkSeen =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'seen'; readonly commits: number };

const toText = (commits: number): string => {
  const number = String(commits).padStart(NUMBER_LENGTH, '0');
  return `${number} ${crc32(number).toString(16).padStart(8, '0')}\n`;
};

/** What the mark says of the store. */
export const readMark = async (path: string): Promise<MarkSeen> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { kind: 'none' };
  const commits = Number(text.slice(0, NUMBER_LENGTH));
  const isWhole = Number.isSafeInteger(commits) && text === toText(commits);
  return isWhole ? { kind: 'seen', commits } : { kind: 'damaged' };
};

export class StoreMark {
  readonly #path: string;
  #file: FileHandle | undefined;
  #wanted = 0;
  #written = 0;
  #writing: Promise<void> | undefined;
  #stopResting: (() => void) | undefined;
  #closed = false;

  /** `seen`: what the file says already. */
  constructor(path: string, seen = 0) {
    this.#path = path;
    this.#written = seen;
  }

  /** Writes it down soon; it does no harm when that fails. */
  note(commits: number): void {
    this.#wanted = commits;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopResting?.();
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    while (this.#written !== this.#wanted) {
      const commits = this.#wanted;
      try {
        this.#file ??= await openFirst(this.#path, toText(commits));
        await this.#file.write(toText(commits), 0);
      } catch {
        // Without room for it the mark stays behind, which is what it may be.
      }
      this.#written = commits;
      if (!this.#closed) await this.#rest();
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, REST_MS).unref();
      this.#stopResting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The file, for writing over what it says; a new one appears with its text in it. */
const openFirst = async (path: string, text: string): Promise<FileHandle> => {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const draft = `${path}.new`;
  try {
    await writeFile(draft, text, { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return open(path, 'r+');
};

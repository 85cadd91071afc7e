/** Reads a log that `RotatingLog` writes: what is in it, and what is added later. */

import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

/** How soon a new line is seen. */
const LOOK_EVERY_MS = 250;

/**
 * The file is opened for each look only: on Windows it could not be put aside while it is open.
 * Codes of all its methods: NOT_PERMITTED, FILE_UNREADABLE.
 */
export class LogReader {
  readonly #path: string;
  /** Which file has been read how far, by the file system's own number for it. */
  #file: bigint | undefined;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether there is a log, be it one that was put aside. */
  exists(): Promise<boolean> {
    return this.#orExplain(async () => {
      return (
        (await fileNumber(this.#path)) !== undefined || (await formerOf(this.#path)).length > 0
      );
    });
  }

  /** Every line there is, oldest first; none where there is no log. */
  async *all(): AsyncGenerator<string> {
    // Known before the former ones are read: what is put aside meanwhile is read where it lies then.
    this.#file = await this.#orExplain(() => fileNumber(this.#path));
    this.#at = 0;
    for (const file of await this.#orExplain(() => formerOf(this.#path))) {
      const text = await this.#orExplain(() => readFile(file, 'utf8').catch(orElse('')));
      yield* toLines(text);
    }
    yield* await this.#orExplain(() => this.#next());
  }

  /** The newest of all lines, oldest first. */
  async newest(count: number): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const line of this.all()) lines.push(line);
    return lines.slice(-count);
  }

  /** The lines that are added to what was read, as they come, until `stop`. */
  async *added(stop: AbortSignal): AsyncGenerator<string> {
    while (!stop.aborted) {
      yield* await this.#orExplain(() => this.#next());
      await after(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
    }
  }

  /** The lines since the last look. */
  async #next(): Promise<readonly string[]> {
    const found = await fileNumber(this.#path);
    if (found === undefined) return [];
    let text = '';
    if (this.#file !== found) {
      // It was put aside: what was written to it before that is not lost.
      if (this.#file !== undefined) text += await this.#restOfFormer(this.#file);
      this.#file = found;
      this.#at = 0;
    }
    text += await this.#readOn(this.#path);
    return toLines(text);
  }

  async #restOfFormer(file: bigint): Promise<string> {
    const former = `${this.#path}.1`;
    return (await fileNumber(former)) === file ? this.#readOn(former) : '';
  }

  /** What has come, as far as its lines are whole. */
  async #readOn(path: string): Promise<string> {
    await using file = await open(path);
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - this.#at));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#at);
    const whole = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    this.#at += whole;
    return bytes.toString('utf8', 0, whole);
  }

  async #orExplain<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const kind = code === 'EPERM' || code === 'EACCES' ? 'NOT_PERMITTED' : 'FILE_UNREADABLE';
      throw new UsherError(kind, `Cannot read ${this.#path}: ${systemReason(error)}.`, error);
    }
  }
}

const toLines = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/** What stands for a file that is not there. */
const orElse =
  <T>(none: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return none;
    throw error;
  };

const fileNumber = (path: string): Promise<bigint | undefined> =>
  stat(path, { bigint: true }).then(({ ino }) => ino, orElse(undefined));

/** The files that were put aside, oldest first. */
const formerOf = async (path: string): Promise<readonly string[]> => {
  const start = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch(orElse<string[]>([]));
  return names
    .filter((name) => name.startsWith(start) && /^\d{1,6}$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((one, other) => other - one)
    .map((number) => join(dirname(path), `${start}${number}`));
};

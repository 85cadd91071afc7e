/** Reads a log that `RotatingLog` writes: its newest lines, and those that come. */

import { open, readFile, stat } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

/** How soon a new line is seen. */
const LOOK_EVERY_MS = 250;

/** The newest lines, oldest first; none where there is no log. Codes: NOT_PERMITTED, FILE_UNREADABLE. */
export const readLog = (path: string, count: number): Promise<readonly string[]> =>
  new LogReader(path).newest(count);

/** Tells the newest lines, then each that comes, until `stop`. Codes as of `readLog`. */
export const followLog = async (
  path: string,
  count: number,
  tell: (line: string) => void,
  stop: AbortSignal,
): Promise<void> => {
  const reader = new LogReader(path);
  let lines = await reader.newest(count);
  while (!stop.aborted) {
    lines.forEach(tell);
    await after(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
    lines = await reader.next();
  }
};

/** The file is opened for each look only: on Windows it could not be put aside while it is open. */
class LogReader {
  readonly #path: string;
  /** Which file has been read how far, by the file system's own number for it. */
  #file: bigint | undefined;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async newest(count: number): Promise<readonly string[]> {
    const former = await readFile(formerOf(this.#path), 'utf8').catch(() => '');
    const before = former.split('\n').slice(0, -1);
    return [...before, ...(await this.next())].slice(-count);
  }

  /** The lines since the last look. */
  async next(): Promise<readonly string[]> {
    try {
      const found = await stat(this.#path, { bigint: true });
      let text = '';
      if (this.#file !== found.ino) {
        // It was put aside: what was written to it before that is not lost.
        if (this.#file !== undefined) text += await this.#restOfFormer(this.#file);
        this.#file = found.ino;
        this.#at = 0;
      }
      text += await this.#readOn(this.#path);
      return text.split('\n').slice(0, -1);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      const kind = code === 'EPERM' || code === 'EACCES' ? 'NOT_PERMITTED' : 'FILE_UNREADABLE';
      throw new UsherError(kind, `Cannot read ${this.#path}: ${systemReason(error)}.`, error);
    }
  }

  async #restOfFormer(file: bigint): Promise<string> {
    const former = formerOf(this.#path);
    const found = await stat(former, { bigint: true }).catch(() => undefined);
    return found?.ino === file ? this.#readOn(former) : '';
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
}

const formerOf = (path: string): string => `${path}.1`;

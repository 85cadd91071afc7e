/** Reads the agent's log file and those put aside, oldest line first, and what is added later. */

import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, stat, watch } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Every line there is. Rejects with the system's error where there is no log, or it may not be read. */
export async function* readLog(path: string): AsyncGenerator<string> {
  for (const file of await logFiles(path)) yield* readLines(file);
}

/** The files of a log, oldest first. */
const logFiles = async (path: string): Promise<readonly string[]> => {
  const name = basename(path);
  const numbers = (await readdir(dirname(path))).flatMap((one) => {
    const [, number] = one.startsWith(name)
      ? (/^(?:\.(\d+))?$/.exec(one.slice(name.length)) ?? [])
      : [];
    return one === name ? 0 : number === undefined ? [] : Number(number);
  });
  return numbers
    .sort((one, other) => other - one)
    .map((number) => (number === 0 ? path : join(dirname(path), `${name}.${number}`)));
};

async function* readLines(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Lines that are added from now on, until the signal; what is put aside meanwhile is read to its end. */
export async function* followLog(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let file = await open(path, 'r');
  let at = (await file.stat()).size;
  let rest = '';
  const changes = watch(dirname(path), { signal })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { bytes, isPutAside } = await readAdded(file, at, path);
      at += bytes.length;
      const lines = `${rest}${bytes.toString('utf8')}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (isPutAside) {
        await file.close();
        [file, at] = [await open(path, 'r'), 0];
      } else if (bytes.length === 0 && (await changes.next()).done === true) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await file.close();
  }
}

const PIECE = 65_536;

/** What stands behind `at`, and whether there is another file of this name now and no more to read. */
const readAdded = async (
  file: FileHandle,
  at: number,
  path: string,
): Promise<{ readonly bytes: Buffer; readonly isPutAside: boolean }> => {
  const { ino } = await file.stat();
  const current = await stat(path).catch(() => undefined);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE), 0, PIECE, at);
  const isOther = current !== undefined && current.ino !== ino;
  return { bytes: buffer.subarray(0, bytesRead), isPutAside: isOther && bytesRead === 0 };
};

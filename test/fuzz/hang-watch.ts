/** A thread that ends the process when an input keeps it busy for too long, and tells which. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** An input that takes this many milliseconds has no end. */
const HANG_MS = 20_000;
const INPUT_MAX = 1 << 17;

interface Shared {
  /** How many inputs were begun, and how long the one is that is being run. */
  readonly counts: Int32Array;
  readonly input: Uint8Array;
  readonly file: string;
}

export interface HangWatch {
  /** Tell it of each input before it is run. */
  readonly before: (input: Uint8Array) => void;
  readonly stop: () => void;
}

/** Writes an input that has no end to `file`. */
export const watchForHangs = (file: string): HangWatch => {
  const counts = new Int32Array(new SharedArrayBuffer(8));
  const input = new Uint8Array(new SharedArrayBuffer(INPUT_MAX));
  const shared: Shared = { counts, input, file };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: shared });
  worker.unref();
  const before = (bytes: Uint8Array): void => {
    input.set(bytes.subarray(0, INPUT_MAX));
    counts[1] = bytes.length;
    Atomics.add(counts, 0, 1);
  };
  return { before, stop: () => void worker.terminate() };
};

const watch = ({ counts, input, file }: Shared): void => {
  let before = -1;
  setInterval(() => {
    const now = Atomics.load(counts, 0);
    if (now !== before) {
      before = now;
      return;
    }
    writeFileSync(file, Uint8Array.from(input.subarray(0, counts[1])));
    console.error(`An input takes more than ${HANG_MS} ms: ${file}`);
    process.kill(process.pid, 'SIGKILL');
  }, HANG_MS);
};

if (!isMainThread) watch(workerData as Shared);

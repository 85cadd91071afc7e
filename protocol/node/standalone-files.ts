/** What standalone licenses need of this computer's files: the license, and what is remembered. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ArmorFault, dearmor } from '../armor.ts';
import { DOCUMENT_MAX, PASTE_MAX } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';
import { type EpochSeconds, epochSeconds, isUint32 } from '../units.ts';
import { readFileUpTo } from './bounded-files.ts';
import { nativePrimitives } from './native-primitives.ts';
import { type Environment, userStateFolder } from './user-folders.ts';

/** The documents in a license file, text or binary, or why it cannot be read. */
export const readLicenseFile = (
  file: string,
): Result<readonly Result<Uint8Array, ArmorFault>[], string> => {
  try {
    const bytes = readFileUpTo(file, PASTE_MAX);
    // A binary document begins with the MessagePack head of an array of five.
    if (bytes[0] === 0x95 && bytes.length <= DOCUMENT_MAX) return ok([ok(bytes)]);
    return ok(dearmor('license', new TextDecoder().decode(bytes), nativePrimitives));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return err(code === 'ENOENT' ? 'there is no such file' : message);
  }
};

/** Seconds between two writes of the time that was seen. */
const WRITE_EVERY = 3600;
/** Trials remembered. */
const TRIALS_MAX = 1000;
/** Bytes: more than so many trials take. */
const MEMORY_MAX = 256 * 1024;

interface Remembered {
  readonly seen: EpochSeconds;
  /** When each trial was used first, by its license's id. */
  readonly trials: Readonly<Record<string, EpochSeconds>>;
}

/**
 * What a user's applications remember of this computer's clock. It is a best effort: whoever removes
 * the file begins anew, and where it cannot be written nothing is remembered.
 */
export class ClockMemory {
  readonly file: string | null;

  constructor(environment: Environment) {
    const folder = userStateFolder(environment);
    this.file = folder === undefined ? null : join(folder, 'standalone.json');
  }

  read(): Remembered {
    const found = this.file === null ? undefined : readJson(this.file);
    const { seen, trials } = found ?? {};
    const dates = typeof trials === 'object' && trials !== null ? Object.entries(trials) : [];
    return {
      seen: epochSeconds(isUint32(seen) ? seen : 0),
      trials: Object.fromEntries(
        dates
          .slice(0, TRIALS_MAX)
          .flatMap(([id, at]) => (isUint32(at) ? [[id, epochSeconds(at)]] : [])),
      ),
    };
  }

  /** Remembers the time, at most once an hour, and the first use of a trial at once. */
  note(now: EpochSeconds, trial?: string): void {
    const { seen, trials } = this.read();
    const isNew = trial !== undefined && trials[trial] === undefined;
    if (!isNew && now < seen + WRITE_EVERY) return;
    const next = isNew ? { ...trials, [trial]: now } : trials;
    this.#write({ seen: epochSeconds(Math.max(seen, now)), trials: next });
  }

  #write(remembered: Remembered): void {
    if (this.file === null) return;
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      const draft = `${this.file}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify(remembered)}\n`, { mode: 0o600 });
      renameSync(draft, this.file);
    } catch {
      // A full disk or a home that may only be read keeps nobody from working.
    }
  }
}

const readJson = (file: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(readFileUpTo(file, MEMORY_MAX)));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

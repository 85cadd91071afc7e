/**
 * The borrowed seats of one user on this computer, a file each. Every function is synchronous: what
 * it says is on disk is on disk when it returns.
 */

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { platform } from 'node:process';
import { bytesToHex } from '../bytes.ts';
import {
  type BorrowRecord,
  packBorrowRecord,
  parseBorrowRecord,
  RECORD_MAX,
  RESUMES_MAX,
  type RecordFault,
} from '../client/borrow-record.ts';
import { type LeaseId, leaseId } from '../ids.ts';
import { assert, err, ok, type Result } from '../result.ts';
import { readFileUpTo } from './bounded-files.ts';
import { systemEntropy } from './entropy.ts';
import { nativePrimitives } from './native-primitives.ts';
import { readMark, tryLock, type Unlock } from './process-lock.ts';
import { isRunning, ownMark } from './process-mark.ts';

/** Files looked at; more than anybody borrows. */
const SEATS_MAX = 256;
const ENDING = '.seat';

const { sha512 } = nativePrimitives;

/** One borrowed seat on disk. */
export class StoredSeat {
  readonly path: string;
  #record: BorrowRecord;

  constructor(path: string, record: BorrowRecord) {
    this.path = path;
    this.#record = record;
  }

  /** As it was when last read or written. */
  get record(): BorrowRecord {
    return this.#record;
  }

  get id(): LeaseId {
    return idOf(this.#record);
  }

  /** Whoever changes the seat has the lock; `undefined` while another has it. */
  lock(): Unlock | undefined {
    return tryLock(`${this.path}.lock`);
  }

  /** Reads the file again; false when it is gone or cannot be read any more. */
  refresh(): boolean {
    const read = readSeat(this.path);
    if (read.ok) this.#record = read.value;
    return read.ok;
  }

  /** Changes the seat; only under its lock. It is on disk when this returns. */
  change(change: Partial<BorrowRecord>): void {
    this.#record = { ...this.#record, ...change };
    writeDurably(this.path, packBorrowRecord(this.#record, sha512));
  }

  /**
   * Counts that the session is taken up again, durably; `undefined` when it was too often. What it
   * says from now on is numbered from the number returned on, and its requests after the id.
   */
  resume(): { readonly sent: number; readonly lastId: number } | undefined {
    const resumes = this.#record.resumes + 1;
    if (resumes > RESUMES_MAX) return undefined;
    this.change({ resumes });
    return { sent: resumes * 2 ** 40, lastId: resumes * 2 ** 20 };
  }

  /** Says that this process uses the seat; `undefined` when `alone` and another does. Under its lock. */
  use({ alone }: { readonly alone: boolean }): Unlock | undefined {
    if (alone && this.isUsed) return undefined;
    const path = `${this.path}.use-${process.pid}-${bytesToHex(systemEntropy(4))}`;
    writeDurably(path, new TextEncoder().encode(ownMark()));
    return () => rmSync(path, { force: true });
  }

  /** Whether a process that still runs uses the seat, this one included. */
  get isUsed(): boolean {
    const folder = join(this.path, '..');
    const start = `${basename(this.path)}.use-`;
    const uses = namesIn(folder).filter((name) => name.startsWith(start));
    return uses.filter((name) => isStillUse(join(folder, name))).length > 0;
  }

  /** Forgets the seat; only under its lock. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** Of a process that has ended without a word, nothing is left lying about. */
const isStillUse = (path: string): boolean => {
  const mark = readMark(path);
  if (mark !== undefined && isRunning(mark)) return true;
  rmSync(path, { force: true });
  return false;
};

export interface StoredSeats {
  readonly seats: readonly StoredSeat[];
  /** A sentence for each file that cannot be read; it is left as it is. */
  readonly troubles: readonly string[];
}

export class BorrowStore {
  readonly folder: string;

  /** `folder`: the user's own; it is made when the first seat is borrowed. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Every borrowed seat of this user, in order of product. */
  list(): StoredSeats {
    const seats: StoredSeat[] = [];
    const troubles: string[] = [];
    const names = namesIn(this.folder).filter((name) => name.endsWith(ENDING));
    for (const name of names.slice(0, SEATS_MAX)) {
      const path = join(this.folder, name);
      const read = readSeat(path);
      if (read.ok) seats.push(new StoredSeat(path, read.value));
      else if (read.error !== 'gone') troubles.push(FAULTS[read.error](path));
    }
    return { seats, troubles };
  }

  /** Keeps a new seat, locked from the start. Throws the system's error when that cannot be. */
  add(record: BorrowRecord): { readonly seat: StoredSeat; readonly unlock: Unlock } {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    // A product's name may hold what a file's may not; the id tells the files apart.
    const product = record.product.replace(/[^a-z0-9-]+/gi, '_').slice(0, 40);
    const seat = new StoredSeat(join(this.folder, `${product}-${idOf(record)}${ENDING}`), record);
    const unlock = seat.lock();
    assert(unlock !== undefined, 'a new seat that somebody else has');
    seat.change({});
    return { seat, unlock };
  }
}

const FAULTS: Readonly<Record<RecordFault, (path: string) => string>> = {
  damaged: (path) => `The borrowed seat in ${path} is damaged: restore the file or remove it.`,
  'newer-format': (path) =>
    `The borrowed seat in ${path} was written by a newer Usher: update this one.`,
};

const idOf = ({ secret }: BorrowRecord): LeaseId =>
  leaseId(nativePrimitives.agreementKeys(secret).publicKey);

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

const readSeat = (path: string): Result<BorrowRecord, RecordFault | 'gone'> => {
  try {
    const parsed = parseBorrowRecord(readFileUpTo(path, RECORD_MAX), sha512);
    return parsed.ok ? ok(parsed.value) : err(parsed.error);
  } catch (error) {
    return err((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'damaged');
  }
};

/** The file is there whole or not at all, whenever the power goes. */
const writeDurably = (path: string, bytes: Uint8Array): void => {
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  if (platform !== 'win32') syncFolder(join(path, '..'));
};

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

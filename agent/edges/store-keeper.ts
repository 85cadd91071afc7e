/**
 * Keeps the store through the disk's troubles. A store that is damaged is left as it is and takes
 * nothing more, until an administrator repairs it; one that cannot be written is read all the same,
 * and is written again as soon as that works.
 */

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { timerMs } from '../../protocol/node/clock.ts';
import type { Write } from '../core/write.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';
import { repairFiles } from './level-database.ts';
import { LevelStore } from './level-store.ts';
import { diskTrouble } from './store-error.ts';
import { type StoreEntry, StoreReading } from './store-reading.ts';
import { reportReading, type StoreReport } from './store-report.ts';
import {
  checkFiles,
  discardRetired,
  keepStore,
  putBack,
  ReadingRoom,
  retire,
  storeFiles,
} from './store-room.ts';

export interface StoreTrouble {
  readonly kind: 'damaged' | 'unwritable';
  /** What is wrong and what to do, in words that fit behind a colon, without a full stop. */
  readonly reason: string;
}

/** A store that cannot be written is not tried again before. */
const RETRY_AFTER_MS = 1000;

export class StoreKeeper implements AsyncDisposable {
  readonly #folder: string;
  readonly #now: () => number;
  #store: LevelStore | undefined;
  #trouble: StoreTrouble | undefined;
  #retryAt = Number.NEGATIVE_INFINITY;
  #failure: Error | undefined;
  /** What was kept is no store any more, but lies there still. */
  #hasRetired = false;
  /** Batches in the store as it was read. */
  #commits = 0;
  #wasRead: (() => void) | undefined;
  /** Nothing is written before all has been read: until then the store can be put back. */
  readonly #reading = new Promise<void>((resolve) => {
    this.#wasRead = resolve;
  });

  private constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Code: STORE_LOCKED. Whatever else is wrong is `trouble`. `now` in milliseconds. */
  static async open(folder: string, now: () => number = timerMs): Promise<StoreKeeper> {
    const keeper = new StoreKeeper(folder, now);
    try {
      await keeper.#open();
    } catch (error) {
      keeper.#fell(error);
    }
    return keeper;
  }

  /** What is wrong since the start; `undefined` where the store could be opened and read. */
  get trouble(): StoreTrouble | undefined {
    return this.#trouble;
  }

  get #kept(): string {
    return `${this.#folder}.kept`;
  }

  /** Opens the store, and keeps it as it was until it has been read. */
  async #open(): Promise<void> {
    await this.#takeUpKept();
    const names = await storeFiles(this.#folder);
    await checkFiles(this.#folder);
    const copy = `${this.#kept}.${process.pid}`;
    await rm(copy, { recursive: true, force: true });
    try {
      if (names.length > 0) await keepStore(this.#folder, copy);
      this.#store = await LevelStore.open(this.#folder);
      if (names.length > 0) await putBack(copy, this.#kept);
      this.#commits = this.#store.commits;
    } catch (error) {
      await this.#store?.close();
      this.#store = undefined;
      const isDamaged = error instanceof UsherError && error.code === 'STORE_DAMAGED';
      if (isDamaged && existsSync(copy)) await putBack(copy, this.#folder);
      else await rm(copy, { recursive: true, force: true });
      throw error;
    }
  }

  /** An agent ended while it read the store: what it kept is the store. */
  async #takeUpKept(): Promise<void> {
    if (!existsSync(this.#kept)) return;
    // Whether another agent is at it just now, only the store itself can tell.
    const store = await LevelStore.open(this.#folder).catch((error: unknown) => {
      if (error instanceof UsherError && error.code === 'STORE_DAMAGED') return undefined;
      throw error;
    });
    await store?.close();
    await putBack(this.#kept, this.#folder);
  }

  #damaged(what: string): UsherError {
    return new UsherError('STORE_DAMAGED', `The store ${this.#folder} is damaged: ${what}.`);
  }

  #fell(error: unknown): void {
    if (error instanceof UsherError && error.code === 'STORE_LOCKED') throw error;
    const isDamaged = error instanceof UsherError && error.code === 'STORE_DAMAGED';
    const sentence = error instanceof UsherError ? error.message : this.#sentence(error);
    this.#closeFor(isDamaged ? 'damaged' : 'unwritable', sentence.replace(/\.$/, ''));
  }

  #sentence(error: unknown): string {
    return `The store ${this.#folder} cannot be used: ${systemReason(error)}.`;
  }

  #closeFor(kind: StoreTrouble['kind'], reason: string): void {
    const advice =
      kind === 'damaged' ? '. Stop the agent, then `usher store repair` mends what can be' : '';
    this.#trouble = { kind, reason: `${reason}${advice}` };
  }

  /** All that can be read, a piece at a time; an entry may come twice. To be read once, at first. */
  async *read(): AsyncGenerator<readonly StoreEntry[]> {
    try {
      yield* this.#readAll();
    } finally {
      this.#wasRead?.();
    }
  }

  async *#readAll(): AsyncGenerator<readonly StoreEntry[]> {
    if (this.#store !== undefined) {
      const reading = new StoreReading();
      yield* this.#store.read(reading);
      if (reading.isSound) return await this.#readSoundly();
      await this.#foundDamaged(reading.describe());
      if (reading.broken === undefined) return;
    }
    yield* this.#readAside();
  }

  async #readSoundly(): Promise<void> {
    if (!existsSync(this.#kept)) return;
    await retire(this.#kept);
    this.#hasRetired = true;
  }

  /** Not before: who starts has other things to do. */
  async #discardRetired(): Promise<void> {
    this.#hasRetired = false;
    await discardRetired(this.#kept).catch(() => {});
  }

  async #foundDamaged(what: string): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
    if (existsSync(this.#kept)) await putBack(this.#kept, this.#folder);
    this.#fell(this.#damaged(what));
  }

  /** Reads a store that cannot be opened where it is; of a damaged one, what LevelDB can mend. */
  async *#readAside(): AsyncGenerator<readonly StoreEntry[]> {
    try {
      await using room = await ReadingRoom.open(this.#folder);
      const isDamaged = this.#trouble?.kind === 'damaged';
      if (isDamaged) await repairFiles(room.store);
      const open = isDamaged ? LevelStore.openAsIs : LevelStore.open;
      await using store = await open(room.store);
      const reading = new StoreReading();
      yield* store.read(reading);
      this.#commits = store.commits;
      if (!reading.isSound && this.#trouble?.kind === 'unwritable') {
        this.#fell(this.#damaged(reading.describe()));
      }
    } catch (error) {
      // Nothing is known of the leases then: nothing may be lent, whatever the disk takes later.
      if (this.#trouble?.kind === 'unwritable') this.#unread(error);
    }
  }

  #unread(error: unknown): void {
    if (error instanceof UsherError && error.code === 'STORE_DAMAGED') return this.#fell(error);
    const why = this.#trouble?.reason ?? systemReason(error);
    const reason = `${why}. It cannot be read either: mend that, then start the agent anew`;
    this.#trouble = { kind: 'damaged', reason };
  }

  /** Resolves when all writes are on the disk; while the disk takes none it rejects at once. */
  async write(writes: readonly Write[]): Promise<void> {
    await this.#reading;
    if (this.#hasRetired) await this.#discardRetired();
    if (this.#trouble?.kind === 'damaged') throw new Error(this.#trouble.reason);
    if (this.#failure !== undefined && this.#now() < this.#retryAt) throw this.#failure;
    try {
      const store = await this.#writable();
      await store.write(writes);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = new Error(reasonOf(error));
      this.#retryAt = this.#now() + RETRY_AFTER_MS;
      throw this.#failure;
    }
  }

  async #writable(): Promise<LevelStore> {
    if (this.#store !== undefined) return this.#store;
    const store = await LevelStore.open(this.#folder);
    if (store.commits !== this.#commits) {
      await store.close();
      throw this.#damaged('it has changed since it was read');
    }
    this.#store = store;
    this.#trouble = undefined;
    return store;
  }

  /** The store, for looking at what it holds. Code: STORE_UNWRITABLE, STORE_DAMAGED. */
  get opened(): LevelStore {
    if (this.#store !== undefined) return this.#store;
    const code = this.#trouble?.kind === 'damaged' ? 'STORE_DAMAGED' : 'STORE_UNWRITABLE';
    throw new UsherError(code, `${this.#trouble?.reason ?? 'The store is closed'}.`);
  }

  /** Looks at every record as it is now. */
  async check(): Promise<StoreReport> {
    if (this.#store === undefined) {
      // What mends a store needs the whole agent, which nobody waits for while one is opened.
      const { checkStore } = await import('./store-repair.ts');
      return checkStore(this.#folder);
    }
    const reading = new StoreReading();
    for await (const _entries of this.#store.read(reading)) {
      // Reading is what it is for.
    }
    return reportReading(reading, null);
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Without what stands around it: only why. */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return diskTrouble(message) ?? message.replace(/\.$/, '');
};

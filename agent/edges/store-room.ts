/**
 * Copies of a store that cost nothing: LevelDB never changes a file that was there when it was
 * opened, but it deletes what it has no use for. So a store is kept by links to its files.
 */

import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { platform } from 'node:process';
import { UsherError } from '../usher-error.ts';
import { readMark } from './store-mark.ts';
import { isTableWhole } from './table-check.ts';

/** Windows removes no link to a file that is open by another. */
const LINKS = platform !== 'win32';
/** Files that are written once. The others are small. */
const LASTING = /\.(ldb|sst|log)$/;
const NEEDED = /^(CURRENT|MANIFEST-\d+)$|\.(ldb|sst|log)$/;

/** The names of the files that a store consists of; none where there is no store. */
export const storeFiles = async (store: string): Promise<readonly string[]> => {
  const names = await readdir(store).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => NEEDED.test(name));
};

/** The tables that were changed on the disk. LevelDB must not be given them. */
export const damagedTables = async (store: string): Promise<readonly string[]> => {
  const damaged: string[] = [];
  for (const name of await storeFiles(store)) {
    if (!/\.(ldb|sst)$/.test(name)) continue;
    if (!isTableWhole(await readFile(join(store, name)))) damaged.push(name);
  }
  return damaged;
};

/**
 * What a store must have before it is opened: where one was, LevelDB would begin another and throw
 * away what is left. Code: STORE_DAMAGED.
 */
export const checkFiles = async (store: string): Promise<void> => {
  const names = await storeFiles(store);
  const [table] = await damagedTables(store);
  if (table !== undefined) {
    throw new UsherError(
      'STORE_DAMAGED',
      `The store ${store} is damaged: its file ${table} was changed.`,
    );
  }
  if (names.includes('CURRENT')) return;
  const mark = await readMark(`${store}.mark`);
  if (names.length === 0 && mark.kind === 'none') return;
  const what = names.length === 0 ? 'its files are gone' : 'its file CURRENT is missing';
  throw new UsherError('STORE_DAMAGED', `The store ${store} is damaged: ${what}.`);
};

/** Makes `copy` have what `store` has now; neither changes with the other. */
export const keepStore = async (store: string, copy: string): Promise<void> => {
  await mkdir(copy, { mode: 0o700 });
  for (const name of await storeFiles(store)) {
    const [from, to] = [join(store, name), join(copy, name)];
    // Repairing appends to nothing either, but it replaces CURRENT: that is always a copy.
    if (LINKS && LASTING.test(name)) await link(from, to).catch(() => copyFile(from, to));
    else await copyFile(from, to);
  }
};

/** Puts what was kept in the place of the store. */
export const putBack = async (copy: string, store: string): Promise<void> => {
  await rm(store, { recursive: true, force: true });
  await rename(copy, store);
};

/** Puts a folder aside in one step, so that no half of it is ever taken for the whole. */
export const retire = async (folder: string): Promise<void> => {
  await discardRetired(folder);
  await rename(folder, goneOf(folder));
};

/** Removes what `retire` has left. */
export const discardRetired = (folder: string): Promise<void> =>
  rm(goneOf(folder), { recursive: true, force: true });

const goneOf = (folder: string): string => `${folder}.gone`;

/** A folder elsewhere in which the store can be read while its own disk takes nothing. */
export class ReadingRoom implements AsyncDisposable {
  readonly store: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.store = join(folder, 'store');
  }

  static async open(store: string): Promise<ReadingRoom> {
    const room = new ReadingRoom(await mkdtemp(join(tmpdir(), 'usher-store-')));
    try {
      await room.#fill(resolve(store));
      return room;
    } catch (error) {
      await room[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #fill(store: string): Promise<void> {
    await mkdir(this.store, { mode: 0o700 });
    const damaged = await damagedTables(store);
    for (const name of await storeFiles(store)) {
      if (damaged.includes(name)) continue;
      const [from, to] = [join(store, name), join(this.store, name)];
      if (LASTING.test(name)) await symlink(from, to).catch(() => copyFile(from, to));
      else await copyFile(from, to);
    }
    const mark = `${store}.mark`;
    await copyFile(mark, `${this.store}.mark`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

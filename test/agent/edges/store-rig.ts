/** Stores for tests: made, hurt in all ways that disks know, and read as an agent reads them. */

import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LevelStore } from '../../../agent/edges/level-store.ts';
import { StoreKeeper } from '../../../agent/edges/store-keeper.ts';

export const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-store-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What an agent that starts on a store gets to know. */
export interface Seen {
  readonly entries: ReadonlyMap<string, string>;
  /** Why it does not lend. */
  readonly trouble: string | undefined;
}

export const startOn = async (store: string): Promise<Seen> => {
  await using keeper = await StoreKeeper.open(store);
  const entries = new Map<string, string>();
  for await (const some of keeper.read()) {
    for (const [key, value] of some) entries.set(key, Buffer.from(value).toString('hex'));
  }
  return { entries, trouble: keeper.trouble?.reason };
};

export interface Filled {
  /** What is there in the end. */
  readonly entries: ReadonlyMap<string, string>;
  /** Everything that was ever written, as `key=value`. */
  readonly ever: ReadonlySet<string>;
}

/** Leases and licenses in several batches and several files. */
export const fillStore = async (store: string, sessions: number): Promise<Filled> => {
  const entries = new Map<string, string>();
  const ever = new Set<string>();
  for (let session = 0; session < sessions; session++) {
    // The last log has several blocks: LevelDB leaves out a bad one, and reads on without a word.
    const size = session === sessions - 1 ? 3000 : 60;
    await using opened = await LevelStore.open(store);
    for (let batch = 0; batch < 4; batch++) {
      const writes = Array.from({ length: 8 }, (_, i) => {
        const kind = i === 0 ? 'license' : 'lease';
        // Some are written over and some deleted.
        const key = `${kind}/${(session * 13 + batch * 5 + i) % 40}`;
        const isDeleted = (session + batch + i) % 7 === 6;
        return { key, value: isDeleted ? null : Buffer.alloc(size, `${session}.${batch}.${i} `) };
      });
      await opened.write(writes);
      for (const { key, value } of writes) {
        if (value === null) entries.delete(key);
        else {
          entries.set(key, value.toString('hex'));
          ever.add(`${key}=${value.toString('hex')}`);
        }
      }
    }
  }
  return { entries, ever };
};

/** The files that a store has, with its mark. */
export const filesOf = (store: string): readonly string[] => [
  ...readdirSync(store)
    .filter((name) => !/^LO(G|G\.old|CK)$/.test(name))
    .map((name) => join(store, name)),
  `${store}.mark`,
];

export const flipBit = (file: string, at: number, bit: number): void => {
  const bytes = readFileSync(file);
  const index = at % Math.max(1, bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
};

export const cutOff = (file: string, length: number): void => truncateSync(file, length);

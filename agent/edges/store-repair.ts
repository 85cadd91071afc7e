/** Looks at a store that no agent runs on, and mends what can be mended; what is lost is told. */

import { existsSync } from 'node:fs';
import { appendFile, copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds, instant } from '../../protocol/units.ts';
import { Agent } from '../core/agent.ts';
import { SEED_SIZE } from '../core/agent-parts.ts';
import { HOLDOFF_WRITE } from '../core/seats/lending-gate.ts';
import { UsherError } from '../usher-error.ts';
import { giveTo } from './finish-restore.ts';
import { repairFiles } from './level-database.ts';
import { LevelStore, markFile } from './level-store.ts';
import { readMark } from './store-mark.ts';
import { type StoreEntry, StoreReading } from './store-reading.ts';
import { reportReading, type StoreReport } from './store-report.ts';
import { checkFiles, damagedTables, keepStore, ReadingRoom } from './store-room.ts';

/** Entries that are written at a time. */
const AT_ONCE = 256;

/** Reads every record. The store itself is not touched. */
export const checkStore = async (folder: string): Promise<StoreReport> => {
  await using room = await ReadingRoom.open(folder);
  const reading = new StoreReading();
  try {
    await checkFiles(folder);
    await using store = await LevelStore.open(room.store);
    const unknown = await readKnown(store, reading);
    const trouble = unknown.length === 0 ? null : `${unknown.length} records make no sense`;
    return reportReading(reading, trouble);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'STORE_DAMAGED') throw error;
    await repairFiles(room.store);
    await using store = await LevelStore.openAsIs(room.store);
    await readKnown(store, reading);
    const trouble = error.message.replace(/^.* is damaged: /, '').replace(/\.$/, '');
    // What is looked at is a copy, whose place says nothing to anybody.
    return reportReading(reading, trouble.replaceAll(room.store, folder));
  }
};

/** Reads all; the keys of those that are whole and yet no agent of this version can take up. */
const readKnown = async (
  store: LevelStore,
  reading: StoreReading,
): Promise<readonly StoreEntry[]> => {
  const agent = new Agent({
    name: 'check',
    version: '0',
    primitives: nativePrimitives,
    secret: new Uint8Array(KEY_SIZE).fill(1),
    seed: new Uint8Array(SEED_SIZE),
    vendorKeys: null,
  });
  const unknown: StoreEntry[] = [];
  for await (const entries of store.read(reading)) {
    const at = { mono: instant(0), wall: epochSeconds(0) };
    const effects = agent.step({ kind: 'restored', entries }, at);
    for (const effect of effects) {
      if (effect.kind !== 'note' || effect.note.kind !== 'record-damaged') continue;
      const { key } = effect.note;
      unknown.push(...entries.filter((entry) => entry[0] === key));
    }
  }
  return unknown;
};

export interface RepairReport {
  readonly before: StoreReport;
  /** Where the store is kept as it was. */
  readonly kept: string;
  /** Where the damaged records are that were taken out; `null` where there were none. */
  readonly lostFile: string | null;
  readonly after: StoreReport;
}

/**
 * Mends a store. It is kept as it was beside it; records that cannot be read are taken out into a
 * file. `suffix` tells these from those of other repairs. `lendAtOnce`: somebody says that nobody
 * holds a seat that was lost. `undefined` when there is nothing to mend.
 */
export const repairStore = async (
  folder: string,
  suffix: string,
  lendAtOnce: boolean,
): Promise<RepairReport | undefined> => {
  const before = await checkStore(folder);
  if (before.trouble === null) return undefined;
  const kept = `${folder}.before-repair-${suffix}`;
  await keepStore(folder, kept);
  await copyFile(markFile(folder), markFile(kept)).catch(() => {});
  const mark = await readMark(markFile(folder));
  for (const table of await damagedTables(folder)) await rm(join(folder, table));
  await repairFiles(folder);
  await using store = await LevelStore.openAsIs(folder);
  const lostFile = `${folder}.lost-${suffix}`;
  const isAnyLost = await takeOutDamaged(store, lostFile);
  if (!lendAtOnce) await store.write([HOLDOFF_WRITE]);
  const reading = new StoreReading();
  await readKnown(store, reading);
  const commits = Math.max(store.commits, mark.kind === 'seen' ? mark.commits : 0) + 1;
  await store.settleAccount(reading, commits);
  const after = new StoreReading();
  await readKnown(store, after);
  await rm(`${folder}.kept`, { recursive: true, force: true });
  for (const path of [folder, kept, lostFile, markFile(folder), markFile(kept)]) {
    if (existsSync(path)) await giveTo(path, dirname(folder));
  }
  return {
    before,
    kept,
    lostFile: isAnyLost ? lostFile : null,
    after: reportReading(after, null),
  };
};

/** Takes out what is damaged, a bounded number at a time. */
const takeOutDamaged = async (store: LevelStore, lostFile: string): Promise<boolean> => {
  for (let isAnyLost = false; ; isAnyLost = true) {
    const reading = new StoreReading();
    const unknown = await readKnown(store, reading);
    const lost = [...reading.damaged, ...unknown];
    if (lost.length === 0) return isAnyLost;
    const lines = lost.map(([key, value]) =>
      JSON.stringify({ key, value: Buffer.from(value).toString('base64') }),
    );
    await appendFile(lostFile, `${lines.join('\n')}\n`, { mode: 0o600, flush: true });
    for (let i = 0; i < lost.length; i += AT_ONCE) {
      await store.drop(lost.slice(i, i + AT_ONCE).map(([key]) => key));
    }
  }
};

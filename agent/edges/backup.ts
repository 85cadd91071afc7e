/** Makes backups of a data folder on which an agent runs, as all was at one instant. */

import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readHostCode } from '../../protocol/node/host-components.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { UsherError } from '../usher-error.ts';
import { exportKey } from './agent-key.ts';
import { writeBackup } from './backup-format.ts';
import type { DataFolder } from './data-folder.ts';
import type { LevelStore } from './level-store.ts';
import { StoreReading } from './store-reading.ts';
import { systemSeals } from './system-seals.ts';

/** Passwords of the console, as slow hashes. */
const PASSWORDS = 'console-passwords.json';

/**
 * The files of a data folder that are backed up beside the store. The console's TLS key is not: who
 * has stolen a backup could pass himself off as the console; a restored agent makes itself another.
 */
export const BACKUP_FILES: readonly string[] = [
  PASSWORDS,
  'agent.key',
  'rules.conf',
  'rules.conf.last-good',
  'usher.conf',
];

/** Those of them that a backup takes the place of, even where it has none. */
export const REPLACED_FILES: readonly string[] = BACKUP_FILES.filter((name) => name !== PASSWORDS);

/** A key that this computer has sealed could be restored on no other. */
const exported = async (
  name: string,
  bytes: Uint8Array,
  folder: DataFolder,
): Promise<Uint8Array> =>
  name === 'agent.key' ? exportKey(bytes, systemSeals(folder), folder.key) : bytes;

/** The bytes of a backup. It ends early, and is refused by who reads it, when the store is damaged. */
export async function* makeBackup(
  folder: DataFolder,
  store: LevelStore,
  version: string,
): AsyncGenerator<Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of BACKUP_FILES) {
    const bytes = await readFile(join(folder.path, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes !== undefined) files.set(name, await exported(name, new Uint8Array(bytes), folder));
  }
  const head = {
    version,
    made: epochSeconds(Math.floor(Date.now() / 1000)),
    hostName: hostname(),
    hostCode: await readHostCode(),
    commits: store.commits,
  };
  const reading = new StoreReading();
  const entries = store.read(reading);
  yield* writeBackup(head, files, entries);
  if (!reading.isSound) throw new UsherError('STORE_DAMAGED', reading.describe());
}

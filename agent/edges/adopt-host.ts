/**
 * Makes a data folder that was moved or copied an agent of its own on this computer. The former key
 * is kept beside; the licenses stay, those that are bound to a computer fit only their own.
 */

import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { keyHostCode } from '../../protocol/host-code.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { judgeIdentity } from '../core/host/host-identity.ts';
import { HOLDOFF_WRITE } from '../core/seats/lending-gate.ts';
import { UsherError } from '../usher-error.ts';
import { AgentKey } from './agent-key.ts';
import type { DataFolder } from './data-folder.ts';
import { giveTo } from './finish-restore.ts';
import { LevelStore } from './level-store.ts';
import { readOwnHostCode } from './own-host-code.ts';
import { systemSeals } from './system-seals.ts';

/**
 * Resolves with where the former key is, or `null` if there was none: the agent makes a new one when
 * it starts. Leases stay in the books until they end, as their holders may still work. `lendAtOnce`:
 * nobody holds a seat that the agent lent elsewhere. Codes: FOLDER_UNUSABLE, STORE_DAMAGED.
 */
export const adoptHost = async (
  folder: DataFolder,
  suffix: string,
  lendAtOnce: boolean,
): Promise<string | null> => {
  try {
    if (!lendAtOnce && existsSync(folder.store)) await holdOff(folder);
    // It opens on the former computer only.
    await rm(folder.seal, { force: true });
    if (!existsSync(folder.key)) return null;
    const former = `${folder.key}.before-${suffix}`;
    await rename(folder.key, former);
    return former;
  } catch (error) {
    throw folder.unusable(error);
  }
};

const holdOff = async (folder: DataFolder): Promise<void> => {
  await using store = await LevelStore.open(folder.store);
  await store.write([HOLDOFF_WRITE]);
  await giveTo(folder.store, folder.path);
};

/** Whether this is the computer that the agent knows as its own. Code: FOLDER_UNUSABLE. */
export const isAtHome = async (folder: DataFolder): Promise<boolean> => {
  const key = await AgentKey.read(folder.key, systemSeals(folder)).catch((error: unknown) => {
    // A key that cannot be read any more is of no computer.
    if (error instanceof UsherError) return undefined;
    throw folder.unusable(error);
  });
  if (key === undefined) return false;
  if (key.identity === null) return true;
  const { sha512, agreementKeys } = nativePrimitives;
  const { publicKey } = agreementKeys(key.secret);
  const present = keyHostCode(await readOwnHostCode(), publicKey, sha512);
  return judgeIdentity(key.identity.parts, present, epochSeconds(0)).matches;
};

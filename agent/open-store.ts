/** Opens what lies in the data folder: the agent's key, and its store. */

import { systemEntropy } from '../protocol/node/entropy.ts';
import { AgentKey } from './edges/agent-key.ts';
import type { DataFolder } from './edges/data-folder.ts';
import { loadAddons } from './edges/load-addons.ts';
import type { StoreKeeper, StoreTrouble } from './edges/store-keeper.ts';
import { systemSeals } from './edges/system-seals.ts';
import { UsherError } from './usher-error.ts';

/**
 * A key that cannot be written or read keeps the agent from starting. `claimed`: when the folder is this
 * agent's; where it rejects, so does this.
 */
export const openKey = async (folder: DataFolder, claimed: Promise<unknown>): Promise<AgentKey> => {
  try {
    return await AgentKey.open(folder.key, systemSeals(folder), systemEntropy, claimed);
  } catch (error) {
    throw folder.unusable(error);
  }
};

/** What cannot be done because of trouble that is known already does not end the agent. */
export const unlessIn = async (
  trouble: StoreTrouble | undefined,
  done: Promise<void>,
): Promise<void> => {
  await done.catch((error: unknown) => {
    if (trouble === undefined) throw error;
  });
};

/** Codes: STORE_LOCKED where another agent runs on this folder, and those of the store's keeper. */
export const openStore = async (folder: DataFolder): Promise<StoreKeeper> => {
  try {
    loadAddons(folder);
    // Only now: inside the single binary the addon must be placed before it is loaded.
    const { StoreKeeper } = await import('./edges/store-keeper.ts');
    return await StoreKeeper.open(folder.store);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'STORE_LOCKED') throw error;
    const holder = await folder.holder();
    const who = holder === undefined ? 'another process' : `process ${holder}`;
    throw new UsherError(
      'STORE_LOCKED',
      `An agent runs on ${folder.path} already (${who}). Stop it, or choose another folder with --data.`,
      error,
    );
  }
};

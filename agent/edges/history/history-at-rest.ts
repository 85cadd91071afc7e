/** The history of an agent that does not run. */

import { existsSync } from 'node:fs';
import { agentSigningKeys } from '../../../protocol/borrow-token.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { UsherError } from '../../usher-error.ts';
import { AgentKey } from '../agent-key.ts';
import type { DataFolder } from '../data-folder.ts';
import { loadLevelStore } from '../load-addons.ts';
import { ReadingRoom } from '../store-room.ts';
import { systemSeals } from '../system-seals.ts';
import { HistoryViews } from './history-views.ts';

/** Opens a copy of the store, whatever is wrong with it, and hands on what can be read of its history. */
export const withHistoryAtRest = async <T>(
  folder: DataFolder,
  use: (views: HistoryViews) => Promise<T>,
): Promise<T> => {
  if (!existsSync(folder.store)) {
    throw new UsherError(
      'NO_AGENT',
      `No agent runs on this data folder, and none has: ${folder.path} has no store. Name another one with --data.`,
    );
  }
  // Before the key, which only an addon can open on Windows; and only now, as they are put into the folder.
  const LevelStore = await loadLevelStore(folder);
  const key = await AgentKey.read(folder.key, systemSeals(folder));
  if (key === undefined) {
    throw new UsherError(
      'KEY_UNUSABLE',
      `${folder.key} is missing, or was sealed on another computer: what the agent has signed cannot be checked without it.`,
    );
  }
  await using room = await ReadingRoom.open(folder.store);
  await using store = await LevelStore.openAsIs(room.store);
  const primitives = nativePrimitives;
  const keys = agentSigningKeys(key.secret, primitives);
  return await use(new HistoryViews({ reader: () => store, keys, primitives }));
};

/** The history of an agent that does not run. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentSigningKeys } from '../../../protocol/borrow-token.ts';
import { KEY_SIZE } from '../../../protocol/limits.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import { UsherError } from '../../usher-error.ts';
import type { DataFolder } from '../data-folder.ts';
import { LevelStore } from '../level-store.ts';
import { ReadingRoom } from '../store-room.ts';
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
  const secret = new Uint8Array(await readFile(join(folder.path, 'agent.key')));
  if (secret.length !== KEY_SIZE) throw new UsherError('KEY_UNUSABLE', 'agent.key is damaged.');
  await using room = await ReadingRoom.open(folder.store);
  await using store = await LevelStore.openAsIs(room.store);
  const primitives = nativePrimitives;
  const keys = agentSigningKeys(secret, primitives);
  return await use(new HistoryViews({ reader: () => store, keys, primitives }));
};

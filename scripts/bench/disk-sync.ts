/** How long this disk takes to make one small write durable, through the store that the agent uses. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { LevelStore } from '../../agent/edges/level-store.ts';

/** About what a lease is in the store. */
const RECORD_SIZE = 160;

/** Writes one record after the other, each synced; returns the milliseconds of each. */
export const measureDiskSync = async (
  folder: string,
  milliseconds: number,
): Promise<readonly number[]> => {
  await using store = await LevelStore.open(join(folder, 'sync'));
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < milliseconds) {
    const key = `lease/${randomBytes(32).toString('hex')}`;
    const value = new Uint8Array(randomBytes(RECORD_SIZE));
    const before = performance.now();
    await store.write([{ key, value }]);
    times.push(performance.now() - before);
  }
  return times;
};

/** What a command makes before it is known whether it does anything: it takes that away where it does not. */

import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

/**
 * Looks at what is there of a data folder. What comes back takes away the folders and addons that came
 * later, and no folder that holds anything else. An addon that is in use on Windows stays there.
 */
export const noteTraces = async ({ addons }: DataFolder): Promise<() => Promise<void>> => {
  const missing = missingFolders(addons);
  const before = await namesIn(addons);
  return async () => {
    for (const name of await namesIn(addons)) {
      if (!before.includes(name)) await rm(join(addons, name), { force: true }).catch(() => {});
    }
    for (const folder of missing) await rmdir(folder).catch(() => {});
  };
};

/** The innermost first. */
const missingFolders = (path: string): readonly string[] =>
  existsSync(path) || dirname(path) === path ? [] : [path, ...missingFolders(dirname(path))];

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);

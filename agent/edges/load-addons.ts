/** What must be in its place before anything that opens a store is loaded. */

import { isSea } from 'node:sea';
import { UsherError } from '../usher-error.ts';
import type { DataFolder } from './data-folder.ts';
import type { LevelStore } from './level-store.ts';
import { loadNativeAddon, NativeAddonError, placeNativeAddons } from './native-addons.ts';

/** Places LevelDB's addon and, inside the single binary, loads it from there. Code: FOLDER_UNUSABLE. */
export const loadAddons = (folder: DataFolder): void => {
  try {
    placeNativeAddons(folder.addons);
    // Here its trouble is told in a sentence; a package that loads it later would fall with a stack.
    if (isSea()) loadNativeAddon('classic-level.node');
  } catch (error) {
    if (!(error instanceof NativeAddonError)) throw error;
    throw new UsherError('FOLDER_UNUSABLE', error.message, error);
  }
};

/** The store's own code, for who needs it only where there is a store. Code: FOLDER_UNUSABLE. */
export const loadLevelStore = async (folder: DataFolder): Promise<typeof LevelStore> => {
  loadAddons(folder);
  return (await import('./level-store.ts')).LevelStore;
};

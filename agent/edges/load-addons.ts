/** What must be in its place before anything that opens a store is loaded. */

import { UsherError } from '../usher-error.ts';
import type { DataFolder } from './data-folder.ts';
import { NativeAddonError, placeNativeAddons } from './native-addons.ts';

/** Places LevelDB's addon; inside the single binary that comes before it is loaded. Code: FOLDER_UNUSABLE. */
export const loadAddons = (folder: DataFolder): void => {
  try {
    placeNativeAddons(folder.addons);
  } catch (error) {
    if (!(error instanceof NativeAddonError)) throw error;
    throw new UsherError('FOLDER_UNUSABLE', error.message, error);
  }
};

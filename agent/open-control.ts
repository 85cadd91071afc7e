/** Opens the local endpoint, now or as soon as the disk lets it be made. */

import { type ControlParts, ControlServer } from './admin/control-server.ts';
import type { DataFolder } from './edges/data-folder.ts';
import { Retrying } from './edges/retrying.ts';
import type { StoreTrouble } from './edges/store-keeper.ts';

/** On a disk that takes nothing there is no local endpoint; it is tried for until there is. */
const CONTROL_RETRY_MS = 5000;

export const openControl = async (
  folder: DataFolder,
  parts: ControlParts,
  trouble: StoreTrouble | undefined,
): Promise<AsyncDisposable> => {
  const path = folder.controlPath;
  try {
    return await ControlServer.open(path, parts);
  } catch (error) {
    if (trouble === undefined) throw folder.unusable(error);
  }
  return new Retrying(() => ControlServer.open(path, parts), CONTROL_RETRY_MS);
};

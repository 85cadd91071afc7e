/** A file of an administrator's that is changed in one piece. */

import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Resolves when the text is on the disk; when it rejects, the file is as it was. */
export const writeWhole = async (name: string, text: string): Promise<void> => {
  // What a link leads to is written, and the link stays.
  const path = await realpath(name).catch(() => name);
  const mode = await stat(path).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const fresh = `${path}.new`;
  try {
    {
      await using file = await open(fresh, 'w', mode);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
};

/** A new name is on the disk only when its folder is; Windows needs and knows no such thing. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
};

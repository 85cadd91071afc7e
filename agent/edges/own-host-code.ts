/** This computer's plain host code as an agent sees it: with what root has left for it to read. */

import { readFileSync, statSync } from 'node:fs';
import { joinHostCodes } from '../../protocol/host-code.ts';
import { readHostCode } from '../../protocol/node/host-components.ts';

/** In memory only: what root saw of another computer never comes along with a disk. */
export const ROOT_FOLDER = '/run/usher';
/** The plain host code of what root alone may read, written before the service starts. */
export const ROOT_HOST_CODE = `${ROOT_FOLDER}/host-code`;

/** Some milliseconds; on Windows the time that `reg` takes. */
export const readOwnHostCode = async (): Promise<Uint8Array> =>
  joinHostCodes(await readHostCode(), readRootCode(ROOT_HOST_CODE));

/** Most bytes of a host code. */
const CODE_MAX = 256;

/** Nothing where root has left nothing, or somebody else could have. */
const readRootCode = (path: string): Uint8Array => {
  try {
    const { uid, mode, size } = statSync(path);
    if (uid !== 0 || (mode & 0o022) !== 0 || size > CODE_MAX) return new Uint8Array(0);
    return new Uint8Array(readFileSync(path));
  } catch {
    return new Uint8Array(0);
  }
};

/** Whose a folder is on Windows, and who may enter it. */

import { loadKoffi } from '../koffi.ts';
import { windowsError } from './system-error.ts';

const FILE_OBJECT = 1;
const OWNER = 0x1;
const LIST = 0x4;
/** Nothing comes from the folder above. */
const PROTECTED_LIST = 0x8000_0000;

/** Sets the owner and the whole list of rights of a folder, for all in it as well. */
export const setFolderRights = (path: string, owner: Uint8Array, list: Uint8Array): void => {
  const set = loadKoffi()
    .load('advapi32.dll')
    .func(
      'uint32 __stdcall SetNamedSecurityInfoW(str16, uint32, uint32, void *, void *, void *, void *)',
    );
  const what = (OWNER | LIST | PROTECTED_LIST) >>> 0;
  const error = set(path, FILE_OBJECT, what, owner, null, list, null) as number;
  if (error !== 0) throw windowsError(`Cannot set the rights of ${path}`, error);
};

const DESCRIPTOR_MAX = 4096;
const OWNER_AT = 4;

/** The security descriptor of a folder with its owner, and where the owner's SID stands in it. */
export const readFolderOwner = (
  path: string,
): { readonly bytes: Buffer; readonly at: number } | undefined => {
  const get = loadKoffi()
    .load('advapi32.dll')
    .func('bool __stdcall GetFileSecurityW(str16, uint32, void *, uint32, void *)');
  const bytes = Buffer.alloc(DESCRIPTOR_MAX);
  if (!get(path, OWNER, bytes, bytes.length, Buffer.alloc(4))) return undefined;
  return { bytes, at: bytes.readUInt32LE(OWNER_AT) };
};

const WHEN_RESTARTED = 0x4;

/** Has Windows remove a file or an empty folder at its next start; false when it refuses. */
export const removeWhenRestarted = (path: string): boolean =>
  loadKoffi().load('kernel32.dll').func('bool __stdcall MoveFileExW(str16, void *, uint32)')(
    path,
    null,
    WHEN_RESTARTED,
  ) as boolean;

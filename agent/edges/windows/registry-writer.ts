/** Writes Windows' registry below HKEY_LOCAL_MACHINE, for a service; reads are `reg query`'s. */

import { loadKoffi } from '../koffi.ts';
import { WINDOWS_ERROR, windowsError } from './system-error.ts';

const LOCAL_MACHINE = -2147483646;
const TYPES = { text: 1, path: 2, number: 4 } as const;

export interface RegistryValue {
  readonly name: string;
  /** A text, a path with `%variables%`, or a number of 32 bits. */
  readonly type: keyof typeof TYPES;
  readonly value: string | number;
}

/** Sets values and makes the key when it is missing. Codes: NOT_PERMITTED, REFUSED. */
export const setRegistry = (key: string, values: readonly RegistryValue[]): void => {
  const set = loadKoffi()
    .load('advapi32.dll')
    .func('int32 __stdcall RegSetKeyValueW(intptr, str16, str16, uint32, void *, uint32)');
  for (const { name, type, value } of values) {
    const bytes =
      typeof value === 'number'
        ? Buffer.from(Uint32Array.of(value).buffer)
        : Buffer.from(`${value}\0`, 'utf16le');
    const error = set(LOCAL_MACHINE, key, name, TYPES[type], bytes, bytes.length) as number;
    if (error !== 0) throw windowsError(`Cannot write the registry key ${key}`, error);
  }
};

/** Removes a key with all below it; one that is not there is no error. */
export const removeRegistry = (key: string): void => {
  const remove = loadKoffi()
    .load('advapi32.dll')
    .func('int32 __stdcall RegDeleteTreeW(intptr, str16)');
  const error = remove(LOCAL_MACHINE, key) as number;
  if (error !== 0 && error !== WINDOWS_ERROR.fileNotFound) {
    throw windowsError(`Cannot remove the registry key ${key}`, error);
  }
};

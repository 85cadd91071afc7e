/** Windows' registry by `reg query`, bounded and timed out, as any user may; and what it prints. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { env } from 'node:process';

export interface RegistryKey {
  /** Full path, `HKEY_LOCAL_MACHINE\…`. */
  readonly path: string;
  /** Texts and numbers as printed; several strings of one value stay parted by `\0`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Most keys taken from one answer. */
const KEYS_MAX = 4_096;

const VALUE = /^ {4}(.*?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/;

/** Keys in order of appearance. Lines that fit neither form (a summary, an error) are passed over. */
export const parseRegistry = (output: string): readonly RegistryKey[] => {
  const keys: { path: string; values: Record<string, string> }[] = [];
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_[A-Z_]+\\/.test(line)) {
      if (keys.length >= KEYS_MAX) break;
      keys.push({ path: line.trim(), values: {} });
      continue;
    }
    const found = VALUE.exec(line);
    const key = keys.at(-1);
    if (found === null || key === undefined || found[2] === 'REG_BINARY') continue;
    key.values[found[1] ?? ''] = (found[3] ?? '').replaceAll('\\0', '\0').trim();
  }
  return keys;
};

/** The values of the first key whose path ends so, whatever the case. */
export const valuesOf = (
  keys: readonly RegistryKey[],
  ending: string,
): Readonly<Record<string, string>> =>
  keys.find(({ path }) => path.toLowerCase().endsWith(ending.toLowerCase()))?.values ?? {};

/** What follows `prefix` in each path that has it, whatever the case. */
export const pathsBelow = (keys: readonly RegistryKey[], prefix: string): readonly string[] =>
  keys.flatMap(({ path }) => {
    const at = path.toLowerCase().indexOf(`${prefix.toLowerCase()}\\`);
    return at < 0 ? [] : [path.slice(at + prefix.length + 1)];
  });

const TIMEOUT_MS = 5_000;
const ANSWER_MAX = 4_194_304;

/**
 * What `reg query` prints, or `undefined` when it prints nothing: the key is absent or closed. A
 * search that meets one closed key fails, and what it printed until then counts all the same.
 */
export const askRegistry = (words: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const program = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
    const options = {
      timeout: TIMEOUT_MS,
      maxBuffer: ANSWER_MAX,
      windowsHide: true,
      encoding: 'latin1',
    } as const;
    execFile(program, ['query', ...words], options, (_failed, output) => {
      resolve(output.trim() === '' ? undefined : output);
    });
  });

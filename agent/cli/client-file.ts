/** The client's settings as commands change them. */

import { join } from 'node:path';
import {
  type ClientSettings,
  changeClientSettings,
  machineSettingsFile,
  readClientSettings,
  userSettingsFile,
} from '../../protocol/node/client-settings.ts';
import { isProductName, type SettingChange } from '../../protocol/node/client-settings-text.ts';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';
import type { Flag, Invocation } from './command.ts';

/** The flags of every command that changes settings. */
export const CLIENT_FLAGS = {
  product: { kind: 'text', value: 'NAME', summary: 'of this product [default: of every product]' },
  machine: { kind: 'switch', summary: 'for everybody on this computer, not for this user alone' },
} as const satisfies Readonly<Record<string, Flag>>;

/** The product that is meant; `null` for every one. Code: WRONG_USAGE. */
export const readProduct = ({ args }: Invocation): string | null => {
  const product = args.text('product') ?? null;
  if (product === null || isProductName(product)) return product;
  throw new UsherError('WRONG_USAGE', `--product is a product's name, not "${product}".`);
};

/** The file that a command changes. Code: WRONG_USAGE. */
export const settingsFileOf = ({ args, terminal }: Invocation): string => {
  if (args.has('machine')) return machineSettingsFile(terminal.environment);
  const file = userSettingsFile(terminal.environment);
  if (file !== undefined) return file;
  const sentence = 'This user has no home folder: name a file in USHER_CLIENT_CONF, or --machine.';
  throw new UsherError('WRONG_USAGE', sentence);
};

/** What is set now. Code: BROKEN_DATA. */
export const readSettingsOfClients = ({ terminal }: Invocation): ClientSettings => {
  const settings = readClientSettings(terminal.environment);
  if (settings.ok) return settings.value;
  throw new UsherError('BROKEN_DATA', settings.error);
};

/** Changes the file. Codes: REFUSED for what is locked, BROKEN_DATA, NOT_PERMITTED. */
export const changeFile = (invocation: Invocation, changes: readonly SettingChange[]): void => {
  const file = settingsFileOf(invocation);
  if (!invocation.args.has('machine')) refuseLocked(invocation, changes);
  const changed = attempt(file, () => changeClientSettings(file, changes));
  if (!changed.ok) throw new UsherError('BROKEN_DATA', changed.error);
};

/** Changing what does not count would look done and have no effect. */
const refuseLocked = (invocation: Invocation, changes: readonly SettingChange[]): void => {
  const settings = readSettingsOfClients(invocation);
  for (const { product, key } of changes) {
    const given = settings.given(product, key);
    if (given?.locked !== true || given.file === settingsFileOf(invocation)) continue;
    const where = `${given.file}, line ${given.line}`;
    throw new UsherError('REFUSED', `The administrator has locked ${key} in ${where}.`);
  }
};

/** Runs a change of files. Codes: NOT_PERMITTED, FOLDER_UNUSABLE. */
export const attempt = <T>(file: string, change: () => T): T => {
  try {
    return change();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isForbidden = code === 'EACCES' || code === 'EPERM';
    const sentence = `Cannot write ${file}: ${systemReason(error)}.`;
    throw new UsherError(isForbidden ? 'NOT_PERMITTED' : 'FOLDER_UNUSABLE', sentence, error);
  }
};

/** Where licenses of a settings file are kept. */
export const licenseFolder = (settingsFile: string): string => join(settingsFile, '..', 'licenses');

/** License files that a person names. */

import { armor } from '../../protocol/armor.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { bytesToText, readFileBytes } from '../edges/files.ts';
import type { Terminal } from './command.ts';

/** What a document in the binary form is. */
type Title = 'license' | 'response';

/** The text in a license file or, for `-`, on standard input. Code: FILE_UNREADABLE. */
export const readLicenseText = async (
  file: string,
  terminal: Terminal,
  title: Title = 'license',
): Promise<string> =>
  file === '-' ? toText(await terminal.readInput(), title) : readLicenseFile(file, title);

/** The text in a license file. Code: FILE_UNREADABLE. */
export const readLicenseFile = async (file: string, title: Title = 'license'): Promise<string> =>
  toText(await readFileBytes(file), title);

/** What is in the binary form is put into the text form. */
const toText = (bytes: Uint8Array, title: Title): string =>
  // A binary document begins with the MessagePack head of an array of five.
  bytes[0] === 0x95 ? armor(title, bytes, nativePrimitives) : bytesToText(bytes);

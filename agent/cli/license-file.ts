/** License files that a person names. */

import { armor } from '../../protocol/armor.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { bytesToText, readFileBytes } from '../edges/files.ts';
import type { Terminal } from './command.ts';

/** The text in a license file or, for `-`, on standard input. Code: FILE_UNREADABLE. */
export const readLicenseText = async (file: string, terminal: Terminal): Promise<string> =>
  file === '-' ? toText(await terminal.readInput()) : readLicenseFile(file);

/** The text in a license file. Code: FILE_UNREADABLE. */
export const readLicenseFile = async (file: string): Promise<string> =>
  toText(await readFileBytes(file));

/** What is in the binary form is put into the text form. */
const toText = (bytes: Uint8Array): string =>
  // A binary document begins with the MessagePack head of an array of five.
  bytes[0] === 0x95 ? armor('license', bytes, nativePrimitives) : bytesToText(bytes);

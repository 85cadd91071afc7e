/**
 * Writes tar archives in the ustar format. A writer of our own gives the same bytes on every system;
 * the tar of each system has options and defaults of its own.
 */

import type { ArchiveEntry } from './archive-entry.ts';

const BLOCK = 512;
/** What tar itself pads to. */
const RECORD = 20 * BLOCK;
const NAME_MAX = 100;

export interface TarOptions {
  /** Stands before every path, `.` for packages of Debian. */
  readonly prefix: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** The archive; entries in the order given. */
export const tarOf = (
  entries: readonly ArchiveEntry[],
  { prefix, time }: TarOptions,
): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (const { path, mode, content } of entries) {
    const name = `${prefix}${path}${content === undefined && path !== '/' ? '/' : ''}`;
    parts.push(
      header({ name, mode, time, size: content?.length, isFolder: content === undefined }),
    );
    if (content !== undefined) parts.push(content, zeros(padding(content.length, BLOCK)));
  }
  parts.push(zeros(2 * BLOCK));
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  parts.push(zeros(padding(size, RECORD)));
  return Buffer.concat(parts);
};

/** How many bytes are missing to a multiple of `unit`. */
export const padding = (size: number, unit: number): number => (unit - (size % unit)) % unit;

export const zeros = (count: number): Uint8Array => new Uint8Array(count);

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly time: number;
  readonly size: number | undefined;
  readonly isFolder: boolean;
}

const header = ({ name, mode, time, size = 0, isFolder }: Header): Uint8Array => {
  if (Buffer.byteLength(name) > NAME_MAX) throw new Error(`${name} is too long a name for ustar.`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(time, 136, 12);
  // The sum is taken over the header with spaces in the sum's own place.
  block.fill(' ', 148, 156);
  block.write(isFolder ? '5' : '0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write('root', 265);
  block.write('root', 297);
  octal(0, 329, 8);
  octal(0, 337, 8);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};

/** Writes cpio archives in the format `newc`, the payload of an RPM package. */

import type { ArchiveEntry } from './archive-entry.ts';
import { padding, zeros } from './tar.ts';

/** File type bits that stand above the permissions. */
const FOLDER = 0o040_000;
const FILE = 0o100_000;

/** Type and permissions in one number, as the kernel has them. */
export const fullMode = ({ mode, content }: ArchiveEntry): number =>
  mode | (content === undefined ? FOLDER : FILE);

/** The archive; entries in the order given, numbered from 1. `time` in seconds since 1970. */
export const cpioOf = (entries: readonly ArchiveEntry[], time: number): Uint8Array => {
  const parts: Uint8Array[] = [];
  const add = (name: string, fields: Fields, content: Uint8Array): void => {
    const { inode, mode, links, mtime } = fields;
    const size = content.length;
    const nameSize = Buffer.byteLength(name) + 1;
    const numbers = [inode, mode, 0, 0, links, mtime, size, 0, 0, 0, 0, nameSize, 0];
    const head = numbers.map((number) => number.toString(16).padStart(8, '0')).join('');
    const named = Buffer.from(`070701${head}${name}\0`);
    parts.push(named, zeros(padding(named.length, 4)), content, zeros(padding(size, 4)));
  };
  for (const [i, entry] of entries.entries()) {
    const links = entry.content === undefined ? 2 : 1;
    const fields = { inode: i + 1, mode: fullMode(entry), links, mtime: time };
    add(`.${entry.path}`, fields, entry.content ?? zeros(0));
  }
  add('TRAILER!!!', { inode: 0, mode: 0, links: 1, mtime: 0 }, zeros(0));
  return Buffer.concat(parts);
};

interface Fields {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly mtime: number;
}

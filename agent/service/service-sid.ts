/** Windows' security identifiers, and lists of who may do what with a folder. */

import { createHash } from 'node:crypto';

/** The identity that Windows gives a service of this name: `S-1-5-80-` and the name's SHA-1. */
export const serviceSid = (name: string): string => {
  const digest = createHash('sha1').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest();
  const parts = [0, 4, 8, 12, 16].map((at) => digest.readUInt32LE(at));
  return `S-1-5-80-${parts.join('-')}`;
};

export const SYSTEM_SID = 'S-1-5-18';
export const ADMINISTRATORS_SID = 'S-1-5-32-544';

/** A SID of authority 5 as Windows keeps it. */
export const sidToBytes = (sid: string): Buffer => {
  const parts = sid.split('-').slice(3).map(Number);
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(parts.length, 1);
  bytes.writeUInt8(Number(sid.split('-')[2]), 7);
  for (const [i, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + 4 * i);
  return bytes;
};

/** The SID at `at` in what Windows returned, or `undefined` where there is none. */
export const readSid = (bytes: Buffer, at: number): string | undefined => {
  if (at < 8 || at + 8 > bytes.length) return undefined;
  const count = bytes.readUInt8(at + 1);
  if (count > 15 || at + 8 + 4 * count > bytes.length) return undefined;
  const parts = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(at + 8 + 4 * i));
  return ['S', bytes.readUInt8(at), bytes.readUIntBE(at + 2, 6), ...parts].join('-');
};

export const FULL_CONTROL = 0x1f01ff;
/** Read, write, run and delete, but neither give rights away nor take ownership. */
export const MODIFY = 0x1301bf;

export interface Grant {
  readonly sid: string;
  readonly rights: typeof FULL_CONTROL | typeof MODIFY;
}

const ACL_REVISION = 2;
const ACL_HEADER_SIZE = 8;
const ACE_HEADER_SIZE = 8;
/** To the folder, its folders and its files. */
const INHERITED_BY_ALL = 0x3;

/** A list that grants this and nothing else, for a folder and all in it. */
export const toAcl = (grants: readonly Grant[]): Buffer => {
  const entries = grants.map(({ sid, rights }) => {
    const owner = sidToBytes(sid);
    const entry = Buffer.alloc(ACE_HEADER_SIZE);
    entry.writeUInt8(INHERITED_BY_ALL, 1);
    entry.writeUInt16LE(ACE_HEADER_SIZE + owner.length, 2);
    entry.writeUInt32LE(rights, 4);
    return Buffer.concat([entry, owner]);
  });
  const header = Buffer.alloc(ACL_HEADER_SIZE);
  const size = entries.reduce((sum, { length }) => sum + length, ACL_HEADER_SIZE);
  header.writeUInt8(ACL_REVISION, 0);
  header.writeUInt16LE(size, 2);
  header.writeUInt16LE(entries.length, 4);
  return Buffer.concat([header, ...entries]);
};

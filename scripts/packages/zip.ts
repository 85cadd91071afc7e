/** Writes zip archives: the same bytes whoever builds, wherever and in whatever time zone. */

import { gzip } from './compress.ts';

export interface ZipFile {
  /** In plain letters, without folders. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** Where gzip's own head ends and its tail begins: between them is what zip calls method 8. */
const GZIP_HEAD = 10;
const GZIP_TAIL = 8;

const FILE_MARK = 0x04034b50;
const ENTRY_MARK = 0x02014b50;
const END_MARK = 0x06054b50;
/** Version 2.0 of the format, and of a Unix: then the permissions count. */
const VERSION = 20;
const MADE_BY = (3 << 8) | VERSION;
const DEFLATED = 8;
const PLAIN_FILE = 0o100644;

/** Where the time of MS-DOS begins, which zip and cab write, in seconds since 1970. */
export const DOS_EPOCH_S = Date.UTC(1980, 0, 1) / 1000;

/** The archive; files in the order given. `time` in seconds since 1970, told in UTC. */
export const zipOf = async (files: readonly ZipFile[], time: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const { name, content } of files) {
    const zipped = Buffer.from(await gzip(content, 6));
    const body = zipped.subarray(GZIP_HEAD, -GZIP_TAIL);
    const facts = factsOf(body, zipped.readUInt32LE(zipped.length - GZIP_TAIL), content, time);
    const named = Buffer.from(name, 'latin1');
    const size = Buffer.of(named.length, 0, 0, 0);
    entries.push(Buffer.concat([mark(ENTRY_MARK), short(MADE_BY), facts, size, rest(at), named]));
    const head = Buffer.concat([mark(FILE_MARK), facts, size, named]);
    parts.push(head, body);
    at += head.length + body.length;
  }
  const book = Buffer.concat(entries);
  const count = short(files.length);
  const end = [mark(END_MARK), mark(0), count, count, mark(book.length), mark(at), short(0)];
  return Buffer.concat([...parts, book, ...end]);
};

const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

const mark = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** What stands before a file and again in the book at the end. */
const factsOf = (body: Uint8Array, crc: number, content: Uint8Array, time: number): Buffer => {
  const { day, clock } = dosTime(time);
  const plain = [VERSION, 0, DEFLATED, clock, day].map(short);
  return Buffer.concat([...plain, mark(crc), mark(body.length), mark(content.length)]);
};

/** No comment, first disk, no hints; permissions, and where the file begins. */
const rest = (at: number): Buffer =>
  Buffer.concat([short(0), short(0), short(0), mark((PLAIN_FILE << 16) >>> 0), mark(at)]);

/** As MS-DOS wrote it: from 1980 on, every other second. */
const dosTime = (time: number): { readonly day: number; readonly clock: number } => {
  const date = new Date(Math.max(time, DOS_EPOCH_S) * 1000);
  const day =
    ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const clock =
    (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return { day, clock };
};

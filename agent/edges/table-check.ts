/**
 * Checks the checksums in LevelDB's tables. LevelDB can, and is not told to by what we use of it:
 * a table that was changed on the disk makes it leave records out, or end the whole process.
 */

import { unsnap } from './unsnap.ts';

const FOOTER_SIZE = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
/** Behind each block: how it is compressed, and its checksum. */
const TRAILER_SIZE = 5;
const RESTART_SIZE = 4;
const SNAPPY = 1;

interface Span {
  readonly offset: number;
  readonly size: number;
}

/** Whether every block of a table is as it was written. */
export const isTableWhole = (table: Buffer): boolean => {
  try {
    return checkTable(table);
  } catch {
    // Numbers that point out of the table.
    return false;
  }
};

const checkTable = (table: Buffer): boolean => {
  const footer = table.subarray(-FOOTER_SIZE);
  if (table.length < FOOTER_SIZE || !footer.subarray(-MAGIC.length).equals(MAGIC)) return false;
  const reader = new Varints(footer);
  const meta = readBlock(table, reader.span());
  const index = readBlock(table, reader.span());
  if (meta === undefined || index === undefined) return false;
  return [...spansIn(meta), ...spansIn(index)].every((span) => isBlockWhole(table, span));
};

const isBlockWhole = (table: Buffer, { offset, size }: Span): boolean => {
  const end = offset + size;
  if (end + TRAILER_SIZE > table.length) return false;
  return table.readUInt32LE(end + 1) === masked(crc32c(table.subarray(offset, end + 1)));
};

/** The plain bytes of a block, if it is whole. */
const readBlock = (table: Buffer, span: Span): Buffer | undefined => {
  if (!isBlockWhole(table, span)) return undefined;
  const end = span.offset + span.size;
  const bytes = table.subarray(span.offset, end);
  return table[end] === SNAPPY ? unsnap(bytes) : bytes;
};

/** The blocks that a block of names points to. */
const spansIn = (block: Buffer): readonly Span[] => {
  const restarts = block.readUInt32LE(block.length - RESTART_SIZE);
  const end = block.length - RESTART_SIZE * (restarts + 1);
  const reader = new Varints(block);
  const spans: Span[] = [];
  while (reader.at < end) {
    reader.next();
    const keySize = reader.next();
    const valueSize = reader.next();
    reader.at += keySize;
    const next = reader.at + valueSize;
    spans.push(reader.span());
    reader.at = next;
  }
  return spans;
};

class Varints {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  span(): Span {
    return { offset: this.next(), size: this.next() };
  }
}

const CASTAGNOLI = 0x82f63b78;
let crcTable: Uint32Array | undefined;

/** Made when a table is first checked, which few starts do. */
const makeCrcTable = (): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, start) => {
    let crc = start;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
    return crc;
  });

const crc32c = (bytes: Uint8Array): number => {
  crcTable ??= makeCrcTable();
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
};

const MASK_DELTA = 0xa282_ead8;

/** LevelDB's own form, so that a checksum of checksums is one. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;

/** Undoes Snappy, by which LevelDB makes its blocks smaller. */

/** More than any block of ours has. */
const SIZE_MAX = 16 * 1024 * 1024;

/** The plain bytes. Throws a RangeError on what is not Snappy's. */
export const unsnap = (bytes: Buffer): Buffer => {
  const source = { bytes, at: 0 };
  const size = readSize(source);
  if (size > SIZE_MAX) throw new RangeError('too large');
  const plain = Buffer.alloc(size);
  let end = 0;
  while (source.at < bytes.length) {
    const tag = take(source, 1);
    if ((tag & 3) === 0) {
      const length = literalLength(source, tag >> 2);
      end += bytes.copy(plain, end, source.at, source.at + length);
      source.at += length;
      continue;
    }
    const { length, back } = readCopy(source, tag);
    if (back === 0 || back > end || end + length > size) throw new RangeError('out of reach');
    // It may overlap what it makes.
    for (let i = 0; i < length; i++, end++) plain[end] = plain[end - back] ?? 0;
  }
  if (end !== size) throw new RangeError('of another size');
  return plain;
};

interface Source {
  readonly bytes: Buffer;
  at: number;
}

const take = (source: Source, count: number): number => {
  const value = source.bytes.readUIntLE(source.at, count);
  source.at += count;
  return value;
};

const readSize = (source: Source): number => {
  let size = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = take(source, 1);
    size += (byte & 127) * factor;
    if (byte < 128) return size;
  }
};

/** Up to 60 bytes are counted in the tag, more in one to four bytes behind it. */
const literalLength = (source: Source, short: number): number =>
  short < 60 ? short + 1 : take(source, short - 59) + 1;

const readCopy = (
  source: Source,
  tag: number,
): { readonly length: number; readonly back: number } => {
  if ((tag & 3) === 1) {
    const back = ((tag >> 5) << 8) | take(source, 1);
    return { length: ((tag >> 2) & 7) + 4, back };
  }
  return { length: (tag >> 2) + 1, back: take(source, (tag & 3) === 2 ? 2 : 4) };
};

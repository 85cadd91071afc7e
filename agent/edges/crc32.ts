/**
 * CRC-32 as zlib has it (IEEE 802.3), for records of the store. Node's own is in a part of it that takes
 * a millisecond of a start to load.
 */

const TABLE = new Int32Array(256);
// Each entry is that of its lowest bit and that of the others together: one step for each, not eight.
for (let bit = 128, rest = 1; bit > 0; bit >>>= 1) {
  rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb8_8320 : rest >>> 1;
  for (let higher = 0; higher < 256; higher += 2 * bit)
    TABLE[bit + higher] = rest ^ (TABLE[higher] ?? 0);
}

/** Of `data`, a text in UTF-8; `before` is that of what stands before it. */
export const crc32 = (data: Uint8Array | string, before = 0): number => {
  let rest = ~before;
  for (const byte of typeof data === 'string' ? Buffer.from(data) : data) {
    rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 0xff] ?? 0);
  }
  return ~rest >>> 0;
};

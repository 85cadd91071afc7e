/**
 * Settles what wixl puts into the summary of a package of Windows Installer by chance and by the
 * clock: the package's code and its times. With that, two builds are one.
 */

import { createHash } from 'node:crypto';

/** The format of the summary, as it stands before it in the file. */
const SUMMARY_FORMAT = Buffer.from('e0859ff2f94f6810ab9108002b27b3d9', 'hex');
const PACKAGE_CODE = 9;
const TIMES = [12, 13] as const;
const TEXT_KIND = 30;
const TIME_KIND = 64;
/** `{9C4DF50A-5CFC-4BC4-B33F-30B2CB0BA585}` */
const CODE_SIZE = 38;
/** From 1601, where Windows' time begins, to 1970, in seconds. */
const WINDOWS_EPOCH_S = 11_644_473_600n;

/**
 * The package with a code made of all the rest of it, and dated `time`, in seconds since 1970.
 * Throws when the summary is not laid out as wixl does it.
 */
export const settleSummary = (msi: Uint8Array, time: number): Uint8Array => {
  const bytes = Buffer.from(msi);
  const found = bytes.indexOf(SUMMARY_FORMAT);
  if (found < 0) throw new Error('The package has no summary.');
  const start = bytes.readUInt32LE(found + SUMMARY_FORMAT.length);
  // The format and its place stand 28 bytes into the stream.
  const values = valuesIn(bytes, found - 28 + start);
  for (const property of TIMES) {
    const at = valueAt(values, property, TIME_KIND, bytes);
    bytes.writeBigUInt64LE((BigInt(time) + WINDOWS_EPOCH_S) * 10_000_000n, at);
  }
  // The text's length stands before it.
  const code = valueAt(values, PACKAGE_CODE, TEXT_KIND, bytes) + 4;
  if (!/^\{[0-9A-F-]{36}\}$/.test(bytes.toString('latin1', code, code + CODE_SIZE)))
    throw new Error('The package has no code where it should be.');
  bytes.fill(0, code, code + CODE_SIZE);
  bytes.write(`{${codeOf(bytes)}}`, code, 'latin1');
  return bytes;
};

/**
 * The code that Windows Installer knows a thing by: the same for the same bytes or words, in the
 * spelling of a UUID of version 8.
 */
export const codeOf = (thing: string | Uint8Array): string => {
  const hex = createHash('sha256').update(thing).digest('hex').toUpperCase();
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};

/** Where each property's value begins. */
const valuesIn = (bytes: Buffer, section: number): ReadonlyMap<number, number> => {
  const count = bytes.readUInt32LE(section + 4);
  const places = Array.from({ length: count }, (_, i) => section + 8 + 8 * i);
  return new Map(
    places.map((at) => [bytes.readUInt32LE(at), section + bytes.readUInt32LE(at + 4)]),
  );
};

const valueAt = (
  values: ReadonlyMap<number, number>,
  property: number,
  kind: number,
  bytes: Buffer,
): number => {
  const at = values.get(property);
  if (at === undefined || bytes.readUInt32LE(at) !== kind)
    throw new Error(`The package's summary has no property ${property} as it should be.`);
  return at + 4;
};

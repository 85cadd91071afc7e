/** IP addresses as bytes, and as the text that sockets take: without a zone. */

import { bytesToHex } from './bytes.ts';
import { isV6 } from './endpoint.ts';

const V4_SIZE = 4;
const V6_SIZE = 16;
/** No address is written longer. */
const TEXT_MAX = 45;

/** `undefined` for what is no address, one with a zone (`%eth0`) included. */
export const addressToBytes = (text: string): Uint8Array | undefined => {
  if (text.length > TEXT_MAX) return undefined;
  return isV6(text) ? parseV6(text) : parseV4(text);
};

const parseV4 = (text: string): Uint8Array | undefined => {
  const parts = text.split('.');
  const isQuad = parts.length === V4_SIZE && parts.every((part) => /^\d{1,3}$/.test(part));
  if (!isQuad || parts.some((part) => Number(part) > 255)) return undefined;
  return Uint8Array.from(parts, Number);
};

const parseV6 = (text: string): Uint8Array | undefined => {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (left === undefined) return undefined;
  const groups = [...left, ...(right ?? [])];
  if (groups.some((group) => !/^[\da-f]{1,4}$/i.test(group))) return undefined;
  const missing = V6_SIZE / 2 - groups.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const bytes = new Uint8Array(V6_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [i, group] of groups.entries()) {
    const at = i < left.length ? i : i + missing;
    view.setUint16(at * 2, Number.parseInt(group, 16));
  }
  return bytes;
};

/** Of 4 or 16 bytes; IPv6 as RFC 5952 has it: the longest run of zero groups is `::`. */
export const bytesToAddress = (bytes: Uint8Array): string => {
  if (bytes.length === V4_SIZE) return [...bytes].join('.');
  const groups: string[] = [];
  for (let i = 0; i < V6_SIZE; i += 2) {
    groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  }
  const { start, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
};

const longestZeros = (groups: readonly string[]) => {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [i, group] of groups.entries()) {
    length = group === '0' ? length + 1 : 0;
    if (length > best.length) best = { start: i + 1 - length, length };
  }
  return best;
};

/**
 * Whom an address belongs to, as a text to count by: IPv4 as it is, of IPv6 the first 64 bits with the
 * zone, for one computer has all the addresses in them.
 */
export const networkOf = (address: string): string => {
  if (!isV6(address)) return address;
  const [bare = '', zone] = address.split('%');
  const bytes = addressToBytes(bare);
  if (bytes === undefined) return address;
  const network = `${bytesToHex(bytes.subarray(0, V6_SIZE / 2))}/64`;
  return zone === undefined ? network : `${network}%${zone}`;
};

/** Whether an address is in the network of another, by a mask in the same form (`255.255.255.0`). */
export const isInNetwork = (address: string, of: string, mask: string): boolean => {
  const [one, other, bits] = [address, of, mask].map(addressToBytes);
  if (one === undefined || other === undefined || bits === undefined) return false;
  if (one.length !== other.length || one.length !== bits.length) return false;
  return one.every((byte, i) => ((byte ^ (other[i] ?? 0)) & (bits[i] ?? 0)) === 0);
};

/**
 * Whether it is an address that only a site itself gives: 10/8, 172.16/12, 192.168/16, 169.254/16,
 * fe80::/10, fc00::/7. No other network is troubled by what is sent there.
 */
export const isSiteAddress = (address: string): boolean => {
  const bytes = addressToBytes(address);
  const [a = 0, b = 0] = bytes ?? [];
  if (bytes === undefined) return false;
  if (bytes.length === V6_SIZE) return (a === 0xfe && (b & 0xc0) === 0x80) || (a & 0xfe) === 0xfc;
  if (a === 10 || (a === 172 && (b & 0xf0) === 16)) return true;
  return (a === 192 && b === 168) || (a === 169 && b === 254);
};

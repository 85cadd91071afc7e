/** IP addresses and ranges of them, as administrators write them and as sockets name them. */

import { err, ok, type Result } from '../../../protocol/result.ts';

/** An address as unsigned 32-bit words, the highest first: one for IPv4, four for IPv6. */
export type Address = readonly number[];

/** All addresses from `first` to `last`, both included and of one family. */
export interface AddressRange {
  readonly first: Address;
  readonly last: Address;
  /** As it was written. */
  readonly text: string;
}

/** No address or range is written longer. */
const TEXT_MAX = 100;
/** What a mapped IPv4 address (`::ffff:10.0.0.1`) begins with. */
const MAPPED: readonly number[] = [0, 0, 0xffff];
const MAPPED_BITS = 96;

/**
 * Reads one IPv4 or IPv6 address. An IPv4 address mapped into IPv6 is that IPv4 address; a zone
 * (`%eth0`), a port, brackets, leading zeros in IPv4 and anything else is `undefined`.
 */
export const parseAddress = (text: string): Address | undefined => {
  if (text.length > TEXT_MAX) return undefined;
  if (!text.includes(':')) return parseIpv4(text);
  const words = parseIpv6(text);
  return words !== undefined && isMapped(words) ? words.slice(MAPPED.length) : words;
};

/** Reads `10.1.2.3`, `10.1.0.0/16` or `10.1.0.5-10.1.0.9`, or the same in IPv6; or says what is wrong. */
export const parseAddressRange = (text: string): Result<AddressRange, string> => {
  if (text.includes('/')) return parseBlock(text);
  const [from = '', to = from, ...more] = text.split('-');
  const first = parseAddress(from);
  const last = parseAddress(to);
  if (first === undefined || last === undefined || more.length > 0) return noAddress(text);
  if (first.length !== last.length) {
    return err(`${quote(text)} begins in IPv4 and ends in IPv6, or the reverse: write one kind.`);
  }
  if (compare(first, last) > 0) return err(`${quote(text)} ends before it begins: swap the two.`);
  return ok({ first, last, text });
};

export const isInRange = (address: Address, { first, last }: AddressRange): boolean =>
  address.length === first.length && compare(first, address) <= 0 && compare(address, last) <= 0;

const noAddress = (text: string): Result<never, string> =>
  err(
    `${quote(text)} is no address: write 10.1.2.3, 10.1.0.0/16 or 10.1.0.5-10.1.0.9, or the same in IPv6.`,
  );

const quote = (text: string): string => `"${text.slice(0, TEXT_MAX)}"`;

const compare = (left: Address, right: Address): number => {
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const isMapped = (words: readonly number[]): boolean =>
  MAPPED.every((word, index) => words[index] === word);

/** `address/bits`: all addresses that share so many leading bits. */
const parseBlock = (text: string): Result<AddressRange, string> => {
  const [base = '', length = '', ...more] = text.split('/');
  const wide = base.includes(':') && base.length <= TEXT_MAX ? parseIpv6(base) : parseIpv4(base);
  if (wide === undefined || more.length > 0 || !/^\d{1,3}$/.test(length)) return noAddress(text);
  const width = wide.length * 32;
  if (Number(length) > width) {
    return err(`${quote(text)} is no block of addresses: the number behind / is at most ${width}.`);
  }
  const mapped = wide.length > 1 && isMapped(wide) && Number(length) >= MAPPED_BITS;
  const words = mapped ? wide.slice(MAPPED.length) : wide;
  const bits = mapped ? Number(length) - MAPPED_BITS : Number(length);
  const masks = words.map((_, index) => mask(bits - 32 * index));
  return ok({
    first: words.map((word, index) => (word & (masks[index] ?? 0)) >>> 0),
    last: words.map((word, index) => (word | ~(masks[index] ?? 0)) >>> 0),
    text,
  });
};

/** A word whose first `bits` bits are set; none below 1, all from 32 on. */
const mask = (bits: number): number => {
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
};

const parseIpv4 = (text: string): Address | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    // Some programs read a leading zero as octal: such an address says two things.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    word = word * 256 + Number(part);
  }
  return [word];
};

const parseIpv6 = (text: string): Address | undefined => {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const left = parseGroups(head, tail === undefined);
  const right = tail === undefined ? [] : parseGroups(tail, true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array<number>(missing).fill(0), ...right];
  return [0, 2, 4, 6].map((at) => (groups[at] ?? 0) * 0x1_0000 + (groups[at + 1] ?? 0));
};

/** Groups of 16 bits between colons; the last may be an IPv4 address when it ends the whole. */
const parseGroups = (text: string, ends: boolean): number[] | undefined => {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const [word] = ends && index === parts.length - 1 ? (parseIpv4(part) ?? []) : [];
    if (word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
};

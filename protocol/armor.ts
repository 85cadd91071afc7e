/**
 * Documents as text that survives mail: base64 between two marker lines, with a checksum that tells
 * damage on the way from a forged signature. Reading forgives what mail programs do: quoting marks,
 * other line lengths, CRLF, prose around it, long dashes, invisible characters.
 */

import { base64ToBytes, bytesToBase64, concatBytes, equalBytes } from './bytes.ts';
import { DOCUMENT_MAX, PASTE_BLOCKS_MAX, PASTE_MAX } from './limits.ts';
import type { Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';

/** Why a block was not read: `truncated` (no end, or cut), `damaged` (checksum), `too-long`. */
export type ArmorFault = 'truncated' | 'damaged' | 'too-long';

const CHECKSUM_SIZE = 4;
const COLUMNS = 64;
const TITLES = { license: 'USHER LICENSE', key: 'USHER SIGNING KEY' } as const;
export type ArmorTitle = keyof typeof TITLES;

/** The text form: markers, then base64 of `bytes ‖ first four bytes of their SHA-512`. */
export const armor = (title: ArmorTitle, bytes: Uint8Array, primitives: Primitives): string => {
  const checksum = primitives.sha512(bytes).subarray(0, CHECKSUM_SIZE);
  const digits = bytesToBase64(concatBytes(bytes, checksum));
  const lines = digits.match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  const name = TITLES[title];
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`, ''].join('\n');
};

/**
 * Every block of one title in a text, each with its bytes or its fault, in order. A text without
 * markers that is nothing but base64 counts as one block. No block at all: an empty list.
 */
export const dearmor = (
  title: ArmorTitle,
  text: string,
  primitives: Primitives,
): readonly Result<Uint8Array, ArmorFault>[] => {
  if (text.length > PASTE_MAX) return [err('too-long')];
  const visible = text.replace(INVISIBLE, '');
  const sections = visible.split(marker('BEGIN', title));
  if (sections.length === 1) return bareBlock(visible, primitives);
  const end = marker('END', title);
  return sections.slice(1, 1 + PASTE_BLOCKS_MAX).map((section) => {
    const at = section.search(end);
    return at < 0 ? err('truncated') : decodeBlock(section.slice(0, at), primitives);
  });
};

/** Characters without width, which mail programs and word processors strew in. */
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/**
 * Finds a marker line, whatever became of its dashes, spaces and line breaks. Every repetition is
 * bounded, so that a megabyte of dashes takes no longer to search than a megabyte of prose.
 */
const marker = (word: 'BEGIN' | 'END', title: ArmorTitle): RegExp => {
  const dashes = '[-\\u2010-\\u2015\\u2212]';
  const gap = '[\\s>|]{1,16}';
  const words = [word, ...TITLES[title].split(' ')].join(gap);
  return new RegExp(`${dashes}{2,64}\\s{0,4}${words}\\s{0,4}${dashes}{2,64}`, 'i');
};

const bareBlock = (
  text: string,
  primitives: Primitives,
): readonly Result<Uint8Array, ArmorFault>[] => {
  const digits = cleanDigits(text);
  return digits.length >= 2 * COLUMNS && /^[A-Za-z0-9+/]+$/.test(digits)
    ? [decodeBlock(digits, primitives)]
    : [];
};

/** Quoting marks at line starts, white space and base64's padding are what mail adds. */
const cleanDigits = (text: string): string =>
  text.replace(/^[ \t\u00a0>|]+/gm, '').replace(/[\s=]/g, '');

const decodeBlock = (text: string, primitives: Primitives): Result<Uint8Array, ArmorFault> => {
  const digits = cleanDigits(text);
  if (digits.length > (DOCUMENT_MAX + CHECKSUM_SIZE) * 1.4) return err('too-long');
  const bytes = base64ToBytes(digits);
  if (bytes === undefined || bytes.length <= CHECKSUM_SIZE) return err('damaged');
  const body = bytes.slice(0, -CHECKSUM_SIZE);
  const checksum = primitives.sha512(body).subarray(0, CHECKSUM_SIZE);
  return equalBytes(checksum, bytes.subarray(-CHECKSUM_SIZE)) ? ok(body) : err('damaged');
};

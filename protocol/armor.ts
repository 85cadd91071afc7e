/**
 * Documents as text that survives mail: base64 between two marker lines, with a checksum that tells
 * damage on the way from a forged signature. Reading forgives what mail programs do: quoting marks,
 * other line lengths, CRLF, prose around it, long dashes, invisible characters.
 */

import { base64ToBytes, bytesToBase64, concatBytes, equalBytes } from './bytes.ts';
import { DOCUMENT_MAX, PASTE_BLOCKS_MAX, PASTE_MAX, PROOF_MAX, RESPONSE_MAX } from './limits.ts';
import type { Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';

/** Why a block was not read: `truncated` (no end, or cut), `damaged` (checksum), `too-long`. */
export type ArmorFault = 'truncated' | 'damaged' | 'too-long';

const CHECKSUM_SIZE = 4;
const COLUMNS = 64;
const TITLES = {
  license: 'USHER LICENSE',
  key: 'USHER SIGNING KEY',
  certificate: 'USHER CERTIFICATE',
  revocations: 'USHER REVOCATIONS',
  request: 'USHER ACTIVATION REQUEST',
  response: 'USHER ACTIVATION RESPONSE',
  receipt: 'USHER RETURN RECEIPT',
  child: 'USHER CHILD LICENSE',
} as const;
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
  if (sections.length === 1) return bareBlock(title, visible, primitives);
  return sections
    .slice(1, 1 + PASTE_BLOCKS_MAX)
    .map((section) => decodeSection(title, section, primitives));
};

/** A block in a text of several kinds. */
export interface TitledBlock {
  readonly title: ArmorTitle;
  readonly block: Result<Uint8Array, ArmorFault>;
}

/**
 * Every block of any of these titles in a text, in the order in which they stand. A BEGIN of one ends
 * a block of another, which is `truncated` then. `undefined` for a text that is too long.
 */
export const dearmorAny = (
  titles: readonly ArmorTitle[],
  text: string,
  primitives: Primitives,
): readonly TitledBlock[] | undefined => {
  if (text.length > PASTE_MAX) return undefined;
  const visible = text.replace(INVISIBLE, '');
  const starts = titles
    .flatMap((title) =>
      [...visible.matchAll(new RegExp(marker('BEGIN', title), 'gi'))].map((found) => ({
        title,
        at: found.index,
        from: found.index + found[0].length,
      })),
    )
    .sort((one, other) => one.at - other.at);
  return starts.slice(0, PASTE_BLOCKS_MAX).map(({ title, from }, i) => {
    const section = visible.slice(from, starts[i + 1]?.at);
    return { title, block: decodeSection(title, section, primitives) };
  });
};

/** What follows a BEGIN marker. */
const decodeSection = (
  title: ArmorTitle,
  section: string,
  primitives: Primitives,
): Result<Uint8Array, ArmorFault> => {
  const at = section.search(marker('END', title));
  return at < 0 ? err('truncated') : decodeBlock(title, section.slice(0, at), primitives);
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
  title: ArmorTitle,
  text: string,
  primitives: Primitives,
): readonly Result<Uint8Array, ArmorFault>[] => {
  const digits = cleanDigits(text);
  return digits.length >= 2 * COLUMNS && /^[A-Za-z0-9+/]+$/.test(digits)
    ? [decodeBlock(title, digits, primitives)]
    : [];
};

/** Quoting marks at line starts, white space and base64's padding are what mail adds. */
const cleanDigits = (text: string): string =>
  text.replace(/^[ \t\u00a0>|]+/gm, '').replace(/[\s=]/g, '');

/** Bytes of what stands in a block: a response holds other documents, and so does a child license. */
const sizeMax = (title: ArmorTitle): number => {
  if (title === 'child') return PROOF_MAX;
  return title === 'response' ? RESPONSE_MAX : DOCUMENT_MAX;
};

const decodeBlock = (
  title: ArmorTitle,
  text: string,
  primitives: Primitives,
): Result<Uint8Array, ArmorFault> => {
  const digits = cleanDigits(text);
  if (digits.length > (sizeMax(title) + CHECKSUM_SIZE) * 1.4) return err('too-long');
  const bytes = base64ToBytes(digits);
  if (bytes === undefined || bytes.length <= CHECKSUM_SIZE) return err('damaged');
  const body = bytes.slice(0, -CHECKSUM_SIZE);
  const checksum = primitives.sha512(body).subarray(0, CHECKSUM_SIZE);
  return equalBytes(checksum, bytes.subarray(-CHECKSUM_SIZE)) ? ok(body) : err('damaged');
};

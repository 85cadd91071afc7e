/**
 * A host code tells one computer from another: a short hash of each of its parts. It goes into what
 * is bound to a computer, and is compared with the code of the computer at hand; parts may change as
 * long as enough remain. README, section "Host code".
 *
 * The hashes keep values out of sight, not out of reach: whoever has a code can find out a value
 * that has few possibilities, a processor's model at once, a port's address with some patience.
 */

import { base32ToBytes, bytesToBase32, bytesToHex, concatBytes, utf8ToBytes } from './bytes.ts';
import {
  HOST_KIND_NAMES,
  HOST_KINDS,
  type HostComponent,
  type HostKind,
} from './host-component.ts';
import { HOST_CODE_MAX, HOST_COMPONENTS_MAX, HOST_TEXT_MAX } from './limits.ts';
import type { Primitives } from './primitives.ts';
import { err, ok, type Result } from './result.ts';

/** The first byte: what the hashes are made of. */
const PLAIN = 1;
const KEYED = 2;
const HASH_SIZE = 8;
const ENTRY_SIZE = 1 + HASH_SIZE;

/** Components taken of one kind; more would push out other kinds. */
const KIND_MAX: Readonly<Record<HostKind, number>> = {
  'machine-id': 1,
  system: 1,
  board: 1,
  disk: 4,
  mac: 6,
  cpu: 1,
  'board-serial': 1,
  tpm: 1,
};

type Sha512 = Primitives['sha512'];

/** The code of a computer with these components: each once, in one order, of each kind a few. */
export const makeHostCode = (components: readonly HostComponent[], sha512: Sha512): Uint8Array => {
  const entries = HOST_KIND_NAMES.flatMap((kind) => {
    const hashes = components
      .filter((component) => component.kind === kind)
      .map(({ value }) => hashValue(kind, value, sha512));
    return [...new Map(hashes.map((hash) => [bytesToHex(hash), hash]))]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, KIND_MAX[kind])
      .map(([, hash]) => concatBytes(Uint8Array.of(HOST_KINDS[kind].code), hash));
  });
  return concatBytes(Uint8Array.of(PLAIN), ...entries);
};

/** The context keeps this hash of a value from being the one that another program makes of it. */
const hashValue = (kind: HostKind, value: string, sha512: Sha512): Uint8Array =>
  sha512(utf8ToBytes(`usher host ${PLAIN}\0${kind}\0${value}`)).slice(0, HASH_SIZE);

/**
 * The code of a plain one for one reader alone, whose public key is `key`. One that is keyed already,
 * or no code at all, stays what it is.
 */
export const keyHostCode = (code: Uint8Array, key: Uint8Array, sha512: Sha512): Uint8Array => {
  const parsed = parseHostCode(code);
  if (!parsed.ok || code[0] !== PLAIN) return code;
  const context = utf8ToBytes(`usher host ${KEYED}\0`);
  const entries = parsed.value.map(({ bytes }) =>
    concatBytes(
      bytes.subarray(0, 1),
      sha512(concatBytes(context, key, bytes)).subarray(0, HASH_SIZE),
    ),
  );
  return entriesToCode(KEYED, entries);
};

/** One plain code of what two show of one computer, as far as it goes in. */
export const joinHostCodes = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const entries = [one, other].flatMap((code) => {
    const parsed = parseHostCode(code);
    return parsed.ok && code[0] === PLAIN ? parsed.value.map(({ bytes }) => bytes) : [];
  });
  return entriesToCode(PLAIN, entries);
};

/** The keyed code of these components: entries of a keyed code. */
export const keyedHostCode = (entries: readonly Uint8Array[]): Uint8Array =>
  entriesToCode(KEYED, entries);

/** Each once and in order, which is that of the kinds. */
const entriesToCode = (form: number, entries: readonly Uint8Array[]): Uint8Array => {
  const byHex = new Map(entries.map((entry) => [bytesToHex(entry), entry]));
  const sorted = [...byHex].sort(([left], [right]) => (left < right ? -1 : 1));
  const taken = sorted.slice(0, HOST_COMPONENTS_MAX).map(([, entry]) => entry);
  return concatBytes(Uint8Array.of(form), ...taken);
};

/** One component in a code. */
export interface HashedComponent {
  /** `null` for one that a later version of Usher knows. */
  readonly kind: HostKind | null;
  /** Kind and hash in hexadecimal. */
  readonly entry: string;
  /** The same as bytes, within the code's own. */
  readonly bytes: Uint8Array;
}

/** Why a code is none: `newer-format` (its version is above ours) or `malformed`. */
export type HostCodeFault = 'newer-format' | 'malformed';

/** The components in a code. There is one spelling: in order, and each once. */
export const parseHostCode = (
  code: Uint8Array,
): Result<readonly HashedComponent[], HostCodeFault> => {
  const [form = 0] = code;
  if (form > KEYED) return err('newer-format');
  const count = (code.length - 1) / ENTRY_SIZE;
  if (form < PLAIN || !Number.isInteger(count) || count > HOST_COMPONENTS_MAX) {
    return err('malformed');
  }
  const found: HashedComponent[] = [];
  for (let at = 1; at < code.length; at += ENTRY_SIZE) {
    const bytes = code.subarray(at, at + ENTRY_SIZE);
    const entry = bytesToHex(bytes);
    const before = found.at(-1);
    if (before !== undefined && before.entry >= entry) return err('malformed');
    const kind = HOST_KIND_NAMES.find((name) => HOST_KINDS[name].code === code[at]) ?? null;
    found.push({ kind, entry, bytes });
  }
  return ok(found);
};

export interface ComponentMatch {
  readonly kind: HostKind;
  /** Its share of its kind's weight. */
  readonly weight: number;
  readonly matched: boolean;
}

export interface HostMatch {
  readonly matches: boolean;
  /** The components of the stored code. */
  readonly components: readonly ComponentMatch[];
}

/** Divisible by every count of components, so that shares of weights add up without a rounding. */
const SHARE = 720_720;

/**
 * Whether `present` is the code of the computer that `stored` was made on: at least half of the
 * stored components' weight matches, and a strong one among them. What `present` has beyond that
 * does not count, so that nothing that is added to a computer makes it another. A code that is none
 * matches nothing.
 */
export const matchHostCode = (stored: Uint8Array, present: Uint8Array): HostMatch => {
  const expected = parseHostCode(stored);
  const found = parseHostCode(present);
  if (!expected.ok || !found.ok) return { matches: false, components: [] };
  // A keyed code and a plain one have nothing in common.
  const comparable = stored[0] === present[0] ? found.value : [];
  const entries = new Set(comparable.map(({ entry }) => entry));
  const counts = new Map<HostKind | null, number>();
  for (const { kind } of expected.value) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  let whole = 0;
  let same = 0;
  let hasStrong = false;
  const components: ComponentMatch[] = [];
  for (const { kind, entry } of expected.value) {
    if (kind === null) continue;
    const { weight, strong } = HOST_KINDS[kind];
    const count = counts.get(kind) ?? 1;
    const matched = entries.has(entry);
    whole += (weight * SHARE) / count;
    if (matched) same += (weight * SHARE) / count;
    if (matched && strong) hasStrong = true;
    components.push({ kind, weight: weight / count, matched });
  }
  return { matches: hasStrong && 2 * same >= whole, components };
};

/**
 * The same for what a vendor has signed: `present` is plain, `stored` plain or keyed for the vendor
 * whose public key is `key`.
 */
export const matchBoundHost = (
  stored: Uint8Array,
  present: Uint8Array,
  { key, sha512 }: { readonly key: Uint8Array; readonly sha512: Sha512 },
): HostMatch =>
  matchHostCode(stored, stored[0] === KEYED ? keyHostCode(present, key, sha512) : present);

/** Why a text is no host code. */
export type HostTextFault = HostCodeFault | 'empty' | 'too-long' | 'bad-character' | 'damaged';

/** Each fault in words. */
export const HOST_TEXT_FAULTS: Readonly<Record<HostTextFault, string>> = {
  empty: 'It holds no host code.',
  'too-long': 'It is too long for a host code.',
  'bad-character': 'A host code has only letters and digits, in groups with hyphens.',
  damaged: 'It is not a whole host code: something was changed or left out on the way.',
  'newer-format': 'It is the host code of a newer Usher: update this one.',
  malformed: 'It is no host code.',
};

const CHECKSUM_SIZE = 4;
const GROUP = 5;

const checksum = (code: Uint8Array, sha512: Sha512): Uint8Array =>
  sha512(concatBytes(utf8ToBytes('usher host code\0'), code)).slice(0, CHECKSUM_SIZE);

/** The form for people: base32 of the code and four bytes of checksum, in groups of five. */
export const hostCodeToText = (code: Uint8Array, sha512: Sha512): string => {
  const digits = bytesToBase32(concatBytes(code, checksum(code, sha512)));
  return (digits.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-');
};

/** The code in a text, whatever became of its case, hyphens, spaces and line breaks. */
export const hostCodeFromText = (
  text: string,
  sha512: Sha512,
): Result<Uint8Array, HostTextFault> => {
  if (text.length > HOST_TEXT_MAX) return err('too-long');
  const digits = text.replace(/[\s>|\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff-]/g, '');
  if (digits === '') return err('empty');
  if (!/^[0-9a-tv-z]+$/i.test(digits)) return err('bad-character');
  if (digits.length > Math.ceil(((HOST_CODE_MAX + CHECKSUM_SIZE) * 8) / 5)) return err('too-long');
  const bytes = base32ToBytes(digits.replace(/o/gi, '0').replace(/[il]/gi, '1'));
  if (bytes === undefined || bytes.length <= CHECKSUM_SIZE) return err('damaged');
  const code = bytes.slice(0, -CHECKSUM_SIZE);
  const sum = bytesToHex(bytes.subarray(-CHECKSUM_SIZE));
  if (bytesToHex(checksum(code, sha512)) !== sum) return err('damaged');
  const parsed = parseHostCode(code);
  return parsed.ok ? ok(code) : parsed;
};

/**
 * Poly1305 (RFC 8439, section 2.5) on floating-point numbers: six limbs of 22 bits, so that sums of
 * products stay below 2⁵³ and are exact, with a third of the multiplications that whole numbers of 32
 * bits take. No branch and no address depends on a secret.
 */

import { readWord } from './salsa20.ts';

export const TAG_WORDS = 4;

const LIMBS = 6;
const LIMB_BITS = 22;
const LIMB = 2 ** LIMB_BITS;
const LIMB_MASK = LIMB - 1;
/** 2¹³² in the field of 2¹³⁰ − 5. */
const WRAP = 20;
/** 2¹³⁰ and 2¹²⁸ in the highest limb. */
const TOP_BITS = 20;
const BEHIND_BLOCK = 2 ** 18;
const BLOCK_SIZE = 16;

const h = new Float64Array(LIMBS);
const r = new Float64Array(LIMBS);
/** `r` for what wraps around. */
const s = new Float64Array(LIMBS);
const limbs = new Int32Array(LIMBS);
const reduced = new Int32Array(LIMBS);
const lastBlock = new Uint8Array(BLOCK_SIZE);

/**
 * Writes into `tag` the tag of `length` bytes of `text`. The one-time key is in the first eight words
 * of `key`.
 */
export const computeTag = (
  tag: Int32Array,
  text: Uint8Array,
  textAt: number,
  length: number,
  key: Int32Array,
): void => {
  setKey(key);
  const end = textAt + length;
  let at = textAt;
  for (; at + BLOCK_SIZE <= end; at += BLOCK_SIZE) addBlock(text, at, BEHIND_BLOCK);
  if (at < end) {
    lastBlock.fill(0);
    for (let i = 0; at + i < end; i++) lastBlock[i] = text[at + i] ?? 0;
    lastBlock[end - at] = 1;
    addBlock(lastBlock, 0, 0);
  }
  reduce();
  writeTag(tag, key);
};

const setKey = (key: Int32Array): void => {
  const a = (key[0] ?? 0) & 0x0fffffff;
  const b = (key[1] ?? 0) & 0x0ffffffc;
  const c = (key[2] ?? 0) & 0x0ffffffc;
  const d = (key[3] ?? 0) & 0x0ffffffc;
  r[0] = a & LIMB_MASK;
  r[1] = ((a >>> 22) | (b << 10)) & LIMB_MASK;
  r[2] = ((b >>> 12) | (c << 20)) & LIMB_MASK;
  r[3] = (c >>> 2) & LIMB_MASK;
  r[4] = ((c >>> 24) | (d << 8)) & LIMB_MASK;
  r[5] = d >>> 14;
  for (let i = 0; i < LIMBS; i++) {
    s[i] = WRAP * (r[i] ?? 0);
    h[i] = 0;
  }
};

/** h ← (h + block) · r. Afterwards each limb is below 2²² + 2¹³. */
const addBlock = (text: Uint8Array, at: number, top: number): void => {
  const a = readWord(text, at);
  const b = readWord(text, at + 4);
  const c = readWord(text, at + 8);
  const d = readWord(text, at + 12);
  const h0 = (h[0] ?? 0) + (a & LIMB_MASK);
  const h1 = (h[1] ?? 0) + (((a >>> 22) | (b << 10)) & LIMB_MASK);
  const h2 = (h[2] ?? 0) + (((b >>> 12) | (c << 20)) & LIMB_MASK);
  const h3 = (h[3] ?? 0) + ((c >>> 2) & LIMB_MASK);
  const h4 = (h[4] ?? 0) + (((c >>> 24) | (d << 8)) & LIMB_MASK);
  const h5 = (h[5] ?? 0) + (d >>> 14) + top;
  let carry = 0;
  for (let i = 0; i < LIMBS; i++) {
    // What is multiplied beyond the highest limb wraps around.
    let sum = carry + h0 * (r[i] ?? 0);
    sum += h1 * (i >= 1 ? (r[i - 1] ?? 0) : (s[i + 5] ?? 0));
    sum += h2 * (i >= 2 ? (r[i - 2] ?? 0) : (s[i + 4] ?? 0));
    sum += h3 * (i >= 3 ? (r[i - 3] ?? 0) : (s[i + 3] ?? 0));
    sum += h4 * (i >= 4 ? (r[i - 4] ?? 0) : (s[i + 2] ?? 0));
    sum += h5 * (i >= 5 ? (r[i - 5] ?? 0) : (s[i + 1] ?? 0));
    carry = Math.floor(sum / LIMB);
    h[i] = sum - carry * LIMB;
  }
  const lowest = (h[0] ?? 0) + WRAP * carry;
  carry = Math.floor(lowest / LIMB);
  h[0] = lowest - carry * LIMB;
  h[1] = (h[1] ?? 0) + carry;
};

/** Brings `h` below 2¹³⁰ − 5, as whole numbers of 22 bits. */
const reduce = (): void => {
  for (let i = 0; i < LIMBS; i++) limbs[i] = h[i] ?? 0;
  carryOver(limbs);
  const wrapped = 5 * ((limbs[5] ?? 0) >>> TOP_BITS);
  limbs[5] = (limbs[5] ?? 0) & (2 ** TOP_BITS - 1);
  limbs[0] = (limbs[0] ?? 0) + wrapped;
  carryOver(limbs);
  for (let i = 0; i < LIMBS; i++) reduced[i] = limbs[i] ?? 0;
  reduced[0] = (reduced[0] ?? 0) + 5;
  carryOver(reduced);
  reduced[5] = (reduced[5] ?? 0) - 2 ** TOP_BITS;
  // All ones where h was below the prime.
  const keep = (reduced[5] ?? 0) >> 31;
  for (let i = 0; i < LIMBS; i++) {
    limbs[i] = ((limbs[i] ?? 0) & keep) | ((reduced[i] ?? 0) & ~keep);
  }
};

/** Leaves 22 bits in each limb but the highest. */
const carryOver = (of: Int32Array): void => {
  for (let i = 0; i < LIMBS - 1; i++) {
    of[i + 1] = (of[i + 1] ?? 0) + ((of[i] ?? 0) >>> LIMB_BITS);
    of[i] = (of[i] ?? 0) & LIMB_MASK;
  }
};

/** The low 128 bits, and the second half of the key added to them. */
const writeTag = (tag: Int32Array, key: Int32Array): void => {
  const l1 = limbs[1] ?? 0;
  const l2 = limbs[2] ?? 0;
  const l4 = limbs[4] ?? 0;
  tag[0] = (limbs[0] ?? 0) | (l1 << 22);
  tag[1] = (l1 >>> 10) | (l2 << 12);
  tag[2] = (l2 >>> 20) | ((limbs[3] ?? 0) << 2) | (l4 << 24);
  tag[3] = (l4 >>> 8) | ((limbs[5] ?? 0) << 14);
  let carry = 0;
  for (let i = 0; i < TAG_WORDS; i++) {
    const sum = ((tag[i] ?? 0) >>> 0) + ((key[TAG_WORDS + i] ?? 0) >>> 0) + carry;
    tag[i] = sum;
    carry = Math.floor(sum / 2 ** 32);
  }
};

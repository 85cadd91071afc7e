/** Changes an input a little: as bytes, as a tree of MessagePack values, or as text. */

import { pack, unpack, type Value } from '../../protocol/msgpack.ts';
import type { Random } from '../simulation/random.ts';
import { type Target, toBytes } from './target.ts';

const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x20, 0x22, 0x91, 0xc4, 0xdc, 0xd9, 0xce];
const NUMBERS = [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000, 0x7fff_ffff, 0xffff_ffff];
const TEXTS = ['', ' ', '*', '\u00e9', '\u202e', '\ufeff', '\u{1f600}', '__proto__', '0', '"', '#'];

export class Mutator {
  readonly #random: Random;
  readonly #target: Pick<Target, 'shape' | 'most'>;
  readonly #words: readonly Uint8Array[];

  constructor(
    random: Random,
    { shape, most, words = [] }: Pick<Target, 'shape' | 'most' | 'words'>,
  ) {
    this.#random = random;
    this.#target = { shape, most };
    this.#words = [...words, ...(shape === 'text' ? TEXTS : [])].map(toBytes);
  }

  /** A changed copy. `other`: an input whose parts may be taken over. */
  change(bytes: Uint8Array, other: Uint8Array): Uint8Array {
    const { shape, most } = this.#target;
    let changed: Uint8Array = Uint8Array.from(bytes);
    for (let times = this.#random.whole(1, 4); times > 0; times--) {
      const asTree = shape === 'msgpack' && this.#random.chance(0.7);
      changed =
        (asTree ? this.#changeTree(changed, other) : undefined) ?? this.#edit(changed, other);
    }
    return changed.length > most ? changed.slice(0, most) : changed;
  }

  #edit(bytes: Uint8Array, other: Uint8Array): Uint8Array {
    const random = this.#random;
    const at = random.whole(0, bytes.length);
    const size = Math.floor(random.skewed(0, 64));
    switch (random.whole(0, 8)) {
      case 0:
        return setByte(bytes, at, (bytes[at] ?? 0) ^ (1 << random.whole(0, 7)));
      case 1:
        return setByte(bytes, at, random.pick(EDGES) ?? 0);
      case 2:
        return setByte(bytes, at, (bytes[at] ?? 0) + random.whole(-16, 16));
      case 3:
        return splice(bytes, at, size, new Uint8Array());
      case 4:
        return splice(bytes, at, 0, random.bytes(size));
      case 5:
        return splice(bytes, at, 0, bytes.slice(at, at + size * random.whole(1, 8)));
      case 6: {
        const from = random.whole(0, other.length);
        return splice(bytes, at, size, other.slice(from, from + 2 * size));
      }
      case 7:
        return splice(bytes, at, random.chance(0.5) ? 0 : size, random.pick(this.#words) ?? bytes);
      default:
        return splice(bytes.slice(0, at), at, 0, other.slice(random.whole(0, other.length)));
    }
  }

  /** The same with one value in it changed; binaries that hold values are looked into. */
  #changeTree(bytes: Uint8Array, other: Uint8Array): Uint8Array | undefined {
    const tree = unpack(bytes);
    const donor = unpack(other);
    if (tree === undefined) return undefined;
    try {
      return pack(this.#changeValue(tree, donor ?? null, 0));
    } catch {
      return undefined;
    }
  }

  #changeValue(value: Value, donor: Value, depth: number): Value {
    const random = this.#random;
    if (depth > 0 && random.chance(0.1)) return this.#takeFrom(donor, random.whole(1, 4));
    if (value instanceof Uint8Array) return this.#changeBinary(value, donor, depth);
    if (Array.isArray(value)) return this.#changeList(value, donor, depth);
    if (typeof value === 'number') return random.pick([...NUMBERS, value + 1, value - 1]) ?? 0;
    if (typeof value === 'string') {
      const piece = random.pick(TEXTS) ?? '';
      const cut = random.whole(0, value.length);
      return value.slice(0, cut) + piece + (random.chance(0.5) ? value.slice(cut) : '');
    }
    return random.pick<Value>([null, true, false, 0, '', new Uint8Array(), []]);
  }

  #changeBinary(value: Uint8Array, donor: Value, depth: number): Value {
    const inner = value.length > 2 ? unpack(value) : undefined;
    if (Array.isArray(inner)) return pack(this.#changeValue(inner, donor, depth + 1));
    return this.#edit(value, value);
  }

  #changeList(list: readonly Value[], donor: Value, depth: number): Value {
    const random = this.#random;
    const at = random.whole(0, Math.max(0, list.length - 1));
    const item = list[at] ?? null;
    if (random.chance(0.7)) return list.with(at, this.#changeValue(item, donor, depth + 1));
    if (random.chance(0.3)) return list.toSpliced(at, 1);
    const copies = random.chance(0.1) ? random.whole(2, 300) : 1;
    return list.toSpliced(at, 0, ...Array.from({ length: copies }, () => item));
  }

  #takeFrom(donor: Value, steps: number): Value {
    if (steps === 0 || !Array.isArray(donor)) return donor;
    return this.#takeFrom(this.#random.pick<Value>(donor) ?? null, steps - 1);
  }
}

const setByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  if (at < bytes.length) bytes[at] = value;
  return bytes;
};

const splice = (bytes: Uint8Array, at: number, size: number, put: Uint8Array): Uint8Array => {
  const tail = bytes.subarray(at + size);
  const joined = new Uint8Array(Math.min(at, bytes.length) + put.length + tail.length);
  joined.set(bytes.subarray(0, at));
  joined.set(put, Math.min(at, bytes.length));
  joined.set(tail, Math.min(at, bytes.length) + put.length);
  return joined;
};

/**
 * A column of short texts, kept as bytes beside the engine's heap: a million strings on it are a
 * million things to look at whenever garbage is collected. Texts of about one length share a shelf,
 * and what is given up is used again, so that memory stays what it was at most.
 */

import { bytesToUtf8, utf8ToBytes } from '../../../protocol/bytes.ts';
import { BytesColumn, uint8Column, uint32Column } from './columns.ts';

/** Bytes by which the shelves differ. */
const STEP = 16;
/** Longer texts are rare and stay strings. */
const SHELVED_MAX = 256;
const END = 0;

interface Shelf {
  readonly texts: BytesColumn;
  readonly free: number[];
  used: number;
}

export class TextColumn {
  /** Which shelf holds a slot's text, plus one; zero for the empty text and for a long one. */
  readonly #shelfNumbers = uint8Column();
  readonly #places = uint32Column();
  readonly #shelves: readonly Shelf[] = Array.from({ length: SHELVED_MAX / STEP }, (_, i) => ({
    texts: new BytesColumn(STEP * (i + 1)),
    free: [],
    used: 0,
  }));
  readonly #long = new Map<number, string>();

  get(slot: number): string {
    const shelf = this.#shelves[this.#shelfNumbers.get(slot) - 1];
    if (shelf === undefined) return this.#long.get(slot) ?? '';
    const padded = shelf.texts.view(this.#places.get(slot));
    const end = padded.indexOf(END);
    return bytesToUtf8(end < 0 ? padded : padded.subarray(0, end)) ?? '';
  }

  /** A text without NUL. */
  set(slot: number, text: string): void {
    this.clear(slot);
    if (text === '') return;
    const bytes = utf8ToBytes(text);
    const number = Math.ceil(bytes.length / STEP);
    const shelf = this.#shelves[number - 1];
    if (shelf === undefined) {
      this.#long.set(slot, text);
      return;
    }
    const place = shelf.free.pop() ?? shelf.used++;
    shelf.texts.clear(place);
    shelf.texts.set(place, bytes);
    this.#shelfNumbers.set(slot, number);
    this.#places.set(slot, place);
  }

  clear(slot: number): void {
    this.#shelves[this.#shelfNumbers.get(slot) - 1]?.free.push(this.#places.get(slot));
    this.#shelfNumbers.set(slot, 0);
    this.#long.delete(slot);
  }
}

/** Reads the fields of a DNS message (RFC 1035), one after the other; never past its end. */

/** Bytes of a name on the wire, and compression pointers followed within one. */
const NAME_MAX = 255;
const JUMPS_MAX = 16;

export class DnsReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isBroken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  /** Something was missing or out of form: whatever was read since means nothing. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  uint16(): number {
    const [high = 0, low = 0] = this.bytes(2);
    return (high << 8) | low;
  }

  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16();
  }

  /** A view of the next bytes; none where there are not so many. */
  bytes(size: number): Uint8Array {
    const end = this.#at + size;
    if (this.#isBroken || end > this.#bytes.length) {
      this.#isBroken = true;
      return new Uint8Array();
    }
    const found = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return found;
  }

  /**
   * A name as text: labels in small letters with dots between; a byte that is not of a plain label
   * stands as `\` and its number, so that no two names have one text.
   */
  name(): string {
    const labels: string[] = [];
    let at = this.#at;
    let length = 1;
    let jumps = 0;
    for (;;) {
      const size = this.#bytes[at];
      if (size === undefined || length > NAME_MAX) return this.#fail();
      if (size >= 0xc0) {
        const target = ((size & 0x3f) << 8) | (this.#bytes[at + 1] ?? 0);
        if (jumps === 0) this.#at = at + 2;
        // Backwards only, and few: a name that goes round in circles ends.
        if (target >= at || ++jumps > JUMPS_MAX || this.#at > this.#bytes.length) {
          return this.#fail();
        }
        at = target;
        continue;
      }
      if (size > 63 || at + 1 + size > this.#bytes.length) return this.#fail();
      at += 1 + size;
      if (size === 0) break;
      length += 1 + size;
      labels.push(labelText(this.#bytes.subarray(at - size, at)));
    }
    if (jumps === 0) this.#at = at;
    return labels.join('.');
  }

  #fail(): string {
    this.#isBroken = true;
    return '';
  }
}

const labelText = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) {
    const letter = String.fromCharCode(byte).toLowerCase();
    text += /[a-z\d_-]/.test(letter) ? letter : `\\${byte.toString().padStart(3, '0')}`;
  }
  return text;
};

/**
 * Accounts for what the store holds, so that what the disk has lost or changed is noticed: every
 * value carries a checksum, and one record says how many there are of each kind and their sum.
 */

import { Fields } from '../../protocol/fields.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import { crc32 } from './crc32.ts';

/** Where the account itself is kept: behind every other key. */
export const LEDGER_KEY = '~ledger';

const RECORD_VERSION = 1;
const CHECKSUM_SIZE = 4;
const KINDS_MAX = 64;
const KIND_LENGTH_MAX = 64;

/** A value as it is stored: with the checksum of its key and itself behind it. */
export const sealValue = (key: string, value: Uint8Array): Uint8Array => {
  const sealed = new Uint8Array(value.length + CHECKSUM_SIZE);
  sealed.set(value);
  new DataView(sealed.buffer).setUint32(value.length, checksum(key, value));
  return sealed;
};

/** The value in what is stored, a copy of its own; `undefined` when it was changed on the disk. */
export const unsealValue = (key: string, sealed: Uint8Array): Uint8Array | undefined => {
  const value = new Uint8Array(sealed.subarray(0, Math.max(0, sealed.length - CHECKSUM_SIZE)));
  const isWhole = sealed.length >= CHECKSUM_SIZE && sealOf(sealed) === checksum(key, value);
  return isWhole ? value : undefined;
};

/** The checksum behind a stored value. */
export const sealOf = (sealed: Uint8Array): number => {
  if (sealed.length < CHECKSUM_SIZE) return 0;
  const { buffer, byteOffset, length } = sealed;
  return new DataView(buffer, byteOffset, length).getUint32(length - CHECKSUM_SIZE);
};

const checksum = (key: string, value: Uint8Array): number => crc32(value, crc32(key));

/** What a key is of: `lease`, `license`, … */
export const kindOf = (key: string): string => {
  const slash = key.indexOf('/');
  return (slash < 0 ? key : key.slice(0, slash)).slice(0, KIND_LENGTH_MAX);
};

interface Tally {
  count: number;
  /** The seals of all, combined so that their order does not matter. */
  sum: number;
}

export class StoreLedger {
  /** Batches written in the life of the store. */
  commits = 0;
  readonly #kinds = new Map<string, Tally>();

  /** The ledger in a stored value, or `undefined` when there is none. */
  static decode(value: Uint8Array): StoreLedger | undefined {
    const fields = new Fields(unpack(value));
    const version = fields.uint();
    const ledger = new StoreLedger();
    ledger.commits = fields.uint();
    const kinds = fields.list(KINDS_MAX, (list) =>
      list.exactly((kind) => ({
        kind: kind.text(KIND_LENGTH_MAX),
        count: kind.uint(),
        sum: kind.uint(),
      })),
    );
    for (const { kind, count, sum } of kinds) ledger.#kinds.set(kind, { count, sum });
    return fields.complete && version === RECORD_VERSION ? ledger : undefined;
  }

  encode(): Uint8Array {
    const kinds = [...this.#kinds].map(([kind, { count, sum }]) => [kind, count, sum]);
    return pack([RECORD_VERSION, this.commits, kinds]);
  }

  copy(): StoreLedger {
    const copy = new StoreLedger();
    copy.commits = this.commits;
    for (const [kind, tally] of this.#kinds) copy.#kinds.set(kind, { ...tally });
    return copy;
  }

  add(key: string, seal: number): void {
    this.#change(key, seal, 1);
  }

  remove(key: string, seal: number): void {
    this.#change(key, seal, -1);
  }

  #change(key: string, seal: number, by: 1 | -1): void {
    const kind = kindOf(key);
    const tally = this.#kinds.get(kind) ?? { count: 0, sum: 0 };
    tally.count += by;
    tally.sum = (tally.sum ^ seal) >>> 0;
    if (tally.count === 0 && tally.sum === 0) this.#kinds.delete(kind);
    else this.#kinds.set(kind, tally);
  }

  count(kind: string): number {
    return this.#kinds.get(kind)?.count ?? 0;
  }

  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.#kinds].map(([kind, { count }]) => [kind, count]));
  }

  /** The kinds of which `found` has others than this says. */
  differences(found: StoreLedger): readonly string[] {
    const kinds = new Set([...this.#kinds.keys(), ...found.#kinds.keys()]);
    return [...kinds].filter((kind) => {
      const [mine, theirs] = [this.#kinds.get(kind), found.#kinds.get(kind)];
      return mine?.count !== theirs?.count || mine?.sum !== theirs?.sum;
    });
  }
}

export const sealLedger = (ledger: StoreLedger): Uint8Array =>
  sealValue(LEDGER_KEY, ledger.encode());

export const unsealLedger = (sealed: Uint8Array): StoreLedger | undefined => {
  const value = unsealValue(LEDGER_KEY, sealed);
  return value && StoreLedger.decode(value);
};

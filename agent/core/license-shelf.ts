/** The licenses that this agent holds, and the seat pools that they fill. */

import { bytesToHex } from '../../protocol/bytes.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { GENERIC_CLASS, type License } from '../../protocol/license.ts';
import type { Primitives } from '../../protocol/primitives.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import type { SignedLicense } from '../../protocol/signed-license.ts';
import { SeatPool } from './seat-pool.ts';

/** Licenses on one agent. */
export const LICENSES_MAX = 1024;

export interface ShelvedLicense extends SignedLicense {
  /** The document's hash, as it is named on the wire. */
  readonly hash: Uint8Array;
  readonly pools: readonly SeatPool[];
}

export class LicenseShelf {
  readonly #primitives: Primitives;
  readonly #licenses = new Map<LicenseId, ShelvedLicense>();
  readonly #byProduct = new Map<string, ShelvedLicense[]>();
  readonly #byHash = new Map<string, ShelvedLicense>();
  /** Pools outlive their license: seats that were promised stay counted when it is removed. */
  readonly #pools = new Map<string, SeatPool>();

  constructor(primitives: Primitives) {
    this.#primitives = primitives;
  }

  get size(): number {
    return this.#licenses.size;
  }

  /** Every license, in the order in which they came. */
  all(): Iterable<ShelvedLicense> {
    return this.#licenses.values();
  }

  get(id: LicenseId): ShelvedLicense | undefined {
    return this.#licenses.get(id);
  }

  ofProduct(product: string): readonly ShelvedLicense[] {
    return this.#byProduct.get(product) ?? [];
  }

  products(): Iterable<string> {
    return this.#byProduct.keys();
  }

  byHash(hash: Uint8Array): ShelvedLicense | undefined {
    return this.#byHash.get(bytesToHex(hash));
  }

  /** Every pool with a license or with seats that are still lent. */
  pools(): Iterable<SeatPool> {
    return this.#pools.values();
  }

  /** The pool of a class of a license, made on demand: a stored lease may come before its license. */
  pool(id: LicenseId, className: string): SeatPool {
    const key = `${id}/${className}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new SeatPool(id, className);
    this.#pools.set(key, pool);
    return pool;
  }

  /** Puts up a license that is not here yet. */
  add(signed: SignedLicense): ShelvedLicense {
    const { license, bytes } = signed;
    const pools = license.pools.map((grant) => {
      const pool = this.pool(license.id, grant.class);
      pool.licensed = grant.seats;
      return pool;
    });
    const shelved = { ...signed, hash: hashDocument(bytes, this.#primitives), pools };
    this.#licenses.set(license.id, shelved);
    this.#byHash.set(bytesToHex(shelved.hash), shelved);
    this.#byProduct.set(license.product, [...this.ofProduct(license.product), shelved]);
    return shelved;
  }

  /** Takes a license down. Its seats that are lent stay counted in their pools. */
  remove(shelved: ShelvedLicense): void {
    const { id, product } = shelved.license;
    for (const pool of shelved.pools) pool.licensed = 0;
    this.#licenses.delete(id);
    this.#byHash.delete(bytesToHex(shelved.hash));
    const left = this.ofProduct(product).filter((other) => other !== shelved);
    if (left.length > 0) this.#byProduct.set(product, left);
    else this.#byProduct.delete(product);
  }
}

/** The pools that serve a request for a class, in the order of use: generic seats come last. */
export const poolsForClass = (
  shelved: ShelvedLicense,
  className: string | null,
): readonly SeatPool[] => {
  const named = shelved.pools.filter((pool) => pool.class === className);
  const generic = shelved.pools.filter((pool) => pool.class === GENERIC_CLASS);
  return className === GENERIC_CLASS ? generic : [...named, ...generic];
};

/** Whether a license covers every feature of a request. */
export const coversFeatures = (license: License, features: readonly string[]): boolean =>
  features.every((feature) => license.features.includes(feature));

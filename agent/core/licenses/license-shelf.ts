/** The licenses that this agent holds, and the seat pools that they fill. */

import { bytesToHex, equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { makeProof, type ProofDocuments } from '../../../protocol/proof.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { nextStageChange, seatsAt } from '../../../protocol/stages.ts';
import { type EpochSeconds, type Seconds, seconds } from '../../../protocol/units.ts';
import {
  allottedTo,
  type ChildLedger,
  classesOf,
  leadOf,
  nextAllotmentChange,
} from '../children/child-ledger.ts';
import type { ChildRecord } from '../children/child-record.ts';
import { handPools } from '../seats/hand-pools.ts';
import { SeatPool } from '../seats/seat-pool.ts';
import type { HeldLicense } from './any-license.ts';

/** Licenses on one agent. */
export const LICENSES_MAX = 1024;

/** The class that the seats of a license without pools are counted in. */
const SERVER_CLASS = 'server';

export interface ShelvedLicense extends HeldLicense {
  /** What shows that it may be lent here (proof.ts), as clients fetch it. */
  proof: Uint8Array;
  /** The hash of the proof, as it is named on the wire. */
  proofHash: Uint8Array;
  /** In the order of the license; for one of type `server`, the one that counts its users. */
  readonly pools: readonly SeatPool[];
  /** The license that took its place. */
  successor: LicenseId | undefined;
}

/** Who says how many of a pool's seats are granted to this agent. */
export interface SharedSeats {
  seatsOf(pool: SeatPool): number;
  /** Seats are lent for so long at most. */
  cover(longest: Seconds): void;
}

type InForce = (shelved: ShelvedLicense, wall: EpochSeconds) => boolean;

/** A license lost its place to a newer one. */
export interface Succession {
  readonly predecessor: LicenseId;
  readonly successor: LicenseId;
}

export class LicenseShelf {
  readonly #primitives: Primitives;
  readonly #licenses = new Map<LicenseId, ShelvedLicense>();
  readonly #byProduct = new Map<string, ShelvedLicense[]>();
  /** Also the one before, of each license: a client may be about to fetch it. */
  readonly #proofs = new Map<string, Uint8Array>();
  readonly #formerProofs = new Map<LicenseId, Uint8Array>();
  /** Pools outlive their license: seats that were promised stay counted when it is removed. */
  readonly #pools = new Map<string, SeatPool>();
  /** What was superseded stays so, even when its successor is removed. */
  readonly #successions = new Map<LicenseId, LicenseId>();
  readonly #children: ChildLedger;
  readonly #blocks: SharedSeats | undefined;

  /** `children`: whose seats are taken from the pools. `blocks`: of the site that shares the seats. */
  constructor(primitives: Primitives, children: ChildLedger, blocks?: SharedSeats) {
    this.#primitives = primitives;
    this.#children = children;
    this.#blocks = blocks;
  }

  get size(): number {
    return this.#licenses.size;
  }

  /** Every license, in the order in which they came. */
  all(): Iterable<ShelvedLicense> {
    return this.#licenses.values();
  }

  /** The longest term of a license that is here. */
  get longestTerm(): Seconds | undefined {
    let longest: Seconds | undefined;
    for (const { license } of this.#licenses.values()) {
      longest = seconds(Math.max(longest ?? 0, license.term));
    }
    return longest;
  }

  get(id: LicenseId): ShelvedLicense | undefined {
    return this.#licenses.get(id);
  }

  /** Whether a license that is here is for users by name: a site counts those, not its seats. */
  isNamed(id: LicenseId): boolean {
    return this.#licenses.get(id)?.license.type === 'named';
  }

  ofProduct(product: string): readonly ShelvedLicense[] {
    return this.#byProduct.get(product) ?? [];
  }

  products(): Iterable<string> {
    return this.#byProduct.keys();
  }

  /** The proof of this hash. */
  proof(hash: Uint8Array): Uint8Array | undefined {
    return this.#proofs.get(bytesToHex(hash));
  }

  /** Shows a license with these documents from now on. */
  prove(shelved: ShelvedLicense, documents: ProofDocuments): void {
    // That of a child license came with it.
    if (shelved.line !== null) return;
    const proof = makeProof(shelved.bytes, documents);
    const { id } = shelved.license;
    if (equalBytes(proof, shelved.proof)) return;
    this.#forgetProof(this.#formerProofs.get(id));
    this.#formerProofs.set(id, shelved.proofHash);
    shelved.proof = proof;
    shelved.proofHash = hashDocument(proof, this.#primitives);
    this.#proofs.set(bytesToHex(shelved.proofHash), proof);
  }

  #forgetProof(hash: Uint8Array | undefined): void {
    if (hash !== undefined) this.#proofs.delete(bytesToHex(hash));
  }

  /** Every pool with a license or with seats that are still lent. */
  pools(): Iterable<SeatPool> {
    return this.#pools.values();
  }

  /** The pool of a class of a license, made on demand: a stored lease may come before its license. */
  pool(id: LicenseId, product: string, className: string): SeatPool {
    const key = `${id}/${className}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new SeatPool(id, product, className);
    this.#pools.set(key, pool);
    return pool;
  }

  /** Puts up a license that is not here yet. Its seats count after the next `refresh`. */
  add(signed: HeldLicense): ShelvedLicense {
    const { license, bytes, line } = signed;
    const proof = line === null ? makeProof(bytes) : bytes;
    const classes =
      license.type === 'server' ? [SERVER_CLASS] : license.pools.map((grant) => grant.class);
    const shelved: ShelvedLicense = {
      ...signed,
      proof,
      proofHash: hashDocument(proof, this.#primitives),
      pools: classes.map((name) => this.pool(license.id, license.product, name)),
      successor: this.#successions.get(license.id),
    };
    this.#licenses.set(license.id, shelved);
    this.#proofs.set(bytesToHex(shelved.proofHash), proof);
    this.#byProduct.set(license.product, [...this.ofProduct(license.product), shelved]);
    return shelved;
  }

  /** Takes a license down. Its seats that are lent stay counted in their pools. */
  remove(shelved: ShelvedLicense): void {
    const { id, product } = shelved.license;
    for (const pool of shelved.pools) pool.grant(0, 0);
    this.#licenses.delete(id);
    this.#forgetProof(shelved.proofHash);
    this.#forgetProof(this.#formerProofs.get(id));
    this.#formerProofs.delete(id);
    const left = this.ofProduct(product).filter((other) => other !== shelved);
    if (left.length > 0) this.#byProduct.set(product, left);
    else this.#byProduct.delete(product);
  }

  /** Puts up the later text of a child license in the place of the one that is here. */
  renew(signed: HeldLicense): ShelvedLicense {
    const known = this.#licenses.get(signed.license.id);
    if (known !== undefined) this.remove(known);
    const renewed = this.add(signed);
    // A client may be about to fetch what it was granted by.
    if (known !== undefined) {
      this.#formerProofs.set(signed.license.id, known.proofHash);
      this.#proofs.set(bytesToHex(known.proofHash), known.proof);
    }
    return renewed;
  }

  /** The child licenses that this agent has of a parent. */
  *ofParents(): Iterable<ShelvedLicense> {
    for (const shelved of this.#licenses.values()) if (shelved.line !== null) yield shelved;
  }

  /** Remembers from the store that a license was superseded. */
  restoreSuccession({ predecessor, successor }: Succession): void {
    this.#successions.set(predecessor, successor);
    const shelved = this.#licenses.get(predecessor);
    if (shelved !== undefined) shelved.successor = successor;
  }

  /**
   * Gives every pool the seats it has at this time; what was superseded by it, to be stored.
   * `isInForce`: whether a license takes the place of others.
   */
  refresh(wall: EpochSeconds, isInForce: InForce): readonly Succession[] {
    const heirs = [...this.#licenses.values()].filter((one) => isInForce(one, wall));
    const successions = heirs.flatMap((one) => this.#succeed(one));
    this.#allot(wall);
    for (const { license, pools, successor } of this.#licenses.values()) {
      for (const [i, pool] of pools.entries()) {
        const grant = license.pools[i];
        if (successor !== undefined) pool.grant(0, 0);
        else if (grant === undefined) pool.grant(SEATS_UNLIMITED, 0);
        else pool.grant(seatsAt(grant, wall), grant.overdraft);
        const isShared = grant !== undefined && license.type !== 'named';
        if (isShared && this.#blocks !== undefined) shareSeats(pool, this.#blocks);
      }
    }
    if (this.longestTerm !== undefined) this.#blocks?.cover(this.longestTerm);
    return successions;
  }

  /** Counts the seats of children in the pools, or in those that took their place. */
  #allot(wall: EpochSeconds): void {
    for (const pool of this.#pools.values()) pool.allotted = 0;
    for (const record of this.#children.all()) {
      const lead = this.#leadOf(record);
      for (const className of classesOf(record)) {
        const pool = this.pool(record.of, record.product, className).counting;
        pool.allotted += allottedTo(record, className, lead, wall);
      }
    }
  }

  #leadOf({ of }: ChildRecord): Seconds {
    const license = this.get(this.heirOf(of))?.license;
    return license === undefined ? seconds(0) : leadOf(license);
  }

  /** The license that has taken the place of one in the end; itself, where none has. */
  heirOf(id: LicenseId): LicenseId {
    const seen = new Set<LicenseId>();
    let heir = id;
    for (let next = this.#successions.get(heir); next !== undefined && !seen.has(next); ) {
      seen.add(next);
      heir = next;
      next = this.#successions.get(heir);
    }
    return heir;
  }

  /** When the next license or stage begins or ends, after this time. */
  nextChange(wall: EpochSeconds): EpochSeconds | undefined {
    let next: EpochSeconds | undefined;
    for (const { license } of this.#licenses.values()) {
      const stages = license.pools.map((pool) => nextStageChange(pool.stages, wall));
      for (const time of [license.starts, license.expires ?? undefined, ...stages]) {
        if (time !== undefined && time > wall && (next === undefined || time < next)) next = time;
      }
    }
    for (const record of this.#children.all()) {
      const time = nextAllotmentChange(record, this.#leadOf(record), wall);
      if (time !== undefined && (next === undefined || time < next)) next = time;
    }
    return next;
  }

  /** What a license that is in force takes the place of. Only the same vendor and product count. */
  #succeed(heir: ShelvedLicense): readonly Succession[] {
    const { license } = heir;
    const taken: Succession[] = [];
    for (const id of license.supersedes) {
      const old = this.#licenses.get(id);
      const isOurs =
        old?.license.product === license.product && equalBytes(old.vendor, heir.vendor);
      // Removed since: what is still lent of it counts in the heir's pools, after a restart, too.
      if (old === undefined && this.#successions.get(id) === license.id) {
        const left = [...this.#pools.values()].filter((pool) => pool.licenseId === id);
        handPools(left, heir);
      }
      if (old === undefined || old === heir || !isOurs) continue;
      if (old.successor === undefined) {
        this.restoreSuccession({ predecessor: id, successor: license.id });
        taken.push({ predecessor: id, successor: license.id });
      }
      if (old.successor === license.id) handPools(old.pools, heir);
    }
    return taken;
  }
}

/** Of a site's seats only the own block is lent, and none beyond the count: that is nobody's. */
const shareSeats = (pool: SeatPool, blocks: SharedSeats): void => {
  pool.share(blocks.seatsOf(pool));
};

/** Makes the documents of a child license, with the chain that shows what they are worth. */

import { equalBytes } from '../../../protocol/bytes.ts';
import { earlier } from '../../../protocol/child-chain.ts';
import { type ChildLicense, childEnds, signChild } from '../../../protocol/child-license.ts';
import { Fields } from '../../../protocol/fields.ts';
import { DOCUMENT_MAX, PROOF_DOCUMENTS_MAX, PROOF_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../../protocol/primitives.ts';
import { openChildProof, type ProofFault } from '../../../protocol/proof.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import { documentKind, hashDocument } from '../../../protocol/signed-document.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../../protocol/units.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import { type FitParts, fitPools } from './child-fit.ts';
import { isPast } from './child-ledger.ts';
import { type ChildPromise, type ChildRecord, PROMISES_MAX } from './child-record.ts';

const DAY = 86_400;
/** A child calls once a day, and may miss one. */
const CALL_WITHIN = 2 * DAY;
/** How long a child goes on without its parent where the vendor's license does not say. */
const DEFAULT_GRACE: Seconds = seconds(14 * DAY);

/**
 * Why no document can be made: the license is not here any more (`no-license`), the chain would be
 * worth nothing, or is longer than a proof can be (`too-long`), or too many changes were not heard of.
 */
export type MakingFault = ProofFault | 'no-license' | 'too-long' | 'too-many';

export interface Made {
  /** The record, with the promise that the document is. */
  readonly record: ChildRecord;
  /** The proof as the child gets it. */
  readonly proof: Uint8Array;
  /** What is in it. */
  readonly documents: readonly Uint8Array[];
}

export interface ChildMakerParts extends FitParts {
  readonly primitives: Primitives;
  readonly signingKeys: KeyPair;
}

/** A document before it is signed, and what it promises. */
interface Draft {
  readonly child: ChildLicense;
  readonly promise: Omit<ChildPromise, 'hash'>;
}

export class ChildMaker {
  readonly #parts: ChildMakerParts;

  constructor(parts: ChildMakerParts) {
    this.#parts = parts;
  }

  /** The next document of a record. It may be spoken when the record that comes with it is stored. */
  make(record: ChildRecord, wall: EpochSeconds): Result<Made, MakingFault> {
    const { primitives, signingKeys } = this.#parts;
    const root = this.#rootOf(record);
    if (root === undefined) return err('no-license');
    const { child, promise } = this.#draft(record, root, wall);
    const bytes = signChild(child, signingKeys, primitives);
    const documents = withChild(root.proof, bytes);
    const proof = pack([...documents]);
    const isShort =
      bytes.length <= DOCUMENT_MAX &&
      proof.length <= PROOF_MAX &&
      documents.length <= PROOF_DOCUMENTS_MAX;
    if (!isShort) return err('too-long');
    // What this agent would not believe itself it does not speak.
    const opened = openChildProof(proof, wall, primitives);
    if (!opened.ok) return opened;
    // One that nobody can lend by is no promise.
    const isBound = child.agent !== null || child.hostCode !== null;
    const spoken = { ...promise, hash: hashDocument(bytes, primitives) };
    const promises = isBound ? nextPromises(record, spoken, wall) : record.promises;
    if (promises.length > PROMISES_MAX) return err('too-many');
    const { id: of } = root.license;
    return ok({ record: { ...record, of, number: child.number, promises }, proof, documents });
  }

  /** Whether the last document of a record says what another one would say by now. */
  isCurrent(record: ChildRecord, wall: EpochSeconds): boolean {
    const root = this.#rootOf(record);
    const last = record.promises.at(-1);
    if (root === undefined || last === undefined) return false;
    const { promise } = this.#draft(record, root, wall);
    return last.longest === promise.longest && isCovered(last, promise);
  }

  /** The license whose seats these are. */
  #rootOf({ of }: ChildRecord): ShelvedLicense | undefined {
    const { shelf } = this.#parts;
    return shelf.get(shelf.heirOf(of));
  }

  #draft(record: ChildRecord, root: ShelvedLicense, wall: EpochSeconds): Draft {
    const { license, line } = root;
    // By the calendar: one that was restored from a backup makes no number twice.
    const number = Math.max(record.number + 1, wall);
    const grace = license.activation?.refresh?.grace ?? DEFAULT_GRACE;
    const child: ChildLicense = {
      ...record.terms,
      pools: fitPools(this.#parts, root, record, wall),
      id: record.id,
      of: license.id,
      number,
      issued: wall,
      state: record.state,
      agent: record.caller?.agent ?? null,
      calls: record.silent ? null : { until: epochSeconds(wall + CALL_WITHIN), grace },
    };
    // It lends nothing by a chain in which anybody is suspended, and no longer than any of them.
    const isOn = line === null || line.children.every((one) => one.child.state === 'active');
    const promise = {
      number,
      pools: isOn && record.state === 'active' ? child.pools : [],
      ends: earlier(childEnds(child), line?.ends ?? null),
      longest: seconds(Math.min(child.longest, license.term)),
    };
    return { child, promise };
  }
}

/** The documents of the parent's proof with one more child at the end of the chain. */
const withChild = (proof: Uint8Array, child: Uint8Array): readonly Uint8Array[] => {
  const fields = new Fields([unpack(proof) ?? null]);
  const documents = fields.list(PROOF_DOCUMENTS_MAX, (one) => one.bytesUpTo(DOCUMENT_MAX));
  const isRevocations = (one: Uint8Array): boolean => documentKind(one) === 'revocations';
  const chain = documents.filter((one) => !isRevocations(one));
  return [...chain, child, ...documents.filter(isRevocations)];
};

/** Of two with the same seats the one that ends later counts. */
const nextPromises = (
  record: ChildRecord,
  promise: ChildPromise,
  wall: EpochSeconds,
): readonly ChildPromise[] => {
  const others = record.promises.filter(
    (one) => !isCovered(one, promise) && !isPast(record, one, wall),
  );
  return [...others, promise];
};

type Extent = Pick<ChildPromise, 'pools' | 'ends' | 'longest'>;

const isCovered = (one: Extent, by: Extent): boolean => {
  const isSame = JSON.stringify(one.pools) === JSON.stringify(by.pools);
  const isNoLonger = by.ends === null || (one.ends !== null && one.ends <= by.ends);
  return isSame && isNoLonger && one.longest <= by.longest;
};

/** The child lends by the document with this hash, or a later one: what was before is over. */
export const takeWord = (
  record: ChildRecord,
  hash: Uint8Array,
  wall: EpochSeconds,
): ChildRecord => {
  const named = record.promises.find((one) => equalBytes(one.hash, hash));
  if (named === undefined || named.number <= record.taken) return record;
  const promises = record.promises.flatMap((one) => {
    if (one.number >= named.number) return one;
    // Its sessions may outlast all that is lent from now on.
    return one.longest > named.longest ? { ...one, ends: earlier(one.ends, wall) } : [];
  });
  return { ...record, taken: named.number, promises };
};

/** Makes the documents of a child license, with the chain that shows what they are worth. */

import { equalBytes } from '../../protocol/bytes.ts';
import { type ChildLicense, childEnds, signChild } from '../../protocol/child-license.ts';
import { Fields } from '../../protocol/fields.ts';
import { DOCUMENT_MAX, PROOF_DOCUMENTS_MAX, PROOF_MAX } from '../../protocol/limits.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../protocol/primitives.ts';
import { openChildProof, type ProofFault } from '../../protocol/proof.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import { documentKind, hashDocument } from '../../protocol/signed-document.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../protocol/units.ts';
import { trailOf } from './child-ledger.ts';
import { type ChildPromise, type ChildRecord, PROMISES_MAX } from './child-record.ts';
import type { LicenseShelf } from './license-shelf.ts';

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

export interface ChildMakerParts {
  readonly primitives: Primitives;
  readonly signingKeys: KeyPair;
  readonly shelf: LicenseShelf;
}

export class ChildMaker {
  readonly #parts: ChildMakerParts;

  constructor(parts: ChildMakerParts) {
    this.#parts = parts;
  }

  /** The next document of a record. It may be spoken when the record that comes with it is stored. */
  make(record: ChildRecord, wall: EpochSeconds): Result<Made, MakingFault> {
    const { primitives, signingKeys, shelf } = this.#parts;
    const root = shelf.get(shelf.heirOf(record.of));
    if (root === undefined) return err('no-license');
    // By the calendar: one that was restored from a backup makes no number twice.
    const number = Math.max(record.number + 1, wall);
    const grace = root.license.activation?.refresh?.grace ?? DEFAULT_GRACE;
    const child: ChildLicense = {
      ...record.terms,
      id: record.id,
      of: root.license.id,
      number,
      issued: wall,
      state: record.state,
      agent: record.caller?.agent ?? null,
      calls: record.silent ? null : { until: epochSeconds(wall + CALL_WITHIN), grace },
    };
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
    const promises = nextPromises(record, child, hashDocument(bytes, primitives));
    if (promises.length > PROMISES_MAX) return err('too-many');
    return ok({ record: { ...record, of: root.license.id, number, promises }, proof, documents });
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

/** One that nobody can lend by is no promise. Of two with the same seats the one that ends later counts. */
const nextPromises = (
  record: ChildRecord,
  child: ChildLicense,
  hash: Uint8Array,
): readonly ChildPromise[] => {
  if (child.agent === null && child.hostCode === null) return record.promises;
  const pools = record.state === 'active' ? child.pools : [];
  const promise = { number: child.number, hash, pools, ends: childEnds(child) };
  const isPast = ({ ends }: ChildPromise): boolean =>
    ends !== null && child.issued >= ends + trailOf(record);
  const others = record.promises.filter((one) => !isCovered(one, promise) && !isPast(one));
  return [...others, promise];
};

const isCovered = (one: ChildPromise, by: ChildPromise): boolean => {
  const isSame = JSON.stringify(one.pools) === JSON.stringify(by.pools);
  return isSame && (by.ends === null || (one.ends !== null && one.ends <= by.ends));
};

/** The child lends by the document with this hash, or a later one: what was before is over. */
export const takeWord = (record: ChildRecord, hash: Uint8Array): ChildRecord => {
  const named = record.promises.find((one) => equalBytes(one.hash, hash));
  if (named === undefined || named.number <= record.taken) return record;
  const promises = record.promises.filter(({ number }) => number >= named.number);
  return { ...record, taken: named.number, promises };
};

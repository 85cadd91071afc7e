/**
 * The proof of a license: the documents with which a client finds out, offline, that the agent which
 * shows them may lend it. It is what a grant names by hash, and what is fetched in pieces.
 * protocol/README.md, section "The proof".
 */

import { openActivation, type SignedActivation } from './activation.ts';
import { type ActivationFault, activationEnds, checkActivation } from './activation-check.ts';
import { equalBytes } from './bytes.ts';
import { type ChildFault, chainEnds, checkChain, deriveChain, earlier } from './child-chain.ts';
import { openChild, type SignedChild } from './child-license.ts';
import { Fields } from './fields.ts';
import type { License } from './license.ts';
import { CHILDREN_DEPTH_MAX, DOCUMENT_MAX, PROOF_DOCUMENTS_MAX, PROOF_MAX } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { Primitives } from './primitives.ts';
import { assert, err, ok, type Result } from './result.ts';
import { isRevoked, openRevocations, type SignedRevocations } from './revocations.ts';
import { type DocumentFault, documentKind, hashDocument } from './signed-document.ts';
import { openLicense, type SignedLicense } from './signed-license.ts';
import { type EpochSeconds, type Seconds, seconds } from './units.ts';

/**
 * By so much a client's calendar may be wrong before it calls a license or activation expired. A
 * day, for activations of all kinds, too: a wrong zone or date on one desk must not stop who works,
 * and an agent, whose clock is guarded, stops on the second. Only a dishonest one gains a day.
 */
export const CALENDAR_TOLERANCE: Seconds = seconds(86_400);

/** What goes with a license. */
export interface ProofDocuments {
  /** The activation of this license on this agent. */
  readonly activation?: Uint8Array;
  /** The child licenses from its agent to the one that shows them, in this order; at most four. */
  readonly children?: readonly Uint8Array[];
  /** The newest revocations of its vendor. */
  readonly revocations?: Uint8Array;
}

/** The bytes of a proof: at most 32,768. */
export const makeProof = (license: Uint8Array, documents: ProofDocuments = {}): Uint8Array => {
  const { activation, children = [], revocations } = documents;
  const others = [activation, ...children, revocations].filter((one) => one !== undefined);
  const bytes = pack([license, ...others]);
  assert(bytes.length <= PROOF_MAX, 'a proof that nobody would read');
  return bytes;
};

/** Why a proof is not believed, in the order in which it is looked at. */
export type ProofFault =
  /** It cannot be read, or was changed since it was signed. */
  | 'forged'
  | 'newer-format'
  | 'certificate-use'
  | 'certificate-date'
  | 'other-vendor'
  | 'revoked-key'
  | 'not-activated'
  | ActivationFault
  | ChildFault
  | 'pending'
  | 'expired';

/** Each in words, after "is not believed: ". */
export const PROOF_FAULTS: Readonly<Record<ProofFault, string>> = {
  forged: 'its license or activation is forged or damaged',
  'newer-format': 'its license is of a newer format than this application reads',
  'certificate-use': 'its license is signed with a key that may not sign such documents',
  'certificate-date': 'its license is signed with a key that was not valid on that day',
  'other-vendor': 'its license is signed by another vendor than the application trusts',
  'revoked-key': 'its license is signed with a key that the vendor has revoked',
  'not-activated': 'its license is not activated',
  'other-license': 'its activation is of another license',
  'other-agent': 'its license is activated for another agent',
  'activation-expired': 'the activation of its license has ended',
  'emergency-terms': 'its license does not allow its emergency activation',
  'other-parent': 'its child license is signed by another agent than its parent',
  'children-terms': 'its license does not allow such a child license',
  'child-suspended': 'its child license is suspended or removed',
  'child-expired': 'its child license has ended',
  pending: 'its license is not valid yet',
  expired: 'its license has expired',
};

export interface ProofQuestion {
  /** The vendors' root keys that the application was built with; `null` believes any. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** The X25519 key of the agent that shows it, with which the session is sealed. */
  readonly agentKey: Uint8Array;
  readonly wall: EpochSeconds;
}

/** A license that is believed. */
export interface ProvenLicense extends SignedLicense {
  /** By which it is lent; `null` for one that needs none. Of a child license, that of the parent. */
  readonly activation: SignedActivation | null;
  /** Of a child license, the documents from the first child on; else none. */
  readonly children: readonly SignedChild[];
  /** The whole proof, as it was shown. */
  readonly proof: Uint8Array;
}

interface OpenedProof {
  readonly license: SignedLicense;
  readonly activation: SignedActivation | null;
  readonly children: readonly SignedChild[];
  readonly revocations: SignedRevocations | null;
}

const faultOf = (fault: DocumentFault): ProofFault => {
  switch (fault) {
    case 'malformed':
    case 'other-kind':
    case 'bad-signature':
      return 'forged';
    case 'newer-format':
    case 'certificate-use':
    case 'certificate-date':
      return fault;
  }
};

/** The documents of a proof: a license, then an activation, child licenses and revocations. */
const openProof = (bytes: Uint8Array, primitives: Primitives): Result<OpenedProof, ProofFault> => {
  if (bytes.length > PROOF_MAX) return err('forged');
  const fields = new Fields([unpack(bytes) ?? null]);
  const documents = fields.list(PROOF_DOCUMENTS_MAX, (one) => one.bytesUpTo(DOCUMENT_MAX));
  const [first, ...others] = documents;
  if (!fields.valid || first === undefined) return err('forged');
  const license = openLicense(first, primitives);
  if (!license.ok) return err(faultOf(license.error));
  let activation: SignedActivation | null = null;
  let revocations: SignedRevocations | null = null;
  const children: SignedChild[] = [];
  for (const one of others) {
    const kind = documentKind(one);
    if (kind === 'activation' && activation === null && children.length === 0 && !revocations) {
      const opened = openActivation(one, primitives);
      if (!opened.ok) return err(faultOf(opened.error));
      activation = opened.value;
    } else if (kind === 'child' && revocations === null && children.length < CHILDREN_DEPTH_MAX) {
      const opened = openChild(one, primitives);
      if (!opened.ok) return err(faultOf(opened.error));
      children.push(opened.value);
    } else if (kind === 'revocations' && revocations === null) {
      const opened = openRevocations(one, primitives);
      if (!opened.ok) return err(faultOf(opened.error));
      revocations = opened.value;
    } else return err('forged');
  }
  return ok({ license: license.value, activation, children, revocations });
};

/** Checks the chain from the vendor's root key to the agent that shows a proof. */
export const checkProof = (
  bytes: Uint8Array,
  question: ProofQuestion,
  primitives: Primitives,
): Result<ProvenLicense, ProofFault> => {
  const opened = openProof(bytes, primitives);
  if (!opened.ok) return opened;
  const { license: signed, activation, children } = opened.value;
  const fault =
    faultOfSigners(opened.value, question) ?? faultOfActivation(opened.value, question, primitives);
  if (fault !== undefined) return err(fault);
  const license = lentBy(opened.value, question);
  if (typeof license === 'string') return err(license);
  const dated = faultOfDates(license, question);
  if (dated !== undefined) return err(dated);
  return ok({ ...signed, license, activation, children, proof: bytes });
};

/** A child license, as its agent gets it: the license that it lends by, and what that is by. */
export interface ChildProof extends SignedLicense {
  readonly activation: SignedActivation;
  readonly children: readonly SignedChild[];
  /** When it, or what it is by, ends unless a later one comes; `null` for never. */
  readonly ends: EpochSeconds | null;
}

/**
 * Reads the proof of a child license whose last agent may not be known yet, and checks the chain up to
 * its vendor, whoever that is. `wall`: also the dates of the vendor's license and activation.
 */
export const openChildProof = (
  bytes: Uint8Array,
  wall: EpochSeconds | null,
  primitives: Primitives,
): Result<ChildProof, ProofFault> => {
  const opened = openProof(bytes, primitives);
  if (!opened.ok) return opened;
  const { license: signed, activation, children } = opened.value;
  if (children.length === 0) return err('forged');
  if (activation === null) return err('not-activated');
  const question = {
    vendorKeys: null,
    agentKey: new Uint8Array(),
    wall: wall ?? activation.activation.issued,
  };
  const fault =
    faultOfSigners(opened.value, question) ?? faultOfActivation(opened.value, question, primitives);
  if (fault !== undefined) return err(fault);
  const license = deriveChain({ license: signed.license, activation, children });
  if (typeof license === 'string') return err(license);
  const { activation: terms } = signed.license;
  const activated = terms === null ? null : activationEnds(activation, terms);
  const ends = earlier(chainEnds(children), activated);
  return ok({ ...signed, license, bytes, activation, children, ends });
};

const faultOfSigners = (
  { license, activation, revocations }: OpenedProof,
  { vendorKeys }: ProofQuestion,
): ProofFault | undefined => {
  if (vendorKeys !== null && !vendorKeys.some((key) => equalBytes(key, license.vendor))) {
    return 'other-vendor';
  }
  if (revocations === null) return undefined;
  if (!equalBytes(revocations.vendor, license.vendor)) return 'forged';
  const origins = [license, activation?.origin ?? license];
  return origins.some((origin) => isRevoked(origin, revocations)) ? 'revoked-key' : undefined;
};

/** Of a child license the activation is the first parent's, and the chain leads on from there. */
const faultOfActivation = (
  { license, activation, children }: OpenedProof,
  { agentKey, wall }: ProofQuestion,
  primitives: Primitives,
): ProofFault | undefined => {
  if (license.license.activation === null) {
    return activation === null && children.length === 0 ? undefined : 'forged';
  }
  if (activation === null) return 'not-activated';
  const licenseHash = hashDocument(license.bytes, primitives);
  const tolerance = CALENDAR_TOLERANCE;
  const activeOn = children.length === 0 ? agentKey : activation.activation.agent.boxKey;
  return checkActivation({
    signed: activation,
    license,
    licenseHash,
    agentKey: activeOn,
    wall,
    tolerance,
  });
};

/** The license by which the agent lends: the vendor's, or what its parents made of that. */
const lentBy = (
  { license, activation, children }: OpenedProof,
  { agentKey, wall }: ProofQuestion,
): License | ProofFault => {
  if (children.length === 0 || activation === null) return license.license;
  const derived = deriveChain({ license: license.license, activation, children });
  if (typeof derived === 'string') return derived;
  return checkChain(children, { agentKey, wall, tolerance: CALENDAR_TOLERANCE }) ?? derived;
};

const faultOfDates = (
  { starts, expires }: License,
  { wall }: ProofQuestion,
): ProofFault | undefined => {
  if (wall + CALENDAR_TOLERANCE < starts) return 'pending';
  return expires !== null && wall > expires + CALENDAR_TOLERANCE ? 'expired' : undefined;
};

/**
 * The child license: with it the agent of a license, the parent, lets the agent of a client, the
 * child, lend some of the license's seats. The parent signs it with its own key; what shows that it
 * may is the chain to the vendor (child-chain.ts). protocol/README.md, section "Child license".
 */

import type { AgentKeys } from './activation.ts';
import { Fields } from './fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from './ids.ts';
import { type ChildrenTerms, isMasterUrl } from './license.ts';
import { childrenToValue, readChildren, readStage } from './license-fields.ts';
import {
  HOST_CODE_MAX,
  KEY_SIZE,
  LICENSE_ID_SIZE,
  NAME_MAX,
  POOLS_MAX,
  SEATS_MAX,
  STAGES_MAX,
  TERM_MAX,
  TERM_MIN,
  TEXT_MAX,
  URL_MAX,
} from './limits.ts';
import { pack, unpack, type Value } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { assert, err, ok, type Result } from './result.ts';
import { type DocumentFault, openDocument, signDocument } from './signed-document.ts';
import type { Stage } from './stages.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from './units.ts';

/** `suspended`: until further notice; `removed`: for ever. The place is the code; append-only. */
export const CHILD_STATES = ['active', 'suspended', 'removed'] as const;
export type ChildState = (typeof CHILD_STATES)[number];

/** Seats of one class that a child has of its parent's. */
export interface ChildPool {
  readonly class: string;
  readonly seats: number;
  readonly stages: readonly Stage[];
}

/** When a child must have called its parent, which goes on counting its seats until then. */
export interface ChildCalls {
  readonly until: EpochSeconds;
  /** How much longer it lends when the parent cannot be reached. */
  readonly grace: Seconds;
}

/** What a parent allows a child. */
export interface ChildTerms {
  /** The client's name: that of its account. 1 to 128 characters. */
  readonly account: string;
  /** Where the parent answers, `http://` or `https://`; `null` where it is never called. */
  readonly parent: string | null;
  /** No session that it lends lasts longer unless renewed, 10 to 86,400 s. */
  readonly longest: Seconds;
  /** Whether it may create child licenses itself, and how many; `null` when it may not. */
  readonly children: ChildrenTerms | null;
  /** The only computer on which it is worth anything (host-code.ts), by which it is activated. */
  readonly hostCode: Uint8Array | null;
  /** 1 to 32, no class twice. */
  readonly pools: readonly ChildPool[];
  /** Seats are lent before this date; `null` for as long as the parent's license. */
  readonly expires: EpochSeconds | null;
}

export interface ChildLicense extends ChildTerms {
  readonly id: LicenseId;
  /** The license of the parent's, or the child license, whose seats these are. */
  readonly of: LicenseId;
  /** Of two with one id the higher one is the later and counts. From 1. */
  readonly number: number;
  readonly issued: EpochSeconds;
  readonly state: ChildState;
  /** On which agent it is active; `null` before, and where a host code says it. */
  readonly agent: AgentKeys | null;
  /** `null` for one that never calls (pings are suppressed): it has an end. */
  readonly calls: ChildCalls | null;
}

export interface SignedChild {
  readonly child: ChildLicense;
  /** The Ed25519 key of the parent's agent; the chain says whether it may. */
  readonly signer: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Signs a child license with the parent's `agentSigningKeys`. */
export const signChild = (
  child: ChildLicense,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  assert(isSound(child), 'a child license that nobody would read');
  const { publicKey, secretKey } = keys;
  return signDocument('child', pack(toValue(child)), { publicKey, secretKey }, primitives);
};

const toValue = (child: ChildLicense): Value => [
  licenseIdToBytes(child.id),
  licenseIdToBytes(child.of),
  child.number,
  child.issued,
  CHILD_STATES.indexOf(child.state),
  child.agent === null ? null : [child.agent.signingKey, child.agent.boxKey],
  ...childTermsToValues(child),
  child.calls === null ? null : [child.calls.until, child.calls.grace],
];

/** The terms as fields of an array. */
export const childTermsToValues = (terms: ChildTerms): readonly Value[] => [
  terms.account,
  terms.parent,
  terms.longest,
  terms.children === null ? null : childrenToValue(terms.children),
  terms.hostCode,
  childPoolsToValue(terms.pools),
  terms.expires,
];

export const childPoolsToValue = (pools: readonly ChildPool[]): Value =>
  pools.map((pool) => [
    pool.class,
    pool.seats,
    pool.stages.map(({ from, until, seats }) => [from, until, seats]),
  ]);

/** Reads a child license and checks its signature against the agent's key that it names. */
export const openChild = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedChild, DocumentFault> => {
  const document = openDocument('child', bytes, primitives);
  if (!document.ok) return document;
  const child = parse(document.value.payload);
  if (child === undefined) return err('malformed');
  return ok({ child, signer: document.value.signer, bytes });
};

const readId = (fields: Fields): LicenseId => licenseId(fields.bytes(LICENSE_ID_SIZE));

const readDate = (fields: Fields): EpochSeconds => epochSeconds(fields.uint());

/** The keys of an agent, in an array. */
export const readAgentKeys = (fields: Fields): AgentKeys =>
  fields.exactly((keys) => ({ signingKey: keys.bytes(KEY_SIZE), boxKey: keys.bytes(KEY_SIZE) }));

const readPool = (fields: Fields): ChildPool =>
  fields.exactly((pool) => ({
    class: pool.text(NAME_MAX, 1),
    seats: pool.uint(SEATS_MAX),
    stages: pool.list(STAGES_MAX, readStage),
  }));

/** A list of pools, from one field. */
export const readChildPools = (fields: Fields): readonly ChildPool[] =>
  fields.list(POOLS_MAX, readPool);

/** The terms, from fields of an array. */
export const readChildTerms = (fields: Fields): ChildTerms => ({
  account: fields.text(TEXT_MAX, 1),
  parent: fields.optional((field) => field.text(URL_MAX, 1)),
  longest: seconds(fields.uint(TERM_MAX, TERM_MIN)),
  children: fields.optional(readChildren),
  hostCode: fields.optional((field) => field.bytesUpTo(HOST_CODE_MAX)),
  pools: readChildPools(fields),
  expires: fields.optional(readDate),
});

const parse = (payload: Uint8Array): ChildLicense | undefined => {
  const fields = new Fields(unpack(payload));
  const child: ChildLicense = {
    id: readId(fields),
    of: readId(fields),
    number: fields.uint(0xffff_ffff, 1),
    issued: readDate(fields),
    state: CHILD_STATES[fields.uint(CHILD_STATES.length - 1)] ?? 'active',
    agent: fields.optional(readAgentKeys),
    ...readChildTerms(fields),
    calls: fields.optional((field) =>
      field.exactly((calls) => ({ until: readDate(calls), grace: seconds(calls.uint()) })),
    ),
  };
  return fields.complete && isSound(child) ? child : undefined;
};

/** What the terms must say together. */
export const areSoundTerms = ({ pools, parent }: ChildTerms): boolean =>
  pools.length > 0 &&
  new Set(pools.map((pool) => pool.class)).size === pools.length &&
  pools.every(({ stages }) => stages.every(({ from, until }) => until === null || until > from)) &&
  (parent === null || isMasterUrl(parent));

/** What the fields must say together. */
const isSound = (child: ChildLicense): boolean => {
  const { id, of, calls, parent, expires } = child;
  if (!areSoundTerms(child) || id === of || child.number < 1) return false;
  // One that never calls must end by itself, or its seats were lost with it.
  return calls === null ? expires !== null : parent !== null;
};

/** When a child license ends unless a later one comes: its seats are the parent's again after that. */
export const childEnds = ({
  expires,
  calls,
}: Pick<ChildLicense, 'expires' | 'calls'>): EpochSeconds | null => {
  if (calls === null) return expires;
  const patience = Math.min(0xffff_ffff, calls.until + calls.grace);
  return epochSeconds(Math.min(patience, expires ?? 0xffff_ffff));
};

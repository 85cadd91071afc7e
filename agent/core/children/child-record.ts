/** What a parent keeps of one child license: what it wants, and what it has promised. */

import type { AgentKeys } from '../../../protocol/activation.ts';
import {
  areSoundTerms,
  CHILD_STATES,
  type ChildPool,
  type ChildState,
  type ChildTerms,
  childPoolsToValue,
  childTermsToValues,
  readAgentKeys,
  readChildPools,
  readChildTerms,
} from '../../../protocol/child-license.ts';
import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { HASH_SIZE, NAME_MAX, TERM_MAX, TERM_MIN, TEXT_MAX } from '../../../protocol/limits.ts';
import { pack, unpack, type Value } from '../../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../../protocol/units.ts';
import type { Write } from '../write.ts';

export const CHILD_PREFIX = 'child/';

/** Documents of one child that may be in force beside each other. */
export const PROMISES_MAX = 16;

/** Of the first version a promise said nothing of its sessions. */
const RECORD_VERSION = 2;

/** A child license that was spoken, and may be what the child lends by. */
export interface ChildPromise {
  readonly number: number;
  /** Of the document: with it the child says that it lends by no earlier one. */
  readonly hash: Uint8Array;
  /** None where it is suspended or removed. */
  readonly pools: readonly ChildPool[];
  /** When it, or what it is by, ends unless a later one comes; `null` for never. */
  readonly ends: EpochSeconds | null;
  /** No session by it lasts longer unless renewed. */
  readonly longest: Seconds;
}

/** Who has called with it. */
export interface ChildCaller {
  readonly agent: AgentKeys;
  /** For people: its computer, and the version of its program. */
  readonly hostName: string;
  readonly version: string;
}

export interface ChildRecord {
  readonly id: LicenseId;
  /** The license here whose seats these are, and its product. */
  readonly of: LicenseId;
  readonly product: string;
  /** As they are to be, whether or not the child has heard of it. */
  readonly terms: ChildTerms;
  /** It never calls. */
  readonly silent: boolean;
  readonly state: ChildState;
  readonly created: EpochSeconds;
  /** On which agent it is active. */
  readonly caller: ChildCaller | null;
  readonly seen: EpochSeconds | null;
  /** Of the last document that was made. */
  readonly number: number;
  /** Documents with a higher number say what is wanted now. */
  readonly changed: number;
  /** The child lends by no document with a lower number: it has said so. */
  readonly taken: number;
  /** By number; what may still be in force. */
  readonly promises: readonly ChildPromise[];
}

/** A child has heard of the last change. */
export const isUpToDate = ({ taken, changed }: ChildRecord): boolean => taken > changed;

export const childKey = (id: LicenseId): string => CHILD_PREFIX + id;

export const childWrite = (record: ChildRecord): Write => ({
  key: childKey(record.id),
  value: pack([
    RECORD_VERSION,
    record.id,
    record.of,
    record.product,
    [...childTermsToValues(record.terms)],
    record.silent,
    CHILD_STATES.indexOf(record.state),
    record.created,
    record.caller === null ? null : callerToValue(record.caller),
    record.seen,
    record.number,
    record.changed,
    record.taken,
    record.promises.map(promiseToValue),
  ]),
});

const callerToValue = ({ agent, hostName, version }: ChildCaller): Value => [
  [agent.signingKey, agent.boxKey],
  hostName,
  version,
];

const promiseToValue = ({ number, hash, pools, ends, longest }: ChildPromise): Value => [
  number,
  hash,
  childPoolsToValue(pools),
  ends,
  longest,
];

/** The record of a stored value, or `undefined` when the store has been damaged. */
export const readChildRecord = (key: string, value: Uint8Array): ChildRecord | undefined => {
  // It outlives the step in which it was read, and so do the keys in it.
  const fields = new Fields(unpack(value.slice()));
  const version = fields.uint();
  const date = (field: Fields): EpochSeconds => epochSeconds(field.uint());
  const names = {
    id: fields.text(NAME_MAX, 1) as LicenseId,
    of: fields.text(NAME_MAX, 1) as LicenseId,
    product: fields.text(NAME_MAX, 1),
  };
  const terms = fields.exactly(readChildTerms);
  const record: ChildRecord = {
    ...names,
    terms,
    silent: fields.flag(),
    state: CHILD_STATES[fields.uint(CHILD_STATES.length - 1)] ?? 'active',
    created: date(fields),
    caller: fields.optional((field) =>
      field.exactly((caller) => ({
        agent: readAgentKeys(caller),
        hostName: caller.text(TEXT_MAX),
        version: caller.text(NAME_MAX),
      })),
    ),
    seen: fields.optional(date),
    number: fields.uint(),
    changed: fields.uint(),
    taken: fields.uint(),
    promises: fields.list(PROMISES_MAX, (one) => readPromise(one, version, terms.longest)),
  };
  const isKnown = version === 1 || version === RECORD_VERSION;
  const isWhole = fields.complete && isKnown && key === childKey(record.id);
  return isWhole && areSoundTerms(record.terms) ? record : undefined;
};

const readPromise = (fields: Fields, version: number, longest: Seconds): ChildPromise =>
  fields.exactly((promise) => ({
    number: promise.uint(),
    hash: promise.bytes(HASH_SIZE),
    pools: readChildPools(promise),
    ends: promise.optional((field) => epochSeconds(field.uint())),
    longest: version === 1 ? longest : seconds(promise.uint(TERM_MAX, TERM_MIN)),
  }));

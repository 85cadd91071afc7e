/** What an administrator wishes for a child, as its terms: checked against the parent's license. */

import { areSoundTerms, type ChildPool, type ChildTerms } from '../../../protocol/child-license.ts';
import {
  HOST_TEXT_FAULTS,
  hostCodeFromText,
  keyHostCode,
  matchHostCode,
} from '../../../protocol/host-code.ts';
import { isMasterUrl } from '../../../protocol/license.ts';
import { TERM_MAX, TERM_MIN, URL_MAX } from '../../../protocol/limits.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { err, ok, type Result } from '../../../protocol/result.ts';
import { seconds } from '../../../protocol/units.ts';
import type { ShelvedLicense } from '../licenses/license-shelf.ts';
import type { ChildChange, ChildWish } from './child-operations.ts';

/** A refusal's detail. */
type Faulty = string;

/** The terms of a child to be created. */
export const termsOfWish = (
  account: string,
  wish: ChildWish,
  shelved: ShelvedLicense,
  primitives: Primitives,
): Result<ChildTerms, Faulty> => {
  const hostCode = readHostCode(wish.hostCode, shelved, primitives);
  if (!hostCode.ok) return hostCode;
  if (wish.silent && wish.expires === null) {
    return err('A child that never calls needs an end: its seats come back only then.');
  }
  if (wish.silent && wish.hostCode === null && wish.children !== null) {
    return err('A child that never calls and names no computer cannot have children.');
  }
  const { term } = shelved.license;
  const terms: ChildTerms = {
    account,
    parent: wish.silent ? null : wish.parent,
    longest: seconds(wish.longest ?? term),
    children: wish.children,
    hostCode: hostCode.value,
    pools: wish.pools,
    expires: wish.expires,
  };
  return checkTerms(terms, wish.silent, shelved);
};

/** The terms after a change. */
export const termsOfChange = (
  terms: ChildTerms,
  change: ChildChange,
  silent: boolean,
  shelved: ShelvedLicense,
): Result<ChildTerms, Faulty> => {
  const named = new Set(change.pools.map((pool) => pool.class));
  return checkTerms(
    {
      ...terms,
      parent: silent ? null : (change.parent ?? terms.parent),
      longest: seconds(change.longest ?? terms.longest),
      children: change.children ?? terms.children,
      pools: [...terms.pools.filter((pool) => !named.has(pool.class)), ...change.pools],
      expires: change.expires ?? terms.expires,
    },
    silent,
    shelved,
  );
};

const checkTerms = (
  terms: ChildTerms,
  silent: boolean,
  { license }: ShelvedLicense,
): Result<ChildTerms, Faulty> => {
  const { parent, longest, children, pools } = terms;
  if (!silent && parent === null) {
    return err('Say at which address its agent reaches this one, or that it never calls.');
  }
  if (parent !== null && (parent.length > URL_MAX || !isMasterUrl(parent))) {
    return err(`The parent's address is no http:// or https:// address: ${parent}`);
  }
  if (longest < TERM_MIN || longest > TERM_MAX) {
    return err(`Sessions last from ${TERM_MIN} to ${TERM_MAX} s.`);
  }
  const depth = (license.children?.depth ?? 0) - 1;
  if (children !== null && children.depth > depth) {
    return err(
      depth === 0
        ? 'By its license its children may not have children themselves.'
        : `By its license its children may have ${depth} more generations.`,
    );
  }
  const foreign = pools.find((pool) => license.pools.every((one) => one.class !== pool.class));
  if (foreign !== undefined) return err(`The license has no seats of class ${foreign.class}.`);
  if (pools.every(isEmpty)) return err('Give it at least one seat.');
  return areSoundTerms(terms)
    ? ok(terms)
    : err('A class is named twice, or a stage ends too early.');
};

const isEmpty = ({ seats, stages }: ChildPool): boolean =>
  seats === 0 && stages.every((stage) => stage.seats === 0);

/** Keyed for the vendor, as that of a license. */
const readHostCode = (
  text: string | null,
  { vendor }: ShelvedLicense,
  { sha512 }: Primitives,
): Result<Uint8Array | null, Faulty> => {
  if (text === null) return ok(null);
  const code = hostCodeFromText(text, sha512);
  if (!code.ok) return err(`The host code does not fit. ${HOST_TEXT_FAULTS[code.error]}`);
  return matchHostCode(code.value, code.value).matches
    ? ok(keyHostCode(code.value, vendor, sha512))
    : err('The host code tells too little: it could be of any computer.');
};

/**
 * Whether a borrowed seat is believed here and now, with no agent in reach: the token is from the
 * agent that lent it, the licenses behind it are the vendor's, and computer, clock and wish fit.
 */

import { openBorrowToken, resourceMark, type SignedBorrowToken } from '../borrow-token.ts';
import { equalBytes } from '../bytes.ts';
import { refuseFeatures, refuseVersion } from '../coverage.ts';
import { matchHostCode } from '../host-code.ts';
import type { HostKind } from '../host-component.ts';
import { GENERIC_CLASS, type License } from '../license.ts';
import type { Primitives } from '../primitives.ts';
import type { ProvenLicense } from '../proof.ts';
import type { RefusalCode } from '../refusal.ts';
import type { SeatPart } from '../replies.ts';
import type { SeatWish } from '../requests.ts';
import { err, ok, type Result } from '../result.ts';
import { hashDocument } from '../signed-document.ts';
import { type EpochSeconds, epochSeconds } from '../units.ts';
import { judgeLicense } from './license-trust.ts';
import type { Distrust, SeatLicenses } from './seat-events.ts';

/** What is kept of a borrowed seat for judging it. */
export interface Borrowing {
  /** The signed token (borrow-token.ts). */
  readonly token: Uint8Array;
  /**
   * The Ed25519 key of the agent, as it was when the seat was borrowed under seal. Where a license is
   * activated, its activation must name the same key.
   */
  readonly signer: Uint8Array;
  /** The proofs of the licenses of the token's parts, in any order. */
  readonly proofs: readonly Uint8Array[];
  /** This computer's date when the seat was asked for, before the agent counted from. */
  readonly askedAt: EpochSeconds;
  /** The latest date that was seen with this seat. */
  readonly seenAt: EpochSeconds;
}

/** Where and when it is judged, and whom the application trusts. */
export interface BorrowSituation {
  /** The vendors' keys that the application trusts; `null` believes any signer. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  readonly hostCode: Uint8Array;
  readonly wall: EpochSeconds;
  readonly primitives: Primitives;
}

/** A borrowed seat that is believed. */
export interface BelievedSeat extends SignedBorrowToken {
  /** Before this date of this computer's clock. */
  readonly until: EpochSeconds;
  /** The licenses that the seats are of, in the order of the token's parts; at least one. */
  readonly licenses: SeatLicenses;
  readonly class: string;
  /** Each process needs a seat of its own, so that only one may use it at a time. */
  readonly isForOneProcess: boolean;
}

/** Why a borrowed seat is not believed. */
export type BorrowFault =
  /** The token was changed, or another agent signed it. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'untrusted'; readonly reason: Distrust }
  /** Borrowed on another computer: these parts of it are not here. */
  | { readonly kind: 'other-host'; readonly different: readonly HostKind[] }
  /** This computer's clock stands before a date that it has shown. */
  | { readonly kind: 'clock-back'; readonly seenAt: EpochSeconds }
  /** This computer's date was not the agent's when the seat was borrowed. */
  | { readonly kind: 'clock-apart' }
  | { readonly kind: 'ended'; readonly until: EpochSeconds }
  /** It is a good seat, but not the one that is wanted. */
  | { readonly kind: 'not-covered'; readonly code: RefusalCode };

/** Seconds that a clock may be corrected backwards; the end does not move with it. */
const CORRECTION_MAX = 3600;
/** Seconds between the dates of two computers that are set right. */
const CLOCKS_APART_MAX = 86_400;

/** Judges a borrowed seat for a wish; for `null`, whether it is good for anything. */
export const judgeBorrowing = (
  borrowing: Borrowing,
  wish: SeatWish | null,
  situation: BorrowSituation,
): Result<BelievedSeat, BorrowFault> => {
  const { primitives, hostCode, wall } = situation;
  const opened = openBorrowToken(borrowing.token, primitives);
  if (!opened.ok || !equalBytes(opened.value.signer, borrowing.signer)) {
    return err({ kind: 'forged' });
  }
  const parts = proveParts(borrowing, opened.value, situation);
  if (!parts.ok) return err({ kind: 'untrusted', reason: parts.error });
  const match = matchHostCode(opened.value.token.hostCode, hostCode);
  if (!match.matches) {
    const kinds = match.components.filter(({ matched }) => !matched).map(({ kind }) => kind);
    return err({ kind: 'other-host', different: [...new Set(kinds)] });
  }
  const until = judgeClock(borrowing, opened.value, wall);
  if (!until.ok) return until;
  const seat = believe(opened.value, parts.value, until.value);
  const code = wish === null ? undefined : refuseWish(seat, parts.value, wish, primitives);
  return code === undefined ? ok(seat) : err({ kind: 'not-covered', code });
};

interface ProvenPart extends SeatPart {
  readonly signed: ProvenLicense;
}

type ProvenParts = readonly [ProvenPart, ...ProvenPart[]];

const proveParts = (
  { proofs }: Borrowing,
  { token, signer }: SignedBorrowToken,
  { vendorKeys, wall, primitives }: BorrowSituation,
): Result<ProvenParts, Distrust> => {
  const question = { vendorKeys, product: token.product, agentKey: token.agentKey };
  const proven: ProvenPart[] = [];
  for (const part of token.parts) {
    const proof = proofs.find((one) => equalBytes(hashDocument(one, primitives), part.document));
    if (proof === undefined) return err('not-proven');
    const judged = judgeLicense(proof, part.document, question, wall, primitives);
    if (!judged.ok) return judged;
    // An agent cannot lend of a pool that the vendor did not sign.
    const hasPool = part.pool === null || part.pool < judged.value.license.pools.length;
    if (!hasPool) return err('not-proven');
    const named = judged.value.activation?.activation.agent.signingKey ?? signer;
    if (!equalBytes(named, signer)) return err('other-agent');
    proven.push({ ...part, signed: judged.value });
  }
  const [first, ...others] = proven;
  return first === undefined ? err('not-proven') : ok([first, ...others]);
};

/**
 * The end on this computer's clock. The agent has counted on its own from when the request came in,
 * which was later, so wherever the two clocks stand, this end comes first.
 */
const judgeClock = (
  { askedAt, seenAt }: Borrowing,
  { token }: SignedBorrowToken,
  wall: EpochSeconds,
): Result<EpochSeconds, BorrowFault> => {
  const ahead = askedAt - token.from;
  if (Math.abs(ahead) > CLOCKS_APART_MAX) return err({ kind: 'clock-apart' });
  const latest = epochSeconds(Math.max(askedAt, seenAt));
  if (wall + CORRECTION_MAX < latest) return err({ kind: 'clock-back', seenAt: latest });
  const until = epochSeconds(Math.min(0xffff_ffff, Math.max(0, token.until + ahead)));
  return Math.max(wall, latest) < until ? ok(until) : err({ kind: 'ended', until });
};

const classOf = ({ pool, signed }: ProvenPart): string =>
  signed.license.pools[pool ?? -1]?.class ?? GENERIC_CLASS;

const isCounted = ({ pool }: SeatPart): boolean => pool !== null;

const believe = (
  signed: SignedBorrowToken,
  parts: ProvenParts,
  until: EpochSeconds,
): BelievedSeat => {
  const [first, ...others] = parts;
  const isOwn = ({ signed: { license } }: ProvenPart): boolean =>
    license.type === 'floating' && license.counting === 'process';
  return {
    ...signed,
    until,
    licenses: [first.signed, ...others.map((part) => part.signed)],
    class: classOf(parts.find(isCounted) ?? first),
    isForOneProcess: parts.some(isOwn),
  };
};

/** Why the seat is not the one that is wanted: as an agent would say it. */
const refuseWish = (
  { token }: BelievedSeat,
  parts: ProvenParts,
  wish: SeatWish,
  { sha512 }: Primitives,
): RefusalCode | undefined => {
  if (token.product !== wish.product) return 'no-license';
  const resource = refuseResource(token.resource, wish.resource, sha512);
  if (resource !== undefined) return resource;
  const counted = parts.filter(isCounted);
  const seats = counted.reduce((sum, part) => sum + part.seats, 0);
  if (counted.length > 0 && seats < wish.weight) return 'too-heavy';
  const serves = [wish.class, GENERIC_CLASS];
  if (wish.class !== null && !counted.every((part) => serves.includes(classOf(part)))) {
    return 'no-class';
  }
  return refuseTerms(counted, parts, wish);
};

/** By the terms of the licenses; those of type `server` switch features on for the others. */
const refuseTerms = (
  counted: readonly ProvenPart[],
  parts: ProvenParts,
  wish: SeatWish,
): RefusalCode | undefined => {
  const isServer = ({ type }: License): boolean => type === 'server';
  const licenses = parts.map(({ signed }) => signed.license);
  const switchedOn = new Set(licenses.filter(isServer).flatMap(({ features }) => features));
  for (const { signed } of counted.length > 0 ? counted : parts) {
    const code =
      refuseVersion(signed.license, wish) ?? refuseFeatures(signed.license, switchedOn, wish);
    if (code !== undefined) return code;
  }
  return undefined;
};

const refuseResource = (
  borrowed: Uint8Array | null,
  wanted: string | null,
  sha512: Primitives['sha512'],
): RefusalCode | undefined => {
  if (wanted === null) return borrowed === null ? undefined : 'resource-needed';
  const fits = borrowed !== null && equalBytes(borrowed, resourceMark(wanted, sha512));
  return fits ? undefined : 'no-resource';
};

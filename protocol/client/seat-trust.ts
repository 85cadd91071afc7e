/** Whether the licenses that an agent shows are worth the seat that it grants. */

import { refuseFeatures, refuseResource, refuseVersion } from '../coverage.ts';
import { GENERIC_CLASS, type License } from '../license.ts';
import type { Primitives } from '../primitives.ts';
import type { ProvenLicense } from '../proof.ts';
import type { SeatPart } from '../replies.ts';
import type { SeatWish } from '../requests.ts';
import { err, ok, type Result } from '../result.ts';
import type { EpochSeconds } from '../units.ts';
import { judgeLicense } from './license-trust.ts';
import type { Distrust, SeatLicenses } from './seat-events.ts';

/** One part of a granted seat, with the proof of its license as shown. */
export interface ShownPart {
  readonly part: SeatPart;
  readonly proof: Uint8Array;
}

export interface SeatQuestion {
  /** The vendors' public keys that the application was built with; `null` believes any vendor. */
  readonly vendorKeys: readonly Uint8Array[] | null;
  /** The X25519 key of the agent that grants it. */
  readonly agentKey: Uint8Array;
  readonly wish: SeatWish;
}

/** What a seat is by the licenses behind it. */
export interface ProvenSeat {
  /** Of the first part; `generic` for a license of type `server`, which has no classes. */
  readonly class: string;
  readonly licenses: SeatLicenses;
}

/** Checks every part of a seat, and that together they are what was wished. */
export const judgeSeat = (
  shown: readonly ShownPart[],
  question: SeatQuestion,
  wall: EpochSeconds,
  primitives: Primitives,
): Result<ProvenSeat, Distrust> => {
  const { vendorKeys, agentKey, wish } = question;
  const trust = { vendorKeys, agentKey, product: wish.product };
  const judged: JudgedPart[] = [];
  for (const { part, proof } of shown) {
    const signed = judgeLicense(proof, part.document, trust, wall, primitives);
    if (!signed.ok) return signed;
    judged.push({ part, signed: signed.value, license: signed.value.license });
  }
  const fault = findFault(judged, wish);
  if (fault !== undefined) return err(fault);
  const [first, ...others] = judged;
  if (first === undefined) return err('not-proven');
  const ids = new Set([first.license.id]);
  // Two parts may be pools of one license.
  const rest = others.filter(({ license }) => !ids.has(license.id) && ids.add(license.id));
  return ok({
    class: classOf(first),
    licenses: [first.signed, ...rest.map(({ signed }) => signed)],
  });
};

interface JudgedPart {
  readonly part: SeatPart;
  readonly signed: ProvenLicense;
  readonly license: License;
}

const classOf = ({ part, license }: JudgedPart): string =>
  (part.pool === null ? undefined : license.pools[part.pool]?.class) ?? GENERIC_CLASS;

/** What is wrong with genuine licenses as parts of the seat that was wished. */
const findFault = (judged: readonly JudgedPart[], wish: SeatWish): Distrust | undefined => {
  for (const one of judged) {
    const fault = faultOfPart(one, wish) ?? faultOfTerms(one.license, wish);
    if (fault !== undefined) return fault;
  }
  const pooled = judged.filter(({ part }) => part.pool !== null);
  const seats = pooled.reduce((sum, { part }) => sum + part.seats, 0);
  if (pooled.length > 0 && seats < wish.weight) return 'too-few';
  const licenses = judged.map(({ license }) => license);
  return coversFeatures(licenses, wish.features) ? undefined : 'no-feature';
};

const faultOfPart = ({ part, license }: JudgedPart, wish: SeatWish): Distrust | undefined => {
  if (license.type === 'standalone') return 'standalone';
  if ((license.type === 'server') !== (part.pool === null)) return 'no-class';
  if (part.pool === null) return undefined;
  const className = license.pools[part.pool]?.class;
  if (className === undefined) return 'no-class';
  // Who asks for no class is lent generic seats only.
  const fits = className === wish.class || className === GENERIC_CLASS;
  return fits ? undefined : 'no-class';
};

const faultOfTerms = (license: License, wish: SeatWish): Distrust | undefined => {
  // For which one a license of any is activated is the administrator's word.
  const fits = refuseResource(license, wish.resource ?? undefined, wish) === undefined;
  if (!fits) return 'other-resource';
  const code = refuseVersion(license, wish);
  if (code === undefined) return undefined;
  return code === 'no-maintenance' ? 'no-maintenance' : 'no-version';
};

/** Each license's own features, with those that licenses of type `server` switch on for everyone. */
const coversFeatures = (licenses: readonly License[], features: readonly string[]): boolean => {
  const ofServers = licenses.filter(({ type }) => type === 'server');
  const everyones = new Set(ofServers.flatMap((license) => license.features));
  const seated = licenses.filter(({ type }) => type !== 'server');
  return (seated.length === 0 ? ofServers : seated).every(
    (license) => refuseFeatures(license, everyones, { features }) === undefined,
  );
};

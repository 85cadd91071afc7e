/** What a vendor types to issue a license, checked word by word. */

import {
  HOST_TEXT_FAULTS,
  hostCodeFromText,
  keyHostCode,
  matchHostCode,
} from '../../protocol/host-code.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { COUNTINGS, type Counting, LICENSE_TYPES, type License } from '../../protocol/license.ts';
import {
  FEATURES_MAX,
  NAME_MAX,
  SUPERSEDES_MAX,
  TERM_MAX,
  TERM_MIN,
  TEXT_MAX,
} from '../../protocol/limits.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { type EpochSeconds, seconds } from '../../protocol/units.ts';
import { type ActivationOrder, readActivation } from './activation-order.ts';
import { type ChildrenOrder, readChildrenTerms } from './children-order.ts';
import { readCount, readDay, readLastDay, readText, readWord, wrong } from './order-words.ts';
import { type PoolOrder, readPools } from './pool-order.ts';
import { readBorrow, readMeters, readResource, readTrial, readVersions } from './terms-order.ts';

export interface LicenseOrder extends PoolOrder, ActivationOrder, ChildrenOrder {
  readonly type: string | undefined;
  readonly product: string | undefined;
  readonly customer: string | undefined;
  readonly counting: string | undefined;
  readonly features: readonly string[];
  /** Days, `2027-03-31`; the license ends with that day, in UTC, and so does its maintenance. */
  readonly expires: string | undefined;
  readonly starts: string | undefined;
  readonly maintenance: string | undefined;
  /** Days from the first use. */
  readonly trial: string | undefined;
  readonly term: string | undefined;
  readonly versions: string | undefined;
  readonly resource: string | undefined;
  /** `NAME=N` each. */
  readonly meters: readonly string[];
  /** `2:7d` or `2:12h`. */
  readonly borrow: string | undefined;
  readonly supersedes: readonly LicenseId[];
  /** What `usher hardware --host-code` prints. */
  readonly hostCode: string | undefined;
  readonly hosts: License['hosts'];
}

/** Seconds: ten minutes, as the design's glossary says. */
const DEFAULT_TERM = 600;

/**
 * The license that an order describes, for the vendor whose public key is `signer`. Code:
 * WRONG_USAGE, with the word that does not fit.
 */
export const licenseFromOrder = (
  order: LicenseOrder,
  now: EpochSeconds,
  signer: Uint8Array,
): Omit<License, 'id'> => {
  const type = readWord('--type', order.type, LICENSE_TYPES);
  checkType(type, order);
  const pools = hasSeats(type) ? readPools(order) : [];
  const hostCode = readHostCode(type, order.hostCode, signer);
  const { starts, expires } = readDates(order, now);
  if (expires !== null && pools.some(({ stages }) => stages.some(({ from }) => from >= expires))) {
    throw wrong('--stage begins before the license expires.');
  }
  return {
    type,
    product: readText('--product', order.product, NAME_MAX),
    customer: readText('--customer', order.customer, TEXT_MAX),
    issued: now,
    starts,
    expires,
    trial: readTrial(order.trial),
    term: seconds(readCount('--term', order.term ?? String(DEFAULT_TERM), TERM_MIN, TERM_MAX)),
    pools,
    counting: readCounting(type, order.counting),
    features: readFeatures(order.features),
    versions: readVersions(order.versions),
    maintenance: readLastDay('--maintenance', order.maintenance),
    resource: readResource(order.resource),
    meters: readMeters(order.meters),
    borrow: readBorrow(order.borrow, pools),
    supersedes: readSupersedes(order.supersedes),
    // The computer that it names is what an activation would bind it to.
    activation: readActivation({
      ...order,
      needsActivation: order.needsActivation && hostCode === null,
    }),
    hosts: order.hosts,
    hostCode,
    children: readChildrenTerms(order, order.needsActivation && hostCode === null),
  };
};

const hasSeats = (type: License['type']): boolean => type === 'floating' || type === 'named';

/** Refuses what a license of the type cannot say. */
const checkType = (type: License['type'], order: LicenseOrder): void => {
  if (!hasSeats(type)) {
    const flags = {
      '--seats': order.seats,
      '--class': order.classes[0],
      '--overdraft': order.overdrafts[0],
      '--stage': order.stages[0],
      '--count': order.counting,
      '--borrow': order.borrow,
      '--children': order.children,
    };
    refuseAny(flags, `A ${type} license has no seats`);
  }
  if (type === 'standalone') {
    const flags = {
      '--trial': order.trial,
      '--meter': order.meters[0],
      '--term': order.term,
      '--agents': order.agents,
      '--emergency': order.emergency,
      '--refresh': order.refresh,
      '--master': order.master,
    };
    refuseAny(flags, 'A standalone license has no agent to keep count');
    if (order.resource === 'any') throw wrong('A standalone license names its --resource.');
  }
};

const refuseAny = (flags: Readonly<Record<string, string | undefined>>, why: string): void => {
  const [flag] = Object.keys(flags).filter((name) => flags[name] !== undefined);
  if (flag !== undefined) throw wrong(`${why}: leave out ${flag}.`);
};

const readDates = (order: LicenseOrder, now: EpochSeconds): Pick<License, 'starts' | 'expires'> => {
  const starts = order.starts === undefined ? now : readDay('--starts', order.starts);
  const expires = readLastDay('--expires', order.expires);
  if (expires !== null && expires <= starts) {
    throw wrong('--expires is a day after the license starts.');
  }
  return { starts, expires };
};

/** A named seat is its user's, however many processes that user runs. */
const readCounting = (type: License['type'], text: string | undefined): Counting => {
  if (type !== 'named') return readWord('--count', text, COUNTINGS);
  if (text !== undefined && text !== 'user') throw wrong('A named license counts users.');
  return 'user';
};

const readFeatures = (features: readonly string[]): readonly string[] => {
  if (features.length > FEATURES_MAX)
    throw wrong(`A license has at most ${FEATURES_MAX} features.`);
  return features.map((feature) => readText('--feature', feature, NAME_MAX));
};

const readSupersedes = (ids: readonly LicenseId[]): readonly LicenseId[] => {
  const each = [...new Set(ids)];
  if (each.length <= SUPERSEDES_MAX) return each;
  throw wrong(`A license supersedes at most ${SUPERSEDES_MAX} others.`);
};

/** Keyed for the vendor: the license says nothing of the computer to anybody else. */
const readHostCode = (
  type: License['type'],
  text: string | undefined,
  signer: Uint8Array,
): Uint8Array | null => {
  if (text === undefined) {
    if (type !== 'standalone') return null;
    throw wrong(
      '--type standalone needs --host-code, which `usher hardware --host-code` prints on that computer.',
    );
  }
  const code = hostCodeFromText(text, nativePrimitives.sha512);
  if (!code.ok) throw wrong(`--host-code does not fit. ${HOST_TEXT_FAULTS[code.error]}`);
  if (matchHostCode(code.value, code.value).matches) {
    return keyHostCode(code.value, signer, nativePrimitives.sha512);
  }
  throw wrong('--host-code tells too little: it could be of any computer.');
};

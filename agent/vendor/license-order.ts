/** What a vendor types to issue a license, checked word by word. */

import { isPlainText } from '../../protocol/fields.ts';
import { GENERIC_CLASS, type License, type PoolGrant } from '../../protocol/license.ts';
import {
  FEATURES_MAX,
  NAME_MAX,
  POOLS_MAX,
  SEATS_MAX,
  TERM_MAX,
  TERM_MIN,
  TEXT_MAX,
} from '../../protocol/limits.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../../protocol/units.ts';
import { UsherError } from '../usher-error.ts';

export interface LicenseOrder {
  readonly product: string | undefined;
  readonly customer: string | undefined;
  readonly seats: string | undefined;
  /** `NAME=N` each. */
  readonly classes: readonly string[];
  readonly features: readonly string[];
  /** Days, `2027-03-31`; the license ends with that day, in UTC. */
  readonly expires: string | undefined;
  readonly starts: string | undefined;
  readonly term: string | undefined;
  readonly needsActivation: boolean;
  readonly hosts: License['hosts'];
}

/** Seconds: ten minutes, as the design's glossary says. */
const DEFAULT_TERM = 600;
const DAY = 86_400;

const wrong = (why: string): UsherError => new UsherError('WRONG_USAGE', why);

/** The license that an order describes. Code: WRONG_USAGE, with the word that does not fit. */
export const licenseFromOrder = (order: LicenseOrder, now: EpochSeconds): Omit<License, 'id'> => {
  const starts = readDay('--starts', order.starts);
  const lastDay = readDay('--expires', order.expires);
  const expires = lastDay === null ? null : epochSeconds(lastDay + DAY);
  if (expires !== null && expires <= (starts ?? now)) {
    throw wrong('--expires is a day after the license starts.');
  }
  return {
    type: 'floating',
    product: readText('--product', order.product, NAME_MAX),
    customer: readText('--customer', order.customer, TEXT_MAX),
    issued: now,
    starts: starts ?? now,
    expires,
    trial: null,
    term: seconds(readCount('--term', order.term ?? String(DEFAULT_TERM), TERM_MIN, TERM_MAX)),
    pools: readPools(order),
    counting: 'process',
    features: readFeatures(order.features),
    versions: { oldest: null, newest: null },
    maintenance: null,
    resource: null,
    meters: [],
    borrow: null,
    supersedes: [],
    activation: order.needsActivation ? 'required' : 'none',
    hosts: order.hosts,
    hostCode: null,
  };
};

const readText = (flag: string, text: string | undefined, most: number): string => {
  if (text === undefined || text.length === 0) throw wrong(`${flag} is needed.`);
  if (text.length > most || !isPlainText(text))
    throw wrong(`${flag} has at most ${most} characters.`);
  return text;
};

const readCount = (flag: string, text: string, least: number, most: number): number => {
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text) || count < least || count > most) {
    throw wrong(`${flag} is a whole number from ${least} to ${most}, not "${text}".`);
  }
  return count;
};

const readPools = ({ seats, classes }: LicenseOrder): readonly PoolGrant[] => {
  const pools = classes.map((text): PoolGrant => {
    const [, name = '', count = ''] = /^(.*)=(.*)$/.exec(text) ?? [];
    if (name === '') throw wrong(`--class is NAME=N, not "${text}".`);
    const grant = readCount(`--class ${name}`, count, 1, SEATS_MAX);
    return {
      class: readText('--class', name, NAME_MAX),
      seats: grant,
      overdraft: 0,
      stages: [],
    };
  });
  if (seats !== undefined) {
    const grant = readCount('--seats', seats, 1, SEATS_MAX);
    pools.push({ class: GENERIC_CLASS, seats: grant, overdraft: 0, stages: [] });
  }
  if (pools.length === 0) throw wrong('--seats N or --class NAME=N is needed.');
  if (pools.length > POOLS_MAX) throw wrong(`A license has at most ${POOLS_MAX} classes.`);
  if (new Set(pools.map((pool) => pool.class)).size < pools.length) {
    throw wrong(`Each class is named once; --seats is the class ${GENERIC_CLASS}.`);
  }
  return pools;
};

const readFeatures = (features: readonly string[]): readonly string[] => {
  if (features.length > FEATURES_MAX)
    throw wrong(`A license has at most ${FEATURES_MAX} features.`);
  return features.map((feature) => readText('--feature', feature, NAME_MAX));
};

const readDay = (flag: string, text: string | undefined): EpochSeconds | null => {
  if (text === undefined) return null;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (!isReal || time < 0 || time / 1000 > 0xffff_ffff - DAY) {
    throw wrong(`${flag} is a day like 2027-03-31, not "${text}".`);
  }
  return epochSeconds(time / 1000);
};

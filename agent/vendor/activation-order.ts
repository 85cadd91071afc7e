/** How an order wants its license to be activated. Code: WRONG_USAGE. */

import { type ActivationTerms, isMasterUrl } from '../../protocol/license.ts';
import { AGENTS_MAX, EMERGENCY_MAX, URL_MAX } from '../../protocol/limits.ts';
import { seconds } from '../../protocol/units.ts';
import { DAY, readCount, wrong } from './order-words.ts';

export interface ActivationOrder {
  readonly needsActivation: boolean;
  readonly agents: string | undefined;
  /** `5` or `5:30`: days, and the days after its issue in which it may begin. */
  readonly emergency: string | undefined;
  /** `30` or `30:7`: days, and days of grace. */
  readonly refresh: string | undefined;
  readonly master: string | undefined;
}

/** Days in which an emergency may begin, unless an order says so. */
const WINDOW_DAYS = 30;
/** Ten years: more is a slip of the finger. */
const DAYS_MAX = 3650;

/** `null` for a license that lends without. */
export const readActivation = (order: ActivationOrder): ActivationTerms | null => {
  const { agents, emergency, refresh, master } = order;
  if (!order.needsActivation) {
    const named = { '--agents': agents, '--emergency': emergency, '--refresh': refresh };
    const flags: Readonly<Record<string, string | undefined>> = { ...named, '--master': master };
    const [flag] = Object.keys(flags).filter((name) => flags[name] !== undefined);
    if (flag !== undefined) throw wrong(`Without activation there is no ${flag}: leave it out.`);
    return null;
  }
  return {
    agents: readCount('--agents', agents ?? '1', 1, AGENTS_MAX),
    emergency: readEmergency(emergency),
    refresh: readRefresh(refresh),
    master: readMaster(master),
  };
};

const readEmergency = (text: string | undefined): ActivationTerms['emergency'] => {
  if (text === undefined) return null;
  const [days = '', window = String(WINDOW_DAYS), ...more] = text.split(':');
  if (more.length > 0) throw wrong(`--emergency is DAYS or DAYS:WINDOW, not "${text}".`);
  return {
    longest: seconds(readCount('--emergency', days, 1, EMERGENCY_MAX / DAY) * DAY),
    window: seconds(readCount('The window of --emergency', window, 1, DAYS_MAX) * DAY),
  };
};

const readRefresh = (text: string | undefined): ActivationTerms['refresh'] => {
  if (text === undefined) return null;
  const [days = '', grace = '0', ...more] = text.split(':');
  if (more.length > 0) throw wrong(`--refresh is DAYS or DAYS:GRACE, not "${text}".`);
  return {
    every: seconds(readCount('--refresh', days, 1, DAYS_MAX) * DAY),
    grace: seconds(readCount('The grace of --refresh', grace, 0, DAYS_MAX) * DAY),
  };
};

const readMaster = (text: string | undefined): string | null => {
  if (text === undefined) return null;
  if (text.length <= URL_MAX && isMasterUrl(text) && URL.canParse(text)) return text;
  throw wrong(
    `--master is an address like https://licenses.example.com, of at most ${URL_MAX} characters, not "${text}".`,
  );
};

/** What an administrator is told of a license that the host keeps from lending. */

import type { License } from '../../../protocol/license.ts';
import { whoRefusesHost } from '../licenses/license-standing.ts';
import type { RefusedHost } from '../operations.ts';
import type { JudgedHost } from './judged-host.ts';

/** The host as it was judged, or `null` where neither the license nor a setting refuses it. */
export const describeRefusedHost = (license: License, host: JudgedHost): RefusedHost | null => {
  const by = whoRefusesHost(license, host);
  if (by === undefined) return null;
  const { verdict, evidence, unreadable = [] } = host;
  return { verdict, by, evidence, unreadable };
};

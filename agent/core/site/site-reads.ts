/** What a member reads of its register at every beat. */

import { SHARED_PREFIX } from '../charter/charter-record.ts';
import { LIMIT_PREFIX } from '../rules/rules.ts';
import type { RegisterRead, Revision } from './register.ts';
import {
  BEAT_PREFIX,
  BORROWED_PREFIX,
  DEAD_PREFIX,
  JOINED_PREFIX,
  KEPT_PREFIX,
  LOANS_KEY,
  METER_PREFIX,
  MOVED_PREFIX,
  NAMED_PREFIX,
  POOL_PREFIX,
  SECRET_KEY,
  TOLD_PREFIX,
} from './site-keys.ts';

/** Who is there. */
export const MEMBER_READS: readonly RegisterRead[] = [
  { prefix: JOINED_PREFIX, since: 0 },
  { prefix: BEAT_PREFIX, since: 0 },
  { prefix: DEAD_PREFIX, since: 0 },
  { prefix: TOLD_PREFIX, since: 0 },
];

/** Who is there, and what of pools and moved leases was written at this revision or later. */
export const readsSince = (since: Revision): readonly RegisterRead[] => [
  ...MEMBER_READS,
  { prefix: POOL_PREFIX, since },
  { prefix: LIMIT_PREFIX, since },
  { prefix: KEPT_PREFIX, since },
  { prefix: NAMED_PREFIX, since },
  { prefix: MOVED_PREFIX, since },
  { prefix: SHARED_PREFIX, since },
  { prefix: SECRET_KEY, since: 0 },
  { prefix: LOANS_KEY, since },
  { prefix: METER_PREFIX, since },
  // Some are deleted: all are read whenever they have changed.
  ...(since === 0 ? [{ prefix: BORROWED_PREFIX, since }] : []),
];

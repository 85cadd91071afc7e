/** Takes up what the store held when the agent started. */

import type { Moment } from '../../protocol/units.ts';
import { REVOCATIONS_PREFIX } from './activation/activation-ledger.ts';
import { ACTIVATION_PREFIX } from './activation/activation-record.ts';
import { REQUESTS_KEY } from './activation/activation-requests.ts';
import { WAITING_PREFIX } from './activation/return-hold.ts';
import type { AgentParts } from './agent-parts.ts';
import { ALARM_PREFIX } from './alarms/alarm-watch.ts';
import { AUDIT_PREFIX } from './audit/audit-record.ts';
import { CHILD_PREFIX } from './children/child-record.ts';
import { openHeld } from './licenses/any-license.ts';
import { REMOVED_PREFIX } from './licenses/removed-licenses.ts';
import { TRIAL_PREFIX } from './licenses/trial-ledger.ts';
import { DRAW_PREFIX, METER_PREFIX } from './meters/meter-record.ts';
import { RESOURCE_PREFIX } from './resources/resource-register.ts';
import { readSuccession, SUPERSEDED_PREFIX } from './seats/allowance.ts';
import { decodeLeaseRecord, LEASE_PREFIX, LICENSE_PREFIX } from './seats/lease-record.ts';
import { HOLDOFF_KEY } from './seats/lending-gate.ts';
import { USER_PREFIX } from './seats/user-record.ts';
import {
  CHARTER_PREFIX,
  COMMON_KEY,
  COMMON_RESOURCES_KEY,
  COMMON_USERS_KEY,
  SITE_MARK_KEY,
} from './store-key.ts';
import { USAGE_PREFIX } from './usage/usage-record.ts';
import { CLOCK_KEY } from './wall-guard.ts';

/** `false`: the entry is damaged, or is none that this version knows. */
type Restore = (parts: AgentParts, key: string, value: Uint8Array, at: Moment) => boolean;

const restoreLicense: Restore = ({ shelf, primitives }, _key, value) => {
  const opened = openHeld(value.slice(), primitives);
  if (!opened.ok) return false;
  if (shelf.get(opened.value.license.id) === undefined) shelf.add(opened.value);
  return true;
};

const restoreLease: Restore = ({ lending }, _key, value, at) => {
  const record = decodeLeaseRecord(value);
  if (record === undefined) return false;
  lending.restore(record, at);
  return true;
};

const restoreSuccession: Restore = ({ shelf }, key, value) => {
  const succession = readSuccession(key, value);
  if (succession !== undefined) shelf.restoreSuccession(succession);
  return succession !== undefined;
};

const restoreCommon: Restore = ({ licenseCharter, formerSite }, key, value) =>
  licenseCharter === undefined ? formerSite.restore(key) : licenseCharter.restore(value);

const restoreMark: Restore = ({ editions, formerSite }, key, value) =>
  editions === undefined ? formerSite.restore(key) : editions.restore(value);

const RESTORERS: readonly (readonly [string, Restore])[] = [
  [LEASE_PREFIX, restoreLease],
  [LICENSE_PREFIX, restoreLicense],
  [SUPERSEDED_PREFIX, restoreSuccession],
  [ACTIVATION_PREFIX, ({ activations }, key, value) => activations.restore(key, value)],
  [REVOCATIONS_PREFIX, ({ activations }, key, value) => activations.restore(key, value)],
  [REQUESTS_KEY, ({ requests }, key, value) => requests.restore(key, value)],
  [REMOVED_PREFIX, ({ removed }, key, value) => removed.restore(key, value)],
  [USER_PREFIX, ({ roster }, key, value) => roster.restore(key, value)],
  [RESOURCE_PREFIX, ({ resources }, key, value) => resources.restore(key, value)],
  [METER_PREFIX, ({ meters }, key, value) => meters.restore(key, value)],
  [DRAW_PREFIX, ({ meters }, key, value) => meters.restore(key, value)],
  [TRIAL_PREFIX, ({ trials }, key, value) => trials.restore(key, value)],
  [WAITING_PREFIX, ({ returns }, key, value, at) => returns.restore(key, value, at)],
  [CHILD_PREFIX, ({ children }, key, value) => children.restore(key, value)],
  [HOLDOFF_KEY, ({ gate }, key, value, at) => gate.restore(key, value, at)],
  [COMMON_KEY, restoreCommon],
  // Of no use to an agent that has left its site.
  [COMMON_USERS_KEY, ({ userCharter }, _key, value) => userCharter?.restore(value) ?? true],
  [COMMON_RESOURCES_KEY, (parts, _key, value) => parts.resourceCharter?.restore(value) ?? true],
  [SITE_MARK_KEY, restoreMark],
  [CHARTER_PREFIX, ({ charter }, key, value) => charter?.restore(key, value) ?? true],
  // The history's own, which reads them itself.
  [USAGE_PREFIX, () => true],
  [AUDIT_PREFIX, () => true],
  [ALARM_PREFIX, () => true],
  [CLOCK_KEY, ({ wallGuard }, key, value) => wallGuard.restore(key, value)],
];

/** Takes up one entry; `false` when it is damaged. */
export const restoreEntry: Restore = (parts, key, value, at) => {
  const restorer = RESTORERS.find(([prefix]) => key.startsWith(prefix));
  return restorer?.[1](parts, key, value, at) ?? false;
};

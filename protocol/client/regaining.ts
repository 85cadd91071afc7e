/** After which reasons a seat that was lost, or refused to who lost one, is worth looking for again. */

import type { LossCode } from './seat-events.ts';

/** True where time, chance or another agent may mend it; false where somebody has decided. */
const WORTH_LOOKING: Readonly<Record<LossCode, boolean>> = {
  // The seat ran out in a sleep or an outage, or the agent has forgotten it.
  'not-renewed': true,
  'not-held': true,
  // A newer license is there in its place.
  'license-superseded': true,
  // They pass.
  'no-seat': true,
  reserved: true,
  'limit-reached': true,
  'queue-full': true,
  busy: true,
  'store-failing': true,
  borrowed: true,
  // The agent that has the license may not have answered yet.
  'no-license': true,
  // The administrator's word: asking at once would undo it.
  disconnected: false,
  recalled: false,
  excluded: false,
  'not-assigned': false,
  'license-removed': false,
  // The application was not used: its seat goes to others.
  idle: false,
  // There are fewer seats than were held, and this one was chosen to go.
  'seats-reduced': false,
  // Another agent may lend; here it takes the administrator, or a whole term.
  'holding-off': true,
  'store-damaged': true,
  // The agent that it was copied from may be in reach.
  'wrong-host': true,
  // The license may be active on another agent in the meantime.
  'activation-ended': true,
  'license-suspended': true,
  'license-returned': true,
  'license-revoked': false,
  'license-invalid': false,
  // An agent that is a site by itself may be in reach.
  'site-child': true,
  // Only another license helps.
  'license-expired': false,
  'license-pending': false,
  'trial-ended': false,
  'not-activated': false,
  'standalone-only': false,
  'no-class': false,
  'no-feature': false,
  'no-version': false,
  'no-maintenance': false,
  'version-needed': false,
  'no-resource': false,
  'resource-needed': false,
  'too-heavy': false,
  // Only another host or another program helps.
  'virtual-host': false,
  'container-host': false,
  'unknown-host': false,
  'bad-request': false,
  // Not said of seats.
  'no-document': false,
  'no-match': false,
  'borrow-forbidden': false,
  'borrow-too-long': false,
  'borrow-limit': false,
  'no-meter': false,
  'meter-empty': false,
  'draw-conflict': false,
  'roster-full': false,
  'faulty-rules': false,
  'clock-refused': false,
};

export const isWorthLooking = (code: LossCode): boolean => WORTH_LOOKING[code];

/** A date as people write it, by arithmetic alone. */

import type { EpochSeconds } from '../../protocol/units.ts';

/** `2027-03-31`, in UTC. */
export const utcDay = (wall: EpochSeconds): string => {
  // Years are counted from March: the day that a leap year has more is the last of one.
  const days = Math.floor(wall / 86_400) + 719_468;
  const era = Math.floor(days / 146_097);
  const ofEra = days - era * 146_097;
  const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const year = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const whole = year + era * 400 + (month <= 2 ? 1 : 0);
  return [String(whole), pad(month), pad(day)].join('-');
};

const pad = (number: number): string => String(number).padStart(2, '0');

/** When it is for what is made up. */

import { licenseId } from '../../protocol/ids.ts';
import { epochSeconds } from '../../protocol/units.ts';

export const DAY = 86_400;
/** The id of a license by a small number. */
export const parseLicenseId = (i: number) => licenseId(new Uint8Array(16).fill(i));
/** Seconds since 1970. */
export const NOW = Math.floor(Date.now() / 1000);
/** So many days from now. */
export const at = (days: number) => epochSeconds(NOW + Math.round(days * DAY));

/** Every sentence of the master's pages in German, with those of the parts that it shares. */

import { activationDe } from '../../texts/activation-de.ts';
import { frameDe } from '../../texts/frame-de.ts';
import { licensesDe } from '../../texts/licenses-de.ts';
import { logDe } from '../../texts/log-de.ts';
import { overviewDe } from '../../texts/overview-de.ts';
import { seatsDe } from '../../texts/seats-de.ts';
import type { masterEn } from './master-en.ts';
import { mineDe } from './mine-de.ts';
import { orderDe } from './order-de.ts';
import { staffDe } from './staff-de.ts';

export const masterDe: Readonly<Record<keyof typeof masterEn, string>> = {
  ...activationDe,
  ...frameDe,
  ...licensesDe,
  ...logDe,
  ...overviewDe,
  ...seatsDe,
  ...staffDe,
  ...orderDe,
  ...mineDe,
};

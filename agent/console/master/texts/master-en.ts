/** Every sentence of the master's pages in English, with those of the parts that it shares. */

import { activationEn } from '../../texts/activation-en.ts';
import { frameEn } from '../../texts/frame-en.ts';
import { licensesEn } from '../../texts/licenses-en.ts';
import { logEn } from '../../texts/log-en.ts';
import { overviewEn } from '../../texts/overview-en.ts';
import { seatsEn } from '../../texts/seats-en.ts';
import { mineEn } from './mine-en.ts';
import { orderEn } from './order-en.ts';
import { staffEn } from './staff-en.ts';

export const masterEn = {
  ...activationEn,
  ...frameEn,
  ...licensesEn,
  ...logEn,
  ...overviewEn,
  ...seatsEn,
  ...staffEn,
  ...orderEn,
  ...mineEn,
} as const;

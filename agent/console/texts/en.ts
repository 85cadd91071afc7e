/** Every English sentence of the console, page by page. `{name}` stands for a value. */

import { activationEn } from './activation-en.ts';
import { childrenEn } from './children-en.ts';
import { frameEn } from './frame-en.ts';
import { licensesEn } from './licenses-en.ts';
import { logEn } from './log-en.ts';
import { overviewEn } from './overview-en.ts';
import { refusalsEn } from './refusals-en.ts';
import { resourcesEn } from './resources-en.ts';
import { rulesEn } from './rules-en.ts';
import { seatsEn } from './seats-en.ts';
import { serviceEn } from './service-en.ts';
import { usageEn } from './usage-en.ts';
import { usersEn } from './users-en.ts';

export const en = {
  ...activationEn,
  ...childrenEn,
  ...frameEn,
  ...licensesEn,
  ...logEn,
  ...overviewEn,
  ...refusalsEn,
  ...resourcesEn,
  ...rulesEn,
  ...seatsEn,
  ...serviceEn,
  ...usageEn,
  ...usersEn,
} as const;

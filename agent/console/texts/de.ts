/** Every German sentence of the console, page by page. `{name}` stands for a value. */

import { activationDe } from './activation-de.ts';
import { childrenDe } from './children-de.ts';
import type { en } from './en.ts';
import { frameDe } from './frame-de.ts';
import { licensesDe } from './licenses-de.ts';
import { logDe } from './log-de.ts';
import { overviewDe } from './overview-de.ts';
import { refusalsDe } from './refusals-de.ts';
import { resourcesDe } from './resources-de.ts';
import { rulesDe } from './rules-de.ts';
import { seatsDe } from './seats-de.ts';
import { serviceDe } from './service-de.ts';
import { usageDe } from './usage-de.ts';
import { usersDe } from './users-de.ts';

export const de: Readonly<Record<keyof typeof en, string>> = {
  ...activationDe,
  ...childrenDe,
  ...frameDe,
  ...licensesDe,
  ...logDe,
  ...overviewDe,
  ...refusalsDe,
  ...resourcesDe,
  ...rulesDe,
  ...seatsDe,
  ...serviceDe,
  ...usageDe,
  ...usersDe,
};

/** What several agents that share their seats as one site refuse. */

import type { RefusalText } from './refusal-text.ts';

export const SITE_REFUSALS = {
  'site-borrow': {
    number: 54,
    sentence: 'Seats that several agents share as one site cannot be borrowed yet.',
    administrator: 'Borrow from an agent that is a site by itself; see `usher site --help`.',
  },
  'site-draw': {
    number: 55,
    sentence: 'Several agents as one site cannot count allowances like runs or hours yet.',
    administrator:
      'Use this license on an agent that is a site by itself; see `usher site --help`.',
  },
  'site-named': {
    number: 56,
    sentence: 'Several agents as one site cannot share a license for named users yet.',
    administrator:
      'Use this license on an agent that is a site by itself; see `usher site --help`.',
  },
  'site-resource': {
    number: 57,
    sentence:
      'Several agents as one site cannot share a license for a database or project of choice yet.',
    administrator:
      'Use this license on an agent that is a site by itself; see `usher site --help`.',
  },
  'site-child': {
    number: 58,
    sentence: 'Several agents as one site cannot share a child license yet.',
    administrator:
      'Use this license on an agent that is a site by itself; see `usher site --help`.',
  },
} as const satisfies Record<string, RefusalText>;

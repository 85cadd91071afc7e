/** What several agents that share their seats as one site refuse. */

import type { RefusalText } from './refusal-text.ts';

export const SITE_REFUSALS = {
  // 54 to 57 were of sites that could not yet do what they can.
  'site-child': {
    number: 58,
    sentence: 'Several agents as one site cannot share a child license yet.',
    administrator:
      'Use this license on an agent that is a site by itself; see `usher site --help`.',
  },
} as const satisfies Record<string, RefusalText>;

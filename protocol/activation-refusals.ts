/** Why a license that is bound to a computer, or has been, is not in force. */

import type { RefusalText } from './refusal-text.ts';

export const ACTIVATION_REFUSALS = {
  'wrong-host': {
    number: 48,
    sentence: 'The license is bound to another computer than the one on which the agent runs.',
    administrator:
      'See what differs with `usher hardware`. Use it on its own computer, or ask the vendor; after a move of the whole agent see `usher host adopt --help`.',
  },
  'activation-ended': {
    number: 49,
    sentence: "The license's activation has ended.",
    administrator:
      'Activate it again: `usher license activate ID --online`, or `--request FILE` without a network.',
  },
  'license-suspended': {
    number: 50,
    sentence: 'The license is suspended by its vendor, or by the parent that gave it.',
    administrator: 'Ask who gave it; then take up the change with `usher license refresh`.',
  },
  'license-revoked': {
    number: 51,
    sentence: 'The license is revoked by its vendor, or removed by the parent that gave it.',
    administrator: 'Ask who gave it for another license; add it with `usher license add FILE`.',
  },
  'license-returned': {
    number: 52,
    sentence: 'The license is given back, or taken from this agent by the vendor.',
    administrator: 'Activate it again with `usher license activate ID` if it is to be used here.',
  },
  'license-invalid': {
    number: 53,
    sentence: 'The license is signed with a key that the vendor has revoked.',
    administrator: 'Ask the vendor for it anew; add it with `usher license add FILE`.',
  },
} as const satisfies Record<string, RefusalText>;

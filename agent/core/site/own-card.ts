/** The card of this agent: what the others of its site are to know of it. */

import type { Seconds } from '../../../protocol/units.ts';
import { encodeCard } from './member-card.ts';
import type { SiteParts } from './site-parts.ts';

/** `longest`: the longest term that it lends for. */
export const ownCard = (
  { preferences, version, reach }: Pick<SiteParts, 'preferences' | 'version' | 'reach'>,
  longest: Seconds,
): Uint8Array => {
  const { port, addresses } = reach.view;
  return encodeCard({ name: preferences.now.name, version, port, addresses, longest });
};

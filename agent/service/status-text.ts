/** The agent's state in one line, for a service manager. */

import { SEATS_UNLIMITED } from '../../protocol/limits.ts';
import type { StatusView } from '../core/operations.ts';

/** Most products that are named. */
const NAMED_MAX = 3;
const UNHEARD = 'the site does not hear this agent';

/** `Serving on UDP port 24711: acme-cad 3 of 10 seats.` */
export const statusToText = (status: StatusView, port: number): string => {
  const why = status.storeTrouble ?? (status.site?.isHeard === false ? UNHEARD : null);
  const trouble = why === null ? '' : `Degraded, no seat is lent anew: ${why}. `;
  const products = status.products
    .slice(0, NAMED_MAX)
    .map(({ product, lent, seats }) =>
      seats >= SEATS_UNLIMITED
        ? `${product} ${lent} seats`
        : `${product} ${lent} of ${seats} seats`,
    );
  const more = status.products.length - products.length;
  if (more > 0) products.push(`${more} products more`);
  const what = products.length === 0 ? 'no license yet' : products.join(', ');
  return `${trouble}Serving on UDP port ${port}: ${what}.`;
};

/** What an agent says of itself to whoever asks. */

import { SEATS_UNLIMITED } from '../../../protocol/limits.ts';
import {
  type Discover,
  type Offer,
  type OfferedProduct,
  SPOKEN,
} from '../../../protocol/offers.ts';
import { buildOffer } from '../../../protocol/packet.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { JudgedHost } from '../host/judged-host.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf } from '../licenses/license-shelf.ts';

export interface Lenders {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
}

export interface ProductSeats extends OfferedProduct {
  readonly lent: number;
}

/**
 * Seats of a product over every license that lends now. One without a limit counts only where no
 * other license of the product has seats; those that are tolerated beyond the count are free.
 */
export const summarizeProduct = (
  { shelf, judge }: Lenders,
  product: string,
  wall: EpochSeconds,
  host: JudgedHost,
): ProductSeats => {
  let free = 0;
  let lent = 0;
  let total = 0;
  const licenses = shelf.ofProduct(product);
  const counted = licenses.filter(({ license }) => license.type !== 'server');
  for (const one of counted.length > 0 ? counted : licenses) {
    if (judge.standing(one, wall, host).refusal !== undefined) continue;
    for (const pool of one.pools) {
      free = Math.min(SEATS_UNLIMITED, free + pool.free + pool.tolerated);
      lent += pool.lent;
      total = Math.min(SEATS_UNLIMITED, total + pool.licensed);
    }
  }
  return { product, free, lent, total };
};

/** More products than this never fit into a datagram. */
const PRODUCTS_TRIED = 64;

/** The answer to a discover, naming as many products as fit into one datagram. */
export const answerDiscover = (
  discover: Discover,
  self: Pick<Offer, 'agentKey' | 'epoch' | 'cookie' | 'name' | 'version'>,
  lenders: Lenders,
  wall: EpochSeconds,
  host: JudgedHost,
): Uint8Array => {
  const { shelf } = lenders;
  const asked = discover.product === null ? [...shelf.products()] : [discover.product];
  const known = asked.filter((product) => shelf.ofProduct(product).length > 0);
  const products = known
    .slice(0, PRODUCTS_TRIED)
    .map((product) => summarizeProduct(lenders, product, wall, host));
  for (;;) {
    const more = known.length - products.length;
    const offer = { ...self, nonce: discover.nonce, versions: SPOKEN, products, more };
    const datagram = buildOffer(offer);
    if (datagram !== undefined) return datagram;
    products.pop();
  }
};

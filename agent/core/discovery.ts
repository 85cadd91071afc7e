/** What an agent says of itself to whoever asks. */

import { type Discover, type Offer, type OfferedProduct, SPOKEN } from '../../protocol/offers.ts';
import { buildOffer } from '../../protocol/packet.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import type { JudgedHost } from './judged-host.ts';
import type { LicenseShelf } from './license-shelf.ts';
import { licenseStanding } from './license-standing.ts';

/** Seats of a product over every license that lends now. */
export const summarizeProduct = (
  shelf: LicenseShelf,
  product: string,
  wall: EpochSeconds,
  host: JudgedHost,
): OfferedProduct => {
  let free = 0;
  let total = 0;
  for (const { license, pools } of shelf.ofProduct(product)) {
    if (licenseStanding(license, wall, host).refusal !== undefined) continue;
    for (const pool of pools) {
      free += pool.free;
      total += pool.licensed;
    }
  }
  return { product, free, total };
};

/** More products than this never fit into a datagram. */
const PRODUCTS_TRIED = 64;

/** The answer to a discover, naming as many products as fit into one datagram. */
export const answerDiscover = (
  discover: Discover,
  self: Pick<Offer, 'agentKey' | 'epoch' | 'cookie' | 'name' | 'version'>,
  shelf: LicenseShelf,
  wall: EpochSeconds,
  host: JudgedHost,
): Uint8Array => {
  const asked = discover.product === null ? [...shelf.products()] : [discover.product];
  const known = asked.filter((product) => shelf.ofProduct(product).length > 0);
  const products = known
    .slice(0, PRODUCTS_TRIED)
    .map((product) => summarizeProduct(shelf, product, wall, host));
  for (;;) {
    const more = known.length - products.length;
    const offer = { ...self, nonce: discover.nonce, versions: SPOKEN, products, more };
    const datagram = buildOffer(offer);
    if (datagram !== undefined) return datagram;
    products.pop();
  }
};

/** Who brings a request. */

import type { SignedRequest } from '../../../protocol/activation-request.ts';

/** As far as he has signed in. */
export interface Bearer {
  /** Only this customer's licenses are known to him; `null` for every one. */
  readonly customer: string | null;
  /** For the log: an address, or a name. */
  readonly from: string;
}

/** An agent, for the log. */
export const whoAsks = ({ request }: SignedRequest, { from }: Bearer): string =>
  `agent on ${request.hostName === '' ? 'a computer without a name' : request.hostName}, from ${from}`;

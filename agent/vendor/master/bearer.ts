/** Who brings a request. */

import type { SignedRequest } from '../../../protocol/activation-request.ts';

/** As far as he has signed in. */
export interface Bearer {
  /** Only this customer's licenses are known to him; `null` for every one. */
  readonly customer: string | null;
  /** Whether he gets anything activated that is not his agent's already. */
  readonly mayActivate: boolean;
  /** Whether what the vendor wants to decide by hand is granted, where there is room. */
  readonly approves: boolean;
  /** For the log: an address, or a name. */
  readonly from: string;
}

/** An agent, for the log. */
export const whoAsks = ({ request }: SignedRequest, { from }: Bearer): string =>
  `agent on ${request.hostName === '' ? 'a computer without a name' : request.hostName}, from ${from}`;

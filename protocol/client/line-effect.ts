/** What a client's state machines ask of the line to the agents, whatever else they ask for. */

import type { Endpoint } from '../endpoint.ts';
import type { Instant } from '../units.ts';

export type LineEffect =
  | { readonly kind: 'send'; readonly to: Endpoint; readonly bytes: Uint8Array }
  /** Send to every place where an agent may be: broadcast addresses and those given by hand. */
  | { readonly kind: 'ask-around'; readonly bytes: Uint8Array }
  /** Replaces the one asked for before. */
  | { readonly kind: 'wake-at'; readonly at: Instant };

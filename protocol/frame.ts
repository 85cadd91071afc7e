/** The parts of a datagram, and why one has none. */

import type { Discover, Offer } from './offers.ts';

export type Frame =
  | { readonly kind: 'discover'; readonly discover: Discover }
  | { readonly kind: 'offer'; readonly offer: Offer }
  | {
      readonly kind: 'hello';
      readonly cookie: Uint8Array;
      readonly clientKey: Uint8Array;
      readonly nonce: Uint8Array;
      readonly box: Uint8Array;
    }
  | {
      readonly kind: 'request';
      readonly clientKey: Uint8Array;
      readonly nonce: Uint8Array;
      readonly box: Uint8Array;
    }
  | {
      readonly kind: 'reply';
      readonly tag: Uint8Array;
      readonly nonce: Uint8Array;
      readonly box: Uint8Array;
    };

/** Why a datagram was dropped at the door. */
export type FrameFault =
  | 'wrong-size'
  | 'not-usher'
  | 'other-version'
  | 'unknown-frame'
  | 'malformed';

/** Everything the agent can hear. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { MasterAnswer } from './activation/master-answer.ts';
import type { Asked } from './change-queue.ts';
import type { SharedTaken } from './charter/charter-effects.ts';
import type { HostVerdict } from './host/host-verdict.ts';
import type { CoreOperation } from './operations.ts';
import type { Preferred } from './preferences.ts';
import type { RegisterAnswer } from './site/register.ts';

export type Event =
  /** A datagram came in. Its bytes are not used after the step. */
  | { readonly kind: 'datagram'; readonly from: Endpoint; readonly bytes: Uint8Array }
  /** The time that a `wake-at` effect asked for has come. */
  | { readonly kind: 'wake' }
  /** Everything up to this commit ticket is on the disk. */
  | { readonly kind: 'committed'; readonly ticket: number }
  /** Nothing of the commits up to this ticket that were under way is promised to be on the disk. */
  | { readonly kind: 'commit-failed'; readonly ticket: number; readonly reason: string }
  /** What the store held when the agent started, a piece at a time, before anything else. */
  | { readonly kind: 'restored'; readonly entries: readonly (readonly [string, Uint8Array])[] }
  /**
   * The store could not be opened or read as a whole, for this reason. `damaged`: what was committed
   * is not all known, and nothing is lent again before it was repaired and the agent started anew.
   */
  | { readonly kind: 'store-closed'; readonly reason: string; readonly damaged: boolean }
  /** The host has been looked at: when the agent started, as it asked, or because it changed. */
  | {
      readonly kind: 'host-judged';
      readonly verdict: HostVerdict;
      /** Its plain host code, where that was read. */
      readonly code?: Uint8Array;
    }
  /** What the last `keep-host` asked for could not be written. */
  | { readonly kind: 'host-not-kept' }
  /** The agent hears and speaks on these addresses now: when it started, and when they changed. */
  | {
      readonly kind: 'network-changed';
      readonly port: number;
      readonly addresses: readonly string[];
      /** Interfaces on which it is announced by mDNS. */
      readonly mdns: readonly string[];
    }
  /** The agent of a child calls: `body` as protocol/master-call.ts says. `parent-answers` has the number. */
  | { readonly kind: 'child-called'; readonly number: number; readonly body: Uint8Array }
  /** What `draw-secret` asked for: 32 random bytes that nobody else has; they are overwritten in time. */
  | { readonly kind: 'secret-drawn'; readonly secret: Uint8Array }
  /** The administrator has set something else. */
  | { readonly kind: 'preferences'; readonly preferred: Preferred }
  /** What came of the call to a master with this number. */
  | { readonly kind: 'master-answered'; readonly number: number; readonly answer: MasterAnswer }
  /** What came of the ask of the site's register with this number. */
  | {
      readonly kind: 'register-answered';
      readonly number: number;
      readonly answer: RegisterAnswer;
    }
  | SharedTaken
  /** An administrator asks; the `answer` effect carries the same number. */
  | ({ readonly kind: 'operator'; readonly operation: CoreOperation } & Asked);

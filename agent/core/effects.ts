/** Everything the agent can do to the world. */

import type { Endpoint } from '../../protocol/endpoint.ts';
import type { Instant } from '../../protocol/units.ts';
import type { Credentials } from './activation/credentials.ts';
import type { TakeShared } from './charter/charter-effects.ts';
import type { ParentAnswer } from './children/parent-answer.ts';
import type { HostIdentity } from './host/host-identity.ts';
import type { HostMark } from './host/host-mark.ts';
import type { Note } from './notes.ts';
import type { Outcome } from './operations.ts';
import type { RegisterAsk } from './site/register.ts';
import type { Write } from './write.ts';

export type Effect =
  | { readonly kind: 'send'; readonly to: Endpoint; readonly bytes: Uint8Array }
  /** Write durably, in the order of the tickets, then say `committed`; many may share one write. */
  | { readonly kind: 'commit'; readonly ticket: number; readonly writes: readonly Write[] }
  /** Say `wake` at this instant; replaces the one asked for before. */
  | { readonly kind: 'wake-at'; readonly at: Instant }
  | { readonly kind: 'answer'; readonly number: number; readonly outcome: Outcome }
  /** Look whether the host is still what it was, then say `host-judged`, changed or not. */
  | { readonly kind: 'look-at-host' }
  /** Keep beside the agent's key by what its computer is told; say `host-not-kept` where it fails. */
  | { readonly kind: 'keep-host'; readonly identity: HostIdentity }
  /**
   * Call the master, or parent, at this address, then say `master-answered`, whatever comes of it. The
   * credentials go along, and nowhere else.
   */
  | {
      readonly kind: 'ask-master';
      readonly number: number;
      readonly url: string;
      readonly body: Uint8Array;
      readonly credentials: Credentials | null;
    }
  /** Keep these marks on this computer outside the data folder. */
  | { readonly kind: 'keep-marks'; readonly marks: readonly HostMark[] }
  /** Send to everybody on each network, to the port of agents. */
  | { readonly kind: 'ask-around'; readonly bytes: Uint8Array }
  /** Answer a child that has called, by the number of its `child-called`. */
  | { readonly kind: 'parent-answers'; readonly number: number; readonly answer: ParentAnswer }
  /** Draw 32 random bytes, then say `secret-drawn`. */
  | { readonly kind: 'draw-secret' }
  /** Ask the site's register, then say `register-answered`, whatever comes of it. */
  | { readonly kind: 'ask-register'; readonly number: number; readonly ask: RegisterAsk }
  | TakeShared
  /** What people are shown of the site is out of date: whoever looks at it is to ask anew. */
  | { readonly kind: 'site-changed' }
  | { readonly kind: 'note'; readonly note: Note };

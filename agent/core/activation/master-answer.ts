/** What comes of a call to a master. */

import type { CallRefusalCode } from '../../../protocol/master-call.ts';

/**
 * Why there is no response: the master's own reasons, or `unreachable` (no connection, or no answer in
 * time) and `not-a-master` (somebody else answers at that address).
 */
export type MasterFault = CallRefusalCode | 'unreachable' | 'not-a-master';

export type MasterAnswer =
  | {
      readonly ok: true;
      /** At most 61,440 bytes; not believed yet. */
      readonly bytes: Uint8Array;
      /** The master's version, where it says so. */
      readonly version: string | null;
    }
  | {
      readonly ok: false;
      readonly code: MasterFault;
      /** For people: why, and what to do. */
      readonly sentence: string;
      readonly version: string | null;
    };

/** A master that gave no response. */
export interface MasterFailure {
  readonly master: string;
  readonly code: MasterFault;
  readonly sentence: string;
}

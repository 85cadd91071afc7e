/** What the core has the keepers of a site's texts do, and what they say to that. */

import type { Revision } from '../site/register.ts';
import type { CharterKind } from './charter-record.ts';

/**
 * Have this text durably and in force, then say `shared-taken`; what it takes the place of is kept
 * unless its hash is `before`. `bytes: null`: the site has none yet, and yours may be offered.
 */
export interface TakeShared {
  readonly kind: 'take-shared';
  readonly what: CharterKind;
  readonly revision: Revision;
  readonly bytes: Uint8Array | null;
  /** Of the text that was taken up last. */
  readonly before: Uint8Array | null;
}

/** What was asked for by `take-shared` is done. Where that is not said it is asked for again. */
export interface SharedTaken {
  readonly kind: 'shared-taken';
  readonly what: CharterKind;
  readonly revision: Revision;
}

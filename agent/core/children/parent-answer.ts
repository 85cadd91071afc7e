/** What a child that has called is answered. */

import type { CallRefusal } from '../../../protocol/master-call.ts';

/** A signed response, or why there is none. */
export type ParentAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | ({ readonly ok: false } & CallRefusal);

/** How an acquire fails. */

import type { Explanation } from './sentences.ts';

/** Why no seat was had. `code` is stable; `administrator` says who can mend it and how. */
export class SeatError extends Error {
  readonly code: string;
  readonly administrator: string;

  constructor({ code, sentence, administrator }: Explanation) {
    super(sentence);
    this.name = 'SeatError';
    this.code = code;
    this.administrator = administrator;
  }
}

/** How an acquire fails. */

import type { Explanation } from './sentences.ts';

/** Why no seat was had. `code` is stable; `administrator` says who can mend it and how. */
export class SeatError extends Error {
  readonly code: string;
  readonly administrator: string;
  readonly explanation: Explanation;

  constructor(explanation: Explanation) {
    const { code, sentence, administrator } = explanation;
    super(sentence);
    this.explanation = explanation;
    this.name = 'SeatError';
    this.code = code;
    this.administrator = administrator;
  }
}

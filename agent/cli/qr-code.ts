/** A text as a QR code on a terminal: two rows of squares in a line of half blocks. */

import { renderUnicodeCompact } from 'uqr';
import { UsherError } from '../usher-error.ts';

/** What a QR code holds with the least correction, in bytes. */
const TEXT_MAX = 2953;

/** Its light squares are drawn, white on black whatever the terminal's colours. Code: WRONG_USAGE. */
export const renderQrCode = (text: string): string => {
  if (Buffer.byteLength(text) > TEXT_MAX) {
    throw new UsherError(
      'WRONG_USAGE',
      'The request is too long for one QR code: ask for fewer licenses at a time, or use --request FILE.',
    );
  }
  const lines = renderUnicodeCompact(text, { ecc: 'L', border: 4 }).split('\n');
  return lines.map((line) => `\u001b[97;40m${line}\u001b[0m\n`).join('');
};

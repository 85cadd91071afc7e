/** A QR code as a picture; nothing where the text is too long for one. */

import { qrCode } from '../qr/qr-code.ts';

/** Squares of nothing that must be around it. */
const QUIET = 4;

export const QrPicture = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const rows = qrCode(text);
  if (rows === undefined) return null;
  const size = rows.length + 2 * QUIET;
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')))
    .join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
};

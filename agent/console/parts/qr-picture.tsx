/** A QR code as a picture; nothing where the text is too long for one. */

import { encode } from 'uqr';

/** Bytes that the largest code holds. */
const BYTES_MAX = 2953;

export const QrPicture = ({ text, label }: { readonly text: string; readonly label: string }) => {
  if (new TextEncoder().encode(text).length > BYTES_MAX) return null;
  const { data, size } = encode(text, { ecc: 'L', border: 4 });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
};

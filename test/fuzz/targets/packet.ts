/** Datagrams as they come in: taken apart, and put together again. */

import { bytesToHex } from '../../../protocol/bytes.ts';
import { DATAGRAM_MAX } from '../../../protocol/limits.ts';
import { buildDiscover, buildOffer, parseFrame } from '../../../protocol/packet.ts';
import { promise, type Target } from '../target.ts';
import { bytesOf } from '../vector-seeds.ts';

/** The same but for the padding. */
const isSame = (one: Uint8Array, other: Uint8Array | undefined): boolean => {
  const plain = (bytes: Uint8Array): string => bytesToHex(bytes).replace(/(00)*$/, '');
  return other !== undefined && plain(one) === plain(other);
};

export const packet: Target = {
  name: 'packet',
  shape: 'bytes',
  most: DATAGRAM_MAX + 64,
  seeds: () => bytesOf('frames', 'datagram'),
  run: (bytes) => {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    promise(bytes.length <= DATAGRAM_MAX, 'no datagram is too long');
    if (frame.kind === 'discover') {
      promise(isSame(bytes, buildDiscover(frame.discover)), 'a discover has one form');
    } else if (frame.kind === 'offer') {
      // Fields of a later minor version are read over, so the form may differ; the reading may not.
      const again = buildOffer(frame.offer);
      const reread = again && parseFrame(again);
      promise(
        again === undefined || JSON.stringify(reread) === JSON.stringify(frame),
        'an offer reads as it was written',
      );
    } else promise(frame.nonce.length === 16, 'a nonce has 16 bytes');
  },
};

/** Datagrams as they come in: taken apart, and put together again. */

import { DATAGRAM_MAX } from '../../../protocol/limits.ts';
import { buildDiscover, buildOffer, parseFrame } from '../../../protocol/packet.ts';
import { promise, type Target } from '../target.ts';
import { bytesOf } from '../vector-seeds.ts';

export const packet: Target = {
  name: 'packet',
  shape: 'bytes',
  most: DATAGRAM_MAX + 64,
  seeds: () => bytesOf('frames', 'datagram'),
  run: (bytes) => {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    promise(bytes.length <= DATAGRAM_MAX, 'no datagram is too long');
    // Fields of a later minor version are read over, so the bytes may differ; the reading may not.
    if (frame.kind === 'discover' || frame.kind === 'offer') {
      const again =
        frame.kind === 'discover' ? buildDiscover(frame.discover) : buildOffer(frame.offer);
      const isSame =
        again === undefined || JSON.stringify(parseFrame(again)) === JSON.stringify(frame);
      promise(isSame, 'what was written again reads the same');
    } else promise(frame.nonce.length === 16, 'a nonce has 16 bytes');
  },
};

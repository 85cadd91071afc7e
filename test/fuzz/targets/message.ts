/** Bodies of requests and replies, as they come out of the seal. */

import { DATAGRAM_MAX } from '../../../protocol/limits.ts';
import { pack, unpack, unpackPadded } from '../../../protocol/msgpack.ts';
import { encodeRequest } from '../../../protocol/packet.ts';
import { parseReply, replyToValue } from '../../../protocol/replies.ts';
import { parseRequest } from '../../../protocol/requests.ts';
import { promise, type Target } from '../target.ts';
import { bytesOf } from '../vector-seeds.ts';

const text = (value: unknown): string => JSON.stringify(value);

const readRequest = (bytes: Uint8Array): void => {
  const request = parseRequest(unpackPadded(bytes))?.request;
  if (request === undefined) return;
  const body = encodeRequest(request);
  if (body === undefined) return;
  const again = parseRequest(unpackPadded(body))?.request;
  promise(text(again) === text(request), 'a request reads as it was written');
};

const readReply = (bytes: Uint8Array): void => {
  const reply = parseReply(unpackPadded(bytes));
  if (reply === undefined) return;
  const again = parseReply(unpack(pack(replyToValue(reply))));
  promise(text(again) === text(reply), 'a reply reads as it was written');
};

export const message: Target = {
  name: 'message',
  shape: 'msgpack',
  most: DATAGRAM_MAX,
  seeds: () =>
    bytesOf('messages', 'body').map((body) => {
      const end = body.findLastIndex((byte) => byte !== 0) + 1;
      const bare = body.slice(0, end);
      return unpack(bare) === undefined ? body : bare;
    }),
  run: (bytes) => {
    const value = unpack(bytes);
    if (value !== undefined) {
      promise(Buffer.compare(pack(value), bytes) === 0, 'one value has one encoding');
    }
    readRequest(bytes);
    readReply(bytes);
  },
};

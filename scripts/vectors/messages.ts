/** Bodies of requests and replies, before they are sealed. */

import { bytesToHex } from '../../protocol/bytes.ts';
import { pack, type Value } from '../../protocol/msgpack.ts';
import { encodeRequest } from '../../protocol/packet.ts';
import { replyToValue } from '../../protocol/replies.ts';
import { type Request, requestToValue } from '../../protocol/requests.ts';
import { type Json, type VectorFile, valueToJson } from './fixed.ts';
import { BAD_REPLIES, EXTENDED_REPLIES, NAMED_REPLIES } from './replies.ts';
import { BAD_REQUESTS, EXTENDED_REQUESTS, REQUESTS } from './requests.ts';

const vector = (
  direction: 'request' | 'reply',
  name: string,
  kind: string,
  value: Value,
  body: Uint8Array,
): Json => ({ name, direction, kind, fields: valueToJson(value), body: bytesToHex(body) });

const requestVector = ([name, request]: readonly [string, Request]): Json => {
  const body = encodeRequest(request);
  if (body === undefined) throw new Error(`Does not fit: ${name}`);
  return vector('request', name, request.kind, requestToValue(request), body);
};

/** `messages.json`. */
export const messageVectors = (): VectorFile => ({
  about:
    'Bodies before sealing: requests with their padding, replies without. "fields" is the array in the body.',
  valid: [
    ...Object.entries(REQUESTS).map(requestVector),
    ...NAMED_REPLIES.map(([name, reply]) =>
      vector('reply', name, reply.kind, replyToValue(reply), pack(replyToValue(reply))),
    ),
    ...EXTENDED_REQUESTS.map(([name, value, kind]) =>
      vector('request', name, kind, value, pack(value)),
    ),
    ...EXTENDED_REPLIES.map(([name, value, kind]) =>
      vector('reply', name, kind, value, pack(value)),
    ),
  ],
  invalid: [
    ...BAD_REQUESTS.map(([reason, value, answer]) => ({
      reason,
      direction: 'request',
      answer,
      body: bytesToHex(pack(value)),
    })),
    {
      reason: 'padding that is not zero',
      direction: 'request',
      answer: 'silence',
      body: '93020500000001',
    },
    ...BAD_REPLIES.map(([reason, value]) => ({
      reason,
      direction: 'reply',
      body: bytesToHex(pack(value)),
    })),
  ],
});

/** Datagrams taken apart and opened once, however many watchers look at them. */

import type { Frame } from '../../protocol/frame.ts';
import { openReply, openRequest, parseFrame } from '../../protocol/packet.ts';
import type { SessionKeys } from '../../protocol/seal.ts';

const frames = new WeakMap<Uint8Array, ReturnType<typeof parseFrame>>();
const requests = new WeakMap<Uint8Array, ReturnType<typeof openRequest>>();
const replies = new WeakMap<Uint8Array, ReturnType<typeof openReply>>();

/** `bytes`: never changed after they were sent. */
export const frameOf = (bytes: Uint8Array): ReturnType<typeof parseFrame> => {
  const known = frames.get(bytes);
  if (known !== undefined) return known;
  const frame = parseFrame(bytes);
  frames.set(bytes, frame);
  return frame;
};

/** What a session asks, if it can be opened. */
export const requestOf = (
  frame: Extract<Frame, { kind: 'hello' | 'request' }>,
  { request }: SessionKeys,
): ReturnType<typeof openRequest> => {
  const known = requests.get(frame.box);
  if (known !== undefined) return known;
  const opened = openRequest(frame, request);
  // Bytes in it are views that the next opening overwrites.
  if (opened !== undefined && isPlain(opened.request)) requests.set(frame.box, opened);
  return opened;
};

/** What an agent says, if it can be opened. */
export const replyOf = (
  { box, nonce }: Extract<Frame, { kind: 'reply' }>,
  { reply }: SessionKeys,
): ReturnType<typeof openReply> => {
  const known = replies.get(box);
  if (known !== undefined) return known;
  const opened = openReply(box, nonce, reply);
  if (opened !== undefined && isPlain(opened)) replies.set(box, opened);
  return opened;
};

/** Whether a message has no bytes in it. */
const isPlain = (message: object | undefined): boolean =>
  message !== undefined &&
  !Object.values(message).some((value) => value instanceof Uint8Array) &&
  !('parts' in message);

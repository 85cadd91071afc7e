/** The baseline: a bare Node UDP server that answers a datagram with the start of itself. */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { answerQuestions } from './helper-process.ts';

export interface EchoQuestion {
  /** `plain` is what anyone would write; `tuned` saves the name lookup and the callback of a send. */
  readonly kind: 'plain' | 'tuned';
  readonly replySize: number;
}

const BUFFER_BYTES = 4 * 1024 * 1024;

const openSocket = ({ kind }: EchoQuestion): Socket =>
  kind === 'plain'
    ? createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES })
    : createSocket({
        type: 'udp4',
        recvBufferSize: BUFFER_BYTES,
        lookup: (address, _options, done) => done(null, address, 4),
      });

answerQuestions(async (question: EchoQuestion): Promise<number> => {
  const socket = openSocket(question);
  const { replySize } = question;
  socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
    socket.send(bytes, 0, replySize, from.port, from.address);
  });
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  return socket.address().port;
});

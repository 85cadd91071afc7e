import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DATAGRAM_MAX } from '../../../protocol/limits.ts';
import { UdpSocket } from '../../../protocol/node/udp-socket.ts';

const udp = suite('udp socket');

udp('it opens on a port of the system’s choice, and hears what is sent to it', async () => {
  let hear: (bytes: Uint8Array) => void = () => {};
  const heard = new Promise<Uint8Array>((resolve) => {
    hear = resolve;
  });
  const socket = await UdpSocket.open({
    address: '127.0.0.1',
    port: 0,
    onDatagram: (b) => hear(b),
  });
  socket.send(socket.local, new Uint8Array(DATAGRAM_MAX + 1));
  socket.send(socket.local, new Uint8Array([1, 2, 3]));
  assert.equal([...(await heard)], [1, 2, 3], 'what is longer than a datagram is not sent');
  assert.is((await heard).constructor, Uint8Array, 'plain bytes, whose slice is a copy');
  await socket.close();
});

udp('a port that is taken is told', async () => {
  const first = await UdpSocket.open({ address: '127.0.0.1', port: 0, onDatagram: () => {} });
  const { port } = first.local;
  const second = UdpSocket.open({ address: '127.0.0.1', port, onDatagram: () => {} });
  const code = await second.then(
    () => 'opened',
    (error: NodeJS.ErrnoException) => error.code,
  );
  assert.is(code, 'EADDRINUSE');
  await first.close();
});

udp('closing twice is closing', async () => {
  const socket = await UdpSocket.open({ address: '127.0.0.1', port: 0, onDatagram: () => {} });
  await socket.close();
  await socket.close();
  socket.send({ address: '127.0.0.1', port: 9 }, new Uint8Array(1));
});

udp.run();

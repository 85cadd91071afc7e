import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type koffi from 'koffi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  openServiceNotifier,
  socketAddress,
  watchdogMs,
} from '../../../agent/edges/service-notifier.ts';

const notifying = suite('service notifier');

/** A Unix datagram socket at this address; `receive` gives what has come, at once. */
const listen = (address: Uint8Array) => {
  const libc = (createRequire(import.meta.url)('koffi') as typeof koffi).load(null);
  const socket = libc.func('int socket(int, int, int)')(1, 2, 0);
  assert.is(libc.func('int bind(int, void *, uint32)')(socket, address, address.length), 0);
  const recv = libc.func('int64 recv(int, void *, size_t, int)');
  return {
    receive: (): string => {
      const buffer = Buffer.alloc(4096);
      // 0x40: without waiting; a datagram between two sockets of one computer is there at once.
      const size = Number(recv(socket, buffer, buffer.length, 0x40));
      return buffer.subarray(0, Math.max(0, size)).toString('utf8');
    },
    close: () => libc.func('int close(int)')(socket),
  };
};

notifying('systemd hears each word, at a path or under an abstract name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-notify-'));
  try {
    for (const path of [join(folder, 'notify'), `@usher-test-${process.pid}`]) {
      const manager = listen(socketAddress(path) ?? new Uint8Array());
      const notifier = openServiceNotifier({ NOTIFY_SOCKET: path, WATCHDOG_USEC: '60000000' });
      assert.is(notifier?.watchdogMs, 60_000);
      notifier?.tell('READY=1', 'STATUS=Drei Plätze');
      assert.is(manager.receive(), 'READY=1\nSTATUS=Drei Plätze');
      notifier?.tell('WATCHDOG=1');
      assert.is(manager.receive(), 'WATCHDOG=1');
      manager.close();
      // Nobody listens any more.
      notifier?.tell('WATCHDOG=1');
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

notifying('without a service manager there is nobody to tell', () => {
  for (const path of ['', 'relative', '/', `/${'x'.repeat(200)}`])
    assert.is(openServiceNotifier({ NOTIFY_SOCKET: path }), undefined, path);
  assert.is(openServiceNotifier({}), undefined);
});

notifying('a watchdog that is meant for another process is not ours', () => {
  assert.is(watchdogMs({ WATCHDOG_USEC: '5000', WATCHDOG_PID: '7' }, 7), 5);
  assert.is(watchdogMs({ WATCHDOG_USEC: '5000', WATCHDOG_PID: '8' }, 7), undefined);
  for (const micros of ['', '0', '-1', 'x'])
    assert.is(watchdogMs({ WATCHDOG_USEC: micros }, 7), undefined, micros);
});

if (process.platform === 'linux') notifying.run();

/** Answers of multicast DNS: anybody on the link can send one. */

import {
  buildDnsAnswer,
  buildDnsQuestion,
  DNS_TYPE,
  readDnsMessage,
  SERVICE,
} from '../../../protocol/dns-message.ts';
import { promise, type Target } from '../target.ts';

const ADDRESSES = [new Uint8Array([10, 0, 0, 1]), new Uint8Array(16).fill(1)];

export const dns: Target = {
  name: 'dns',
  shape: 'bytes',
  most: 9000,
  seeds: () => [
    buildDnsQuestion({ name: SERVICE, type: DNS_TYPE.ptr }),
    buildDnsAnswer({ service: SERVICE, host: 'usher-1', port: 24_711, addresses: ADDRESSES }),
  ],
  run: (bytes) => {
    const message = readDnsMessage(bytes);
    if (message === undefined) return;
    const { questions, services } = message;
    promise(questions.length + services.length <= 64, 'what is read is bounded');
    for (const { name, port } of services) {
      promise(name.length <= 1024 && port > 0 && port < 65_536, 'a service has a name and a port');
    }
  },
};

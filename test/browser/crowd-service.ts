/** What a made-up agent says of itself. */

import type { ServiceView, SurroundingsView } from '../../agent/admin/web/service-view.ts';
import { DAY, NOW } from './crowd-time.ts';

export const REFUSALS = [
  { product: 'acme-cad', code: 'no-seat', count: 14 },
  { product: 'acme-cam', code: 'virtual-host', count: 3 },
];

export const RECENT = Array.from({ length: 400 }, (_, i) => ({
  number: i + 1,
  at: (NOW - (400 - i) * 40) * 1000,
  warning: i % 41 === 0,
  sentence:
    i % 41 === 0
      ? 'Console: a wrong password from 10.0.0.9.'
      : `Seat s${String(i).padStart(7, '0')} of license 4f1c granted to ann${i}@ws-${i} (acme-cad, process ${i}).`,
}));

export const SERVICE: ServiceView = {
  version: '0.1.0',
  commit: 'source',
  node: '24.1.0',
  system: 'Linux 6.12.0, x64',
  computer: 'front-desk',
  process: 4711,
  started: (NOW - 3 * DAY - 4000) * 1000,
  memory: 74e6,
  udpPort: 24_711,
  console: {
    port: 24_711,
    addresses: ['127.0.0.1', '::1'],
    fingerprint: null,
    passwords: ['viewer'],
  },
  data: '/var/lib/usher',
  settings: {
    file: '/etc/usher/usher.conf',
    settings: [
      { name: 'data', value: '/var/lib/usher', source: '--data', needsRestart: true },
      { name: 'port', value: 24_711, source: 'default', needsRestart: true },
      {
        name: 'name',
        value: 'front-desk',
        source: '/etc/usher/usher.conf, line 3',
        needsRestart: false,
      },
    ],
  },
};

export const SURROUNDINGS: SurroundingsView = {
  boot: { isInstalled: true, startsAtBoot: true, detail: null },
  firewall: {
    state: 'ufw is active.',
    isOpen: false,
    warnings: [],
  },
};

/** What an agent with many seats answers: made up. */

import type { ServiceView, SurroundingsView } from '../../agent/admin/web/service-view.ts';
import type {
  ChildView,
  Operation,
  Outcome,
  SeatView,
  UserView,
  WaiterView,
} from '../../agent/core/operations.ts';
import { leaseId } from '../../protocol/ids.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { at, DAY, LICENSES, NOW, parseLicenseId } from './made-up-licenses.ts';

const USERS = [
  'ann',
  'bob',
  'carla',
  'dmitri',
  'emre',
  'fatima',
  'greta',
  'hiro',
  'inês',
  'jan',
] as const;

const seat = (i: number): SeatView => ({
  id: leaseId(new Uint8Array(32).fill(i >> 8).fill(i & 255, 0, 4)),
  product: i < 30 ? 'acme-cad' : i % 500 === 0 ? 'acme-view' : 'acme-sim',
  class: i < 17 ? 'developer' : i < 29 ? 'execution' : 'generic',
  license: parseLicenseId(i < 30 ? 1 : 2),
  user: `${USERS[i % USERS.length]}${i < 10 ? '' : Math.floor(i / 10)}`,
  host: `ws-${String(100 + i)}`,
  process: 1000 + i,
  application: i < 30 ? 'acme-cad' : 'solver',
  address: `10.1.${Math.floor(i / 250)}.${i % 250}`,
  since: NOW - i * 7,
  until: NOW + 600 - (i % 300),
  weight: i % 97 === 0 ? 4 : 1,
  shared: null,
  overdraft: i % 211 === 5,
  idle: i % 61 === 9 ? 4200 : 0,
  idled: 0,
  borrowed: i % 53 === 7 ? NOW + 4 * DAY : null,
  ending: i % 89 === 3 ? 'disconnected' : null,
});

const WAITERS: readonly WaiterView[] = ['otto', 'pia'].map((user, i) => ({
  product: 'acme-cad',
  class: 'execution',
  resource: null,
  user,
  host: `ws-${700 + i}`,
  process: 1,
  application: 'acme-cad',
  address: `10.1.9.${i}`,
  weight: 1,
  priority: 0,
  ahead: i,
  turn: false,
  waited: 340 - i * 200,
}));

const RULES = `# Who may have which seats of acme-cad
group cad-team = user ann, user bob, host ws-1*
reserve 2 acme-cad for group cad-team
exclude user mallory from acme-cad
limit 1 acme-cad for each user
priority 10 acme-cad for user boss
`;

/** So many seats that are held. */
export const madeUpSeats = (size: number): readonly SeatView[] =>
  Array.from({ length: size }, (_, i) => seat(i));

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
  calls: { file: '/var/lib/usher/logs/calls.log', until: null },
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

const CHILDREN: readonly ChildView[] = [
  { account: 'Nordwind Partners', state: 'active', now: 120, allotted: 120, seen: -0.01 },
  { account: 'Südstern GmbH', state: 'suspended', now: 40, allotted: 60, seen: -3 },
].map(({ account, state, now, allotted, seen }, i) => ({
  id: parseLicenseId(20 + i),
  license: parseLicenseId(2),
  product: 'acme-sim',
  account,
  state: state as ChildView['state'],
  parent: 'https://licenses.bauhaus.example:24711',
  longest: 600,
  children: null,
  silent: false,
  hostCode: null,
  pools: [{ class: 'generic', seats: now, stages: [], now, wanted: now, allotted }],
  expires: at(100),
  created: at(-60),
  hostName: `agent-${i}`,
  version: '0.1.0',
  seen: at(seen),
  upToDate: now === allotted,
  ends: at(2),
}));

const REMOVED = [
  {
    license: parseLicenseId(30),
    product: 'acme-old',
    customer: 'Bauhaus Ltd',
    removed: at(-1),
    until: at(29),
  },
];

const users: readonly UserView[] = USERS.map((user, i) => ({
  product: 'acme-plan',
  class: 'generic',
  user,
  since: at(-i),
  effective: i !== 4,
  hosts: i % 3 === 0 ? [`ws-${100 + i}`] : [],
}));

const NOTHING: Outcome = { kind: 'refused', code: 'no-match', detail: 'This agent is made up.' };

export const madeUpAnswer = (operation: Operation, seats: readonly SeatView[]): Outcome => {
  switch (operation.kind) {
    case 'status':
      return {
        kind: 'status',
        status: {
          name: 'front-desk',
          version: '0.1.0',
          host: 'physical',
          hostIdentity: 'own',
          site: null,
          twins: [],
          masters: [
            {
              master: 'https://licenses.acme.example',
              standing: 'answers',
              heard: at(-0.2),
              failure: null,
              silentSince: null,
            },
          ],
          reach: { port: 24711, addresses: [], mdns: [] },
          borrowed: 0,
          idle: 0,
          waiting: 0,
          products: [],
          licenses: LICENSES.length,
          endings: [],
          leases: seats.length,
          sessions: seats.length,
          store: 'working',
          storeTrouble: null,
          holdsOff: null,
          clock: { behind: 0, judged: epochSeconds(NOW) },
          rules: { count: 5, inForce: true, lastGood: false, faults: [] },
          counters: {},
        },
      };
    case 'license-list':
      return { kind: 'license-list', licenses: LICENSES };
    case 'child-list':
      return { kind: 'child-list', children: CHILDREN };
    case 'license-removed':
      return { kind: 'license-removed', licenses: REMOVED };
    case 'seat-list':
      return { kind: 'seat-list', seats };
    case 'seat-disconnect': {
      const seat = seats.find(({ id }) => id === operation.id);
      return seat === undefined
        ? NOTHING
        : { kind: 'seat-disconnect', seat, freed: operation.force };
    }
    case 'seat-queue':
      return { kind: 'seat-queue', waiters: WAITERS };
    case 'user-list':
      return { kind: 'user-list', users };
    case 'resource-list':
      return {
        kind: 'resource-list',
        resources: [
          {
            name: 'plant-7',
            customer: 'Bauhaus Ltd',
            added: at(-9),
            licenses: [parseLicenseId(1)],
            lent: 4,
            seats: 12,
          },
        ],
      };
    case 'rules-text':
      return { kind: 'rules-text', file: '/var/lib/usher/rules.conf', text: RULES };
    case 'rules-show':
      return {
        kind: 'rules-show',
        rules: { lines: [], inForce: true, lastGood: false, faults: [], warnings: [] },
      };
    default:
      return NOTHING;
  }
};

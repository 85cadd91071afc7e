/** A console whose agent lends ten thousand seats: made up, as so many clients are too many here. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsoleServer } from '../../agent/admin/web/console-server.ts';
import { deskRoutes } from '../../agent/admin/web/desk-routes.ts';
import { GuessLimit } from '../../agent/admin/web/guess-limit.ts';
import { LiveFeed } from '../../agent/admin/web/live-feed.ts';
import { OneTimeLinks } from '../../agent/admin/web/one-time-links.ts';
import { pageFiles, pageRoutes } from '../../agent/admin/web/page-assets.ts';
import { Passwords } from '../../agent/admin/web/passwords.ts';
import type { ServiceView, SurroundingsView } from '../../agent/admin/web/service-view.ts';
import { SessionBook } from '../../agent/admin/web/session-book.ts';
import { signInRoutes } from '../../agent/admin/web/sign-in.ts';
import type {
  ChildView,
  LicenseView,
  Operation,
  Outcome,
  PoolView,
  SeatView,
  UserView,
  WaiterView,
} from '../../agent/core/operations.ts';
import { leaseId, licenseId } from '../../protocol/ids.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { LICENSE } from '../../scripts/vectors/fixed.ts';
import { madeUpUsage } from './made-up-usage.ts';

const DAY = 86_400;
const parseLicenseId = (i: number) => licenseId(new Uint8Array(16).fill(i));
const NOW = Math.floor(Date.now() / 1000);
const at = (days: number) => epochSeconds(NOW + Math.round(days * DAY));

const pool = (
  name: string,
  licensed: number,
  lent: number,
  more: Partial<PoolView> = {},
): PoolView => ({
  class: name,
  seats: licensed,
  overdraft: 0,
  stages: [],
  licensed,
  lent,
  ...more,
});

const license = (i: number, terms: Partial<LicenseView>): LicenseView => ({
  ...LICENSE,
  hostCode: null,
  children: null,
  customer: 'Bauhaus Ltd',
  issued: at(-200),
  starts: at(-200),
  expires: at(165),
  ends: at(165),
  state: 'active',
  refusal: null,
  refusedHost: null,
  otherHost: null,
  signer: 'Acme vendor key 7f3a',
  successor: null,
  activatedFor: null,
  activated: null,
  emergencyBefore: null,
  emergencyUntil: null,
  vendorSays: null,
  returning: null,
  returned: false,
  reason: '',
  remedy: null,
  nextChange: null,
  features: [],
  meters: [],
  pools: [],
  ...terms,
  id: parseLicenseId(i),
  lent: terms.lent ?? terms.pools?.reduce((sum, one) => sum + one.lent, 0) ?? 0,
});

const LICENSES: readonly LicenseView[] = [
  license(1, {
    product: 'acme-cad',
    pools: [pool('developer', 20, 17), pool('execution', 12, 12), pool('generic', 4, 1)],
  }),
  license(2, {
    product: 'acme-sim',
    pools: [
      pool('generic', 10_500, 9950, {
        stages: [
          { from: at(-20), until: at(40), seats: 10_500 },
          { from: at(40), until: at(80), seats: 12_000 },
        ],
        seats: 8000,
      }),
    ],
    features: ['solver', 'mesher', 'cloud'],
    meters: [{ name: 'runs', allowance: 5000, used: 3120 }],
    borrow: { seats: 20, longest: seconds(7 * DAY) },
    children: { most: 20, depth: 1 },
  }),
  license(3, { product: 'acme-view', type: 'server', lent: 20, expires: null, ends: null }),
  license(4, {
    product: 'acme-plan',
    type: 'named',
    pools: [pool('generic', 25, 9)],
    state: 'expiring',
    expires: at(12),
    ends: at(12),
  }),
  license(5, {
    product: 'acme-cam',
    pools: [pool('generic', 3, 0)],
    state: 'virtual-host',
    refusal: 'virtual-host',
    refusedHost: {
      verdict: 'virtual',
      by: 'license',
      evidence: [
        { id: 'cpu-hypervisor', weight: 100, value: 'KVMKVMKVM' },
        { id: 'dmi-product', weight: 100, value: 'Standard PC (Q35 + ICH9, 2009)' },
        { id: 'sensor-fan', weight: -10, value: 'no fan' },
      ],
      unreadable: ['/sys/firmware/dmi/tables'],
    },
  }),
];

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

export class Crowd implements AsyncDisposable {
  readonly live: LiveFeed;
  readonly #links: OneTimeLinks;
  readonly #server: ConsoleServer;
  readonly #folder: string;

  private constructor(parts: {
    live: LiveFeed;
    links: OneTimeLinks;
    server: ConsoleServer;
    folder: string;
  }) {
    this.live = parts.live;
    this.#links = parts.links;
    this.#server = parts.server;
    this.#folder = parts.folder;
  }

  static async open(size: number): Promise<Crowd> {
    const now = (): number => performance.now();
    const folder = await mkdtemp(join(tmpdir(), 'usher-crowd-'));
    const sessions = new SessionBook(now);
    const links = new OneTimeLinks(now);
    const live = new LiveFeed(sessions);
    const passwords = await Passwords.open(join(folder, 'passwords.json'));
    const seats = Array.from({ length: size }, (_, i) => seat(i));
    const server = await ConsoleServer.open({
      addresses: ['127.0.0.1'],
      port: 0,
      names: [],
      sessions,
      routes: [
        ...pageRoutes(pageFiles()),
        ...signInRoutes({
          sessions,
          links,
          passwords,
          guesses: new GuessLimit(now),
          say: () => {},
        }),
        ...deskRoutes({
          live,
          operate: async (operation) => answer(operation, seats),
          recent: () => ({ entries: RECENT, refusals: REFUSALS }),
          service: async () => SERVICE,
          surroundings: async () => SURROUNDINGS,
          usage: async (range) => madeUpUsage(range),
        }),
      ],
    });
    return new Crowd({ live, links, server, folder });
  }

  get url(): string {
    return `http://localhost:${this.#server.port}/`;
  }

  /** A link that signs in. */
  link(): string {
    return `${this.url}#code=${this.#links.make('ann')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.live.end(true);
    await this.#server.close();
    await rm(this.#folder, { recursive: true });
  }
}

const REFUSALS = [
  { product: 'acme-cad', code: 'no-seat', count: 14 },
  { product: 'acme-cam', code: 'virtual-host', count: 3 },
];

const RECENT = Array.from({ length: 400 }, (_, i) => ({
  number: i + 1,
  at: (NOW - (400 - i) * 40) * 1000,
  warning: i % 41 === 0,
  sentence:
    i % 41 === 0
      ? 'Console: a wrong password from 10.0.0.9.'
      : `Seat s${String(i).padStart(7, '0')} of license 4f1c granted to ann${i}@ws-${i} (acme-cad, process ${i}).`,
}));

const SERVICE: ServiceView = {
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

const SURROUNDINGS: SurroundingsView = {
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

const answer = (operation: Operation, seats: readonly SeatView[]): Outcome => {
  switch (operation.kind) {
    case 'status':
      return {
        kind: 'status',
        status: {
          name: 'front-desk',
          version: '0.1.0',
          host: 'physical',
          hostIdentity: 'own',
          twins: [],
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
      return { kind: 'refused', code: 'no-match', detail: 'This agent is made up.' };
  }
};

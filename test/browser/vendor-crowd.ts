/** A master with thousands of customers and licenses, its disk in memory, and its pages. */

import { pageFiles, pageRoutes } from '../../agent/admin/web/page-assets.ts';
import type { BookEntry } from '../../agent/vendor/master/master-book.ts';
import { MasterDriver } from '../../agent/vendor/master-driver.ts';
import { DoorKeeper, passwordHash } from '../../agent/vendor/web/door-keeper.ts';
import { MasterRoutes } from '../../agent/vendor/web/master-routes.ts';
import { MasterServer } from '../../agent/vendor/web/master-server.ts';
import { PageVisitors } from '../../agent/vendor/web/page-visitor.ts';
import type { License, PoolGrant } from '../../protocol/license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { AgentDouble } from '../agent/vendor/master/agent-double.ts';
import { Bench, VENDOR } from '../agent/vendor/master/master-rig.ts';
import { ACTIVATION_TERMS, plainLicense } from '../plain-license.ts';

export const PASSWORD = 'correct horse battery';
const DAY = 86_400;
/** Seconds between two customers. */
const STEP = 3000;
const NOW = Math.floor(Date.now() / 1000);
const at = (days: number) => epochSeconds(NOW + days * DAY);

const FIRMS = ['Bauhaus', 'Nordwind', 'Südstern', 'Kestrel', 'Öresund', 'Halcyon', 'Tarn', 'Vela'];
const TRADES = ['Engineering', 'Marine', 'Studio', 'Werkzeugbau', 'Labs', 'Architects', 'Optics'];
const KINDS = ['Ltd', 'GmbH', 'AG', 'Inc', 'SARL'];
const PRODUCTS = ['acme-cad', 'acme-sim', 'acme-cam', 'acme-view', 'acme-plan'];

const nameOf = (i: number): string => {
  const words = [FIRMS, TRADES, KINDS].map((all, k) => all[(i * (k + 1) + k) % all.length]);
  return `${words.join(' ')} ${i < 40 ? '' : i}`.trim();
};

const pool = (name: string, seats: number, more: Partial<PoolGrant> = {}): PoolGrant => ({
  class: name,
  seats,
  overdraft: 0,
  stages: [],
  ...more,
});

const termsOf = (i: number): Partial<License> => ({
  product: PRODUCTS[i % PRODUCTS.length] ?? 'acme-cad',
  type: i % 11 === 3 ? 'server' : i % 7 === 2 ? 'named' : 'floating',
  pools:
    i % 11 === 3
      ? []
      : i % 5 === 0
        ? [pool('developer', 5 + (i % 20)), pool('execution', 10 + (i % 30))]
        : [pool('generic', 1 + (i % 50))],
  expires: i % 4 === 0 ? null : at(i % 9 === 1 ? 12 : 60 + (i % 300)),
  activation: { ...ACTIVATION_TERMS, agents: 1 + (i % 3) },
});

export class VendorCrowd implements AsyncDisposable {
  readonly #server: MasterServer;

  /** The license that has everything, and whose it is. */
  readonly telling: string;
  readonly customer: string;

  private constructor(bench: Bench, server: MasterServer, telling: string) {
    this.#server = server;
    this.telling = telling;
    const text = 'Example Ltd';
    const { customers } = bench.must('customers', { kind: 'customer-list', text });
    this.customer = customers[0]?.id ?? '';
  }

  /** `vera` is a clerk, `it@example.com` of the customer with the telling license. */
  static async open(size: number): Promise<VendorCrowd> {
    const bench = new Bench();
    const telling = fill(bench, size);
    const hash = await passwordHash(PASSWORD);
    const set = { kind: 'account-set', hash } as const;
    bench.must('done', { ...set, name: 'vera', role: 'staff', customer: null });
    const customer = 'Example Ltd';
    bench.must('done', { ...set, name: 'it@example.com', role: 'customer', customer });
    bench.must('done', { ...set, name: 'ann@example.com', role: 'customer', customer });
    const store = {
      write: async (writes: Parameters<Bench['write']>[0]) => bench.write(writes),
      between: async (from: string, to: string, most: number): Promise<readonly BookEntry[]> =>
        [...bench.disk]
          .filter(([key]) => key >= from && key < to)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .slice(0, most),
    };
    const now = (): number => performance.now();
    const driver = new MasterDriver(bench.master, store, { now: () => bench.moment }, () => {});
    const routes = new MasterRoutes({
      driver,
      door: new DoorKeeper(bench.master, now),
      root: VENDOR.publicKey,
      needsSignIn: false,
      pages: pageRoutes(pageFiles('master')),
      visitors: new PageVisitors([], undefined),
      now,
      say: () => {},
    });
    const server = await MasterServer.open({ routes, at: { host: '127.0.0.1', port: 0 } });
    return new VendorCrowd(bench, server, telling);
  }

  get url(): string {
    return `http://localhost:${this.#server.port}/`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.close();
  }
}

/** Customers with licenses, the older the lower their number, and one who has everything. */
const fill = (bench: Bench, size: number): string => {
  bench.now = NOW - size * STEP - 9 * DAY;
  for (let i = 0; i < size; i++) {
    bench.pass(STEP);
    const name = nameOf(i);
    const mail = `licenses@firm${i}.example`;
    const [customer] = bench.must('customers', { kind: 'customer-add', name, mail }).customers;
    const issued = epochSeconds(bench.now);
    const terms = plainLicense({ ...termsOf(i), issued, starts: issued });
    const order = { policy: 'agents', expands: null, terms } as const;
    bench.must('license', { kind: 'license-issue', customer: customer?.id ?? '', ...order });
  }
  const telling = bench.issue({
    starts: at(-9),
    product: 'acme-sim',
    expires: at(290),
    features: ['solver', 'mesher'],
    pools: [
      pool('generic', 40, {
        overdraft: 4,
        stages: [{ from: at(30), until: at(75), seats: 120 }],
      }),
      pool('developer', 5),
    ],
    activation: {
      ...ACTIVATION_TERMS,
      agents: 4,
      refresh: { every: seconds(30 * DAY), grace: seconds(5 * DAY) },
    },
    meters: [{ name: 'runs', allowance: 5000 }],
    borrow: { seats: 5, longest: seconds(7 * DAY) },
  });
  for (const host of ['front-desk', 'build-farm', 'annex']) {
    bench.ask(new AgentDouble(host).request('activate', [telling]));
  }
  const { id } = telling.license;
  bench.must('licenses', { kind: 'license-project', license: id, project: 'Harbour bridge' });
  const old = bench.issue({ product: 'acme-cad', expires: at(12) });
  bench.must('done', {
    kind: 'license-standing',
    license: old.license.id,
    state: 'suspended',
    reason: 'the invoice of June is open',
  });
  bench.issue({ product: 'acme-view', type: 'server', pools: [], expires: null });
  const asked = bench.issue({ product: 'acme-plan', expires: at(80) }, 'ask');
  for (let i = 0; i < 3; i++) {
    bench.pass(3600);
    bench.ask(new AgentDouble(`planner-${i}`).request('activate', [asked]));
  }
  bench.pass(NOW - bench.now);
  return id;
};

/** A connection to the agents of this network, and to what this computer has without them. */

import { join } from 'node:path';
import { base64ToBytes } from '../bytes.ts';
import { DEFAULT_PORT, KEY_SIZE, NONCE_SIZE } from '../limits.ts';
import { parseAgentAddresses } from '../node/agent-address.ts';
import { BorrowStore } from '../node/borrow-store.ts';
import { type ProductSettings, readClientSettings } from '../node/client-settings.ts';
import { systemEntropy } from '../node/entropy.ts';
import { nativePrimitives } from '../node/native-primitives.ts';
import { userStateFolder } from '../node/user-folders.ts';
import type { SeatWish } from '../requests.ts';
import { isUint32, type Seconds, seconds } from '../units.ts';
import { type AcquireRequest, wishOf } from './acquire-request.ts';
import { type AgentFound, collectOffers, toAgentFound } from './agents-found.ts';
import { BorrowDesk } from './borrow-desk.ts';
import type { BorrowedSeat, ReturnedSeat } from './borrow-returns.ts';
import { Errand, type ErrandOptions } from './errand.ts';
import { ErrandDriver } from './errand-driver.ts';
import {
  type AgentOutlook,
  type Drawn,
  type DrawRequest,
  Inquiries,
  type ResourceFound,
  type SeatOutlook,
} from './inquiries.ts';
import { Network } from './network.ts';
import { describeHolder } from './own-holder.ts';
import type { Seat } from './seat.ts';
import { SeatDriver } from './seat-driver.ts';
import { SeatError } from './seat-error.ts';
import { SeatSession } from './seat-session.ts';
import { explainBrokenSettings } from './sentences.ts';

export interface ConnectOptions {
  /** The vendor's public key in base64, or several; `null` believes any signer. */
  readonly vendorKey: string | readonly string[] | null;
  /**
   * Agents' addresses by hand, `host`, `host:port` or `[ipv6]:port`, beside those found without;
   * those in the environment variable USHER_AGENT and in the client's settings are asked, too.
   */
  readonly agents?: readonly string[];
  /** Broadcast on these interfaces only; `null` (the default) for all, none when empty. */
  readonly interfaces?: readonly string[] | null;
  /** The agents' UDP port, 24711 unless the administrator changed it. */
  readonly port?: number;
  /** How long to look for a seat, in milliseconds; 3,000 by default. */
  readonly patience?: number;
  /** What administrators see as the application's name; the program's file name by default. */
  readonly application?: string;
}

/** A seat to be taken along. */
export interface BorrowRequest extends Omit<AcquireRequest, 'wait' | 'regain'> {
  /** For how long, in seconds from now. */
  readonly duration: number;
}

const readVendorKeys = (vendorKey: ConnectOptions['vendorKey']): readonly Uint8Array[] | null => {
  if (vendorKey === null) return null;
  const texts = Array.isArray(vendorKey) ? vendorKey : [vendorKey];
  if (texts.length === 0) throw new TypeError("No vendor's public key: `null` believes any signer");
  return texts.map((text: unknown) => {
    const key = base64ToBytes(String(text).trim().replace(/=+$/, ''));
    if (key?.length !== KEY_SIZE) throw new TypeError(`Not a vendor's public key: ${text}`);
    return key;
  });
};

/** Everything the sessions of one connection share. It is open while anything uses it. */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #vendorKeys: readonly Uint8Array[] | null;
  readonly #network: Network;
  readonly #documents = new Map<string, Uint8Array>();
  readonly #borrowing: BorrowDesk;
  readonly #inquiries: Inquiries;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#vendorKeys = readVendorKeys(options.vendorKey);
    const { agents = [], interfaces = null, port = DEFAULT_PORT } = options;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new TypeError(`Not a UDP port: ${port}`);
    }
    if (!(this.#patience >= 0)) {
      throw new TypeError(`Not a number of milliseconds: ${this.#patience}`);
    }
    const texts = [...agents, process.env['USHER_AGENT'] ?? ''].filter(Boolean);
    const addresses = parseAgentAddresses(texts.join(','), port);
    if (addresses === undefined) throw new TypeError(`Not agents' addresses: ${texts.join(', ')}`);
    this.#network = new Network({ port, interfaces, addresses });
    const folder = userStateFolder(process.env);
    const parts = {
      store: folder === undefined ? undefined : new BorrowStore(join(folder, 'borrowed')),
      vendorKeys: this.#vendorKeys,
      clock: this.#network.clock,
      openErrand: (errand: ErrandQuestion) => this.#openErrand(errand),
    };
    this.#borrowing = new BorrowDesk(parts);
    this.#inquiries = new Inquiries({ ...parts, documents: this.#documents });
  }

  /**
   * Acquires a seat; rejects with a `SeatError`, or with the signal's reason when aborted. A seat that
   * was borrowed and covers the request is used first, with no agent in reach.
   */
  async acquire(request: AcquireRequest): Promise<Seat> {
    request.signal?.throwIfAborted();
    const wish = this.#wishOf(request);
    const settings = readProductSettings(request.product);
    if (settings.mode === 'standalone') return this.#acquireStandalone(wish, settings.license);
    const borrowed = await this.#borrowing.use(wish);
    if (borrowed !== undefined && 'product' in borrowed) return borrowed;
    this.#borrowing.retryReturns();
    try {
      return await this.#acquire(request, settings, systemEntropy(KEY_SIZE));
    } catch (error) {
      // Who is away from all agents wants to know why the borrowed seat does not serve.
      const isAway = error instanceof SeatError && error.code === 'no-agent';
      throw isAway && borrowed !== undefined ? new SeatError(borrowed) : error;
    }
  }

  async #acquire(
    request: AcquireRequest,
    { agents }: ProductSettings,
    secret: Uint8Array,
    borrow?: Seconds,
  ): Promise<SeatDriver> {
    const around = await this.#network.open(agents);
    try {
      // It may have been aborted while the socket was opened.
      request.signal?.throwIfAborted();
      const driver = new SeatDriver(this.#newSession(request, secret, borrow), request, around);
      // The session has its own; who takes a seat along needs this one on.
      if (borrow === undefined) secret.fill(0);
      await driver.acquire();
      return driver;
    } catch (error) {
      await around.onEnd();
      throw error;
    }
  }

  async #acquireStandalone(wish: SeatWish, file: string | null): Promise<Seat> {
    // Few applications are used without an agent: the others need not load what that takes.
    const { acquireStandalone } = await import('./standalone-seat.ts');
    return acquireStandalone({
      wish,
      file,
      vendorKeys: this.#vendorKeys,
      clock: this.#network.clock,
      environment: process.env,
    });
  }

  /**
   * Takes a seat along: from now on it is used without an agent, on this computer alone, until its
   * end. A borrowed seat that covers the request is extended instead.
   */
  async borrow(request: BorrowRequest): Promise<BorrowedSeat> {
    request.signal?.throwIfAborted();
    this.#borrowing.retryReturns();
    const settings = readProductSettings(request.product);
    const duration = toSeconds(request.duration);
    return this.#borrowing.borrow(this.#wishOf(request), duration, (secret) =>
      this.#acquire({ ...request, regain: false }, settings, secret, duration),
    );
  }

  /** Has a borrowed seat end `duration` seconds from now. `which`: its id, or its product. */
  async extend(which: string, duration: number): Promise<BorrowedSeat> {
    return this.#borrowing.extend(which, toSeconds(duration));
  }

  /**
   * Gives borrowed seats back before their end. `which`: the id of one, or the product of several.
   * With the agent out of reach nobody uses them any more; it is told at the next use of the library.
   */
  returnBorrowed(which: string): Promise<readonly ReturnedSeat[]> {
    return this.#borrowing.giveBack(which);
  }

  /** The borrowed seats of this user, and a sentence for each file that cannot be read. */
  borrowed(): ReturnType<BorrowDesk['list']> {
    this.#borrowing.retryReturns();
    return this.#borrowing.list();
  }

  /** What an acquire would be answered now; takes nothing. */
  async probe(request: AcquireRequest): Promise<SeatOutlook> {
    return this.#inquiries.probe(this.#wishOf(request));
  }

  /** The same of every agent found within `patience` milliseconds. */
  async probeEach(request: AcquireRequest, patience = 1000): Promise<readonly AgentOutlook[]> {
    const wish = this.#wishOf(request);
    const around = await this.#network.open(readProductSettings(request.product).agents);
    try {
      const offerings = await collectOffers(around, patience);
      return await this.#inquiries.probeEach(wish, offerings);
    } finally {
      await around.onEnd();
    }
  }

  /**
   * Counts `amount` from an allowance of the product: once for each id, however often it is asked.
   * Rejects with a `DrawError`, whose `id` asks again.
   */
  draw(request: DrawRequest): Promise<Drawn> {
    return this.#inquiries.draw(request, describeHolder(this.#options.application));
  }

  /** The databases and projects that have licenses of the product, at all agents together. */
  async resources(product: string, patience = 1000): Promise<readonly ResourceFound[]> {
    const around = await this.#network.open(readProductSettings(product).agents);
    try {
      return await this.#inquiries.resources(product, await collectOffers(around, patience));
    } finally {
      await around.onEnd();
    }
  }

  /** Asks who is there and collects the answers for `patience` milliseconds. */
  async discover(patience = 1000): Promise<readonly AgentFound[]> {
    const around = await this.#network.open(readProductSettings(null).agents);
    try {
      return (await collectOffers(around, patience)).map(toAgentFound);
    } finally {
      await around.onEnd();
    }
  }

  async #openErrand(errand: ErrandQuestion): Promise<ErrandDriver> {
    const around = await this.#network.open(readProductSettings(errand.product).agents);
    const options = {
      secret: systemEntropy(KEY_SIZE),
      sent: 0,
      lastId: 0,
      ...errand,
      patience: this.#patience,
      nonce: systemEntropy(NONCE_SIZE),
      primitives: nativePrimitives,
    };
    return new ErrandDriver(new Errand(options), around);
  }

  get #patience(): number {
    return this.#options.patience ?? 3000;
  }

  #wishOf(request: AcquireRequest, borrow?: Seconds): SeatWish {
    return wishOf(request, describeHolder(this.#options.application), borrow);
  }

  #newSession(request: AcquireRequest, secret: Uint8Array, borrow?: Seconds): SeatSession {
    return new SeatSession({
      wish: this.#wishOf(request, borrow),
      wait: request.wait !== undefined && request.wait !== false,
      regain: request.regain ?? true,
      vendorKeys: this.#vendorKeys,
      patience: this.#patience,
      secret,
      nonce: systemEntropy(NONCE_SIZE),
      primitives: nativePrimitives,
      documents: this.#documents,
    });
  }
}

/** A conversation with one agent; under a session of its own unless it says under which. */
type ErrandQuestion = Pick<ErrandOptions, 'product' | 'agent'> &
  Partial<Pick<ErrandOptions, 'secret' | 'sent' | 'lastId'>>;

const toSeconds = (duration: number): Seconds => {
  if (isUint32(duration) && duration > 0) return seconds(duration);
  throw new TypeError(`Not a number of seconds: ${duration}`);
};

/** What is set for a product on this computer. Throws a `SeatError`, code `broken-settings`. */
const readProductSettings = (product: string | null): ProductSettings => {
  const settings = readClientSettings(process.env);
  if (settings.ok) return settings.value.settingsFor(product);
  throw new SeatError(explainBrokenSettings(settings.error));
};

/** A connection to the agents of this network: the socket, the clock and what its seats share. */

import { hostname, userInfo } from 'node:os';
import { basename } from 'node:path';
import { base64ToBytes, bytesToHex, equalBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { isPlainText } from '../fields.ts';
import type { Holder } from '../holder.ts';
import { DEFAULT_PORT, KEY_SIZE, NONCE_SIZE, TEXT_MAX } from '../limits.ts';
import {
  type AgentAddress,
  parseAgentAddresses,
  resolveAgentAddresses,
} from '../node/agent-address.ts';
import { type ProductSettings, readClientSettings } from '../node/client-settings.ts';
import { type Clock, createSystemClock } from '../node/clock.ts';
import { systemEntropy } from '../node/entropy.ts';
import { nativePrimitives } from '../node/native-primitives.ts';
import { SeekerSocket } from '../node/seeker-socket.ts';
import { type Offer, SPOKEN, sharesVersion } from '../offers.ts';
import { buildDiscover, parseFrame } from '../packet.ts';
import { type AcquireRequest, wishOf } from './acquire-request.ts';
import type { Seat } from './seat.ts';
import { SeatDriver } from './seat-driver.ts';
import { SeatError } from './seat-error.ts';
import { SeatSession } from './seat-session.ts';
import { explainBrokenSettings } from './sentences.ts';
import { acquireStandalone } from './standalone-seat.ts';

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

/** An agent that answered a discovery. */
export interface AgentFound {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly version: string;
  readonly products: Offer['products'];
  /** Products beyond those that fitted into its answer. */
  readonly more: number;
  readonly speaksOurVersion: boolean;
}

const readVendorKeys = (vendorKey: ConnectOptions['vendorKey']): readonly Uint8Array[] | null => {
  if (vendorKey === null) return null;
  return (typeof vendorKey === 'string' ? [vendorKey] : vendorKey).map((text) => {
    const key = base64ToBytes(text.trim().replace(/=+$/, ''));
    if (key?.length !== KEY_SIZE) throw new TypeError(`Not a vendor's public key: ${text}`);
    return key;
  });
};

/** Agents' addresses remembered by one connection. */
const LAST_ENDPOINTS_MAX = 16;

/** Everything the sessions of one connection share. It is open while anything uses it. */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #vendorKeys: readonly Uint8Array[] | null;
  readonly #addresses: readonly AgentAddress[];
  readonly #clock: Clock = createSystemClock();
  readonly #documents = new Map<string, Uint8Array>();
  readonly #listeners = new Set<(bytes: Uint8Array, from: Endpoint) => void>();
  /** Where seats were had before: asked first, and found where broadcasts do not reach. */
  readonly #lastEndpoints = new Map<string, Endpoint>();
  #socket: Promise<SeekerSocket> | undefined;
  #users = 0;
  #busy = 0;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#vendorKeys = readVendorKeys(options.vendorKey);
    const texts = [...(options.agents ?? []), process.env['USHER_AGENT'] ?? ''].filter(Boolean);
    const addresses = parseAgentAddresses(texts.join(','), this.#port);
    if (addresses === undefined) throw new TypeError(`Not agents' addresses: ${texts.join(', ')}`);
    this.#addresses = addresses;
  }

  get #port(): number {
    return this.#options.port ?? DEFAULT_PORT;
  }

  /** Acquires a seat; rejects with a `SeatError`, or with the signal's reason when aborted. */
  async acquire(request: AcquireRequest): Promise<Seat> {
    request.signal?.throwIfAborted();
    const settings = readProductSettings(request.product);
    if (settings.mode === 'standalone') return this.#acquireStandalone(request, settings.license);
    const end = this.#use();
    try {
      const socket = await this.#openSocket(settings);
      const driver = new SeatDriver(this.#newSession(request), request, {
        clock: this.#clock,
        socket,
        listen: (listener) => this.#listen(listener),
        setBusy: (busy) => this.#setBusy(socket, busy),
        onHeldAt: (endpoint) => this.#remember(endpoint),
        onEnd: end,
      });
      return await driver.acquire();
    } catch (error) {
      await end();
      throw error;
    }
  }

  #acquireStandalone(request: AcquireRequest, file: string | null): Promise<Seat> {
    return acquireStandalone({
      wish: wishOf(request, describeHolder(this.#options.application)),
      file,
      vendorKeys: this.#vendorKeys,
      clock: this.#clock,
      environment: process.env,
    });
  }

  /** Asks who is there and collects the answers for `patience` milliseconds. */
  async discover(patience = 1000): Promise<readonly AgentFound[]> {
    const end = this.#use();
    try {
      const socket = await this.#openSocket(readProductSettings(null));
      return await this.#collectOffers(socket, patience);
    } finally {
      await end();
    }
  }

  async #collectOffers(socket: SeekerSocket, patience: number): Promise<readonly AgentFound[]> {
    const nonce = systemEntropy(NONCE_SIZE);
    const found = new Map<string, AgentFound>();
    const stop = this.#listen((bytes, from) => {
      const frame = parseFrame(bytes);
      if (typeof frame === 'string' || frame.kind !== 'offer') return;
      if (!equalBytes(frame.offer.nonce, nonce)) return;
      const key = bytesToHex(frame.offer.agentKey);
      if (found.size < 1024 && !found.has(key)) found.set(key, toAgentFound(frame.offer, from));
    });
    const bytes = buildDiscover({ nonce, versions: SPOKEN, product: null });
    for (let asked = 0; asked < 3; asked++) {
      socket.askAround(bytes);
      await new Promise((resolve) => setTimeout(resolve, patience / 3));
    }
    stop();
    return [...found.values()];
  }

  /** Opens what is shared with the first user and closes it with the last. */
  #use(): () => Promise<void> {
    let used = true;
    this.#users++;
    return async () => {
      if (!used) return;
      used = false;
      if (--this.#users > 0) return;
      const socket = this.#socket;
      this.#socket = undefined;
      await (await socket)?.close();
    };
  }

  /** The open socket, which knows the agents of these settings. */
  async #openSocket({ agents }: ProductSettings): Promise<SeekerSocket> {
    this.#socket ??= resolveAgentAddresses(this.#addresses).then((resolved) =>
      SeekerSocket.open({
        port: this.#port,
        interfaces: this.#options.interfaces ?? null,
        endpoints: [...this.#lastEndpoints.values(), ...resolved],
        onDatagram: (bytes, from) => {
          for (const listener of this.#listeners) listener(bytes, from);
        },
      }),
    );
    const [socket, set] = await Promise.all([
      this.#socket,
      resolveAgentAddresses(parseAgentAddresses(agents.join(','), this.#port) ?? []),
    ]);
    await socket.learn(set);
    return socket;
  }

  #listen(listener: (bytes: Uint8Array, from: Endpoint) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A held seat does not keep the application from ending; finding and releasing one does. */
  #setBusy(socket: SeekerSocket, busy: boolean): void {
    this.#busy += busy ? 1 : -1;
    socket.hold(this.#busy > 0);
  }

  #newSession(request: AcquireRequest): SeatSession {
    return new SeatSession({
      wish: wishOf(request, describeHolder(this.#options.application)),
      wait: request.wait !== undefined && request.wait !== false,
      regain: request.regain ?? true,
      vendorKeys: this.#vendorKeys,
      patience: this.#options.patience ?? 3000,
      secret: systemEntropy(KEY_SIZE),
      nonce: systemEntropy(NONCE_SIZE),
      primitives: nativePrimitives,
      documents: this.#documents,
    });
  }

  #remember(endpoint: Endpoint): void {
    if (this.#lastEndpoints.size >= LAST_ENDPOINTS_MAX) this.#lastEndpoints.clear();
    this.#lastEndpoints.set(endpoint.address, endpoint);
  }
}

/** What is set for a product on this computer. Throws a `SeatError`, code `broken-settings`. */
const readProductSettings = (product: string | null): ProductSettings => {
  const settings = readClientSettings(process.env);
  if (settings.ok) return settings.value.settingsFor(product);
  throw new SeatError(explainBrokenSettings(settings.error));
};

const toAgentFound = (offer: Offer, from: Endpoint): AgentFound => ({
  name: offer.name,
  address: from.address,
  port: from.port,
  version: offer.version,
  products: offer.products,
  more: offer.more,
  speaksOurVersion: sharesVersion(offer.versions),
});

/** What administrators see of who holds a seat. */
const describeHolder = (application: string | undefined): Holder => ({
  user: plain(userName()),
  host: plain(hostname()),
  process: process.pid,
  application: plain(application ?? basename(process.argv[1] ?? process.execPath)),
});

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A service user without an account entry has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};

const plain = (text: string): string => {
  const short = text.slice(0, TEXT_MAX);
  return isPlainText(short) ? short : short.replace(/[^\x20-\x7e]/g, '?');
};

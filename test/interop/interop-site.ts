/** A real agent for the second client, on a port of its own on loopback, with its store in memory. */

import { networkInterfaces } from 'node:os';
import * as assert from 'uvu/assert';
import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import type { RegisterAnswer, RegisterAsk } from '../../agent/core/site/register.ts';
import { siteMaking } from '../../agent/core/site/site-making.ts';
import type { Write } from '../../agent/core/write.ts';
import { AgentDriver } from '../../agent/edges/agent-driver.ts';
import type { WritableStore } from '../../agent/edges/store-writer.ts';
import { UdpGateway } from '../../agent/edges/udp-gateway.ts';
import { armor } from '../../protocol/armor.ts';
import { bytesToBase64 } from '../../protocol/bytes.ts';
import type { License } from '../../protocol/license.ts';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { createSystemClock } from '../../protocol/node/clock.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { KeyPair } from '../../protocol/primitives.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { LICENSE, poolOf } from '../../scripts/vectors/fixed.ts';
import { until } from '../stories/until.ts';

class MemoryStore implements WritableStore {
  readonly entries = new Map<string, Uint8Array>();

  async write(writes: readonly Write[]): Promise<void> {
    for (const { key, value } of writes) {
      if (value === null) this.entries.delete(key);
      else this.entries.set(key, value);
    }
  }
}

const loopback = (): string => {
  const [name] =
    Object.entries(networkInterfaces()).find(([, addresses]) =>
      addresses?.some((one) => one.address === '127.0.0.1'),
    ) ?? [];
  assert.ok(name, 'this computer has no loopback interface');
  return name ?? '';
};

export interface InteropOptions {
  readonly name?: string;
  readonly keys?: KeyPair;
  /** Members of one site have one register. */
  readonly register?: Register;
}

/** What members of a site ask. */
interface Register {
  readonly transact: (ask: RegisterAsk) => RegisterAnswer;
}

export class InteropSite {
  readonly keys: KeyPair;
  readonly store = new MemoryStore();
  readonly secret = systemEntropy(32);
  readonly #options: InteropOptions;
  driver: AgentDriver;
  #gateway: UdpGateway | undefined;
  #port = 0;

  constructor(options: InteropOptions = {}) {
    this.#options = options;
    this.keys = options.keys ?? nativePrimitives.signingKeys(systemEntropy(32));
    this.driver = this.#startAgent();
  }

  get port(): number {
    return this.#gateway?.port ?? 0;
  }

  get vendorKey(): string {
    return bytesToBase64(this.keys.publicKey);
  }

  async open(): Promise<void> {
    this.#gateway = await UdpGateway.open({
      port: this.#port,
      interfaces: [loopback()],
      onDatagram: (bytes, from) => this.driver.feed({ kind: 'datagram', from, bytes }),
    });
  }

  /** Hears nobody, until it is opened again at the same port; it lives on. */
  async fallDeaf(): Promise<void> {
    this.#port = this.port;
    await this.#gateway?.close();
  }

  /** The same store and secret, a new epoch: what a restart is to a client. */
  async restart(): Promise<void> {
    await this.driver.stop();
    this.driver = this.#startAgent();
    this.driver.feed({ kind: 'restored', entries: [...this.store.entries] });
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
    await this.driver.stop();
  }

  async addLicense(changes: Partial<License> = {}): Promise<void> {
    await this.addText(this.issue(changes));
  }

  /** A license as its vendor gives it. */
  issue(changes: Partial<License> = {}): string {
    const license: Omit<License, 'id'> = {
      ...LICENSE,
      product: 'acme-cad',
      customer: 'Example & Söhne',
      issued: epochSeconds(1_700_000_000),
      starts: epochSeconds(1_700_000_000),
      expires: null,
      term: seconds(60),
      pools: [poolOf(1)],
      features: ['export'],
      activation: null,
      hosts: { virtual: 'allow', container: 'allow', unknown: 'allow' },
      ...changes,
    };
    const bytes = signLicense(license, systemEntropy(16), this.keys, nativePrimitives);
    return armor('license', bytes, nativePrimitives);
  }

  async addText(text: string): Promise<void> {
    const outcome = await this.driver.operate({ kind: 'license-add', text });
    assert.ok(outcome.kind === 'license-add' && outcome.results.every((one) => one.fault === null));
  }

  #startAgent(): AgentDriver {
    const { register } = this.#options;
    const agent = new Agent({
      name: this.#options.name ?? 'interop',
      version: '0',
      primitives: nativePrimitives,
      secret: this.secret,
      seed: systemEntropy(SEED_SIZE),
      vendorKeys: null,
      ...(register === undefined ? {} : { site: siteMaking }),
    });
    return new AgentDriver(agent, {
      clock: createSystemClock(),
      store: this.store,
      send: (to, bytes) => this.#gateway?.send(to, bytes),
      log: () => {},
      lookAtHost: async (report) => report({ verdict: PHYSICAL, code: new Uint8Array(0) }),
      keepHost: async () => {},
      askMaster: nobodyAnswers,
      keepMarks: async () => {},
      drawSecret: () => systemEntropy(KEY_SIZE),
      askAround: () => {},
      ...(register === undefined
        ? {}
        : { askRegister: async (ask: RegisterAsk) => register.transact(ask) }),
    });
  }
}

const nobodyAnswers = async () =>
  ({ ok: false, code: 'unreachable', sentence: 'Nobody is there.', version: null }) as const;

const PHYSICAL = { verdict: 'physical', score: 0, evidence: [], host: 'physical' } as const;

export const seatsInUse = async (site: InteropSite): Promise<number> => {
  const outcome = await site.driver.operate({ kind: 'seat-list' });
  return outcome.kind === 'seat-list' ? outcome.seats.length : Number.NaN;
};

/** Resolves when the agent counts its one seat for longer than it does now: it was renewed. */
export const renewed = async (site: InteropSite): Promise<void> => {
  const countedUntil = async (): Promise<number> => {
    const outcome = await site.driver.operate({ kind: 'seat-list' });
    return (outcome.kind === 'seat-list' ? outcome.seats[0]?.until : undefined) ?? 0;
  };
  const before = await countedUntil();
  // A date is rounded to the second, so one more says nothing.
  await until('the seat is renewed', async () =>
    (await countedUntil()) > before + 1 ? true : undefined,
  );
};

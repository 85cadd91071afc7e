/**
 * The second client, written from protocol/README.md alone, against the real agent over real UDP
 * sockets on loopback. What it needs and the page does not say is a bug of the page.
 */

import { spawn, spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import type { Write } from '../../agent/core/effects.ts';
import { AgentDriver } from '../../agent/edges/agent-driver.ts';
import type { WritableStore } from '../../agent/edges/store-writer.ts';
import { UdpGateway } from '../../agent/edges/udp-gateway.ts';
import { armor } from '../../protocol/armor.ts';
import { bytesToBase64 } from '../../protocol/bytes.ts';
import type { License } from '../../protocol/license.ts';
import { createSystemClock } from '../../protocol/node/clock.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { LICENSE, poolOf } from '../../scripts/vectors/fixed.ts';

const CLIENT = join(process.cwd(), 'test', 'interop', 'usher_client.py');

type Step = Readonly<Record<string, unknown>>;

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

class Site {
  readonly keys = nativePrimitives.signingKeys(systemEntropy(32));
  readonly store = new MemoryStore();
  readonly secret = systemEntropy(32);
  driver: AgentDriver;
  #gateway: UdpGateway | undefined;

  constructor() {
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
      port: 0,
      interfaces: [loopback()],
      onDatagram: (bytes, from) => this.driver.feed({ kind: 'datagram', from, bytes }),
    });
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
      activation: 'none',
      hosts: { virtual: 'allow', container: 'allow', unknown: 'allow' },
      ...changes,
    };
    const bytes = signLicense(license, systemEntropy(16), this.keys, nativePrimitives);
    const text = armor('license', bytes, nativePrimitives);
    const outcome = await this.driver.operate({ kind: 'license-add', text });
    assert.ok(outcome.kind === 'license-add' && outcome.results.every((one) => one.fault === null));
  }

  #startAgent(): AgentDriver {
    const agent = new Agent({
      name: 'interop',
      version: '0',
      primitives: nativePrimitives,
      secret: this.secret,
      seed: systemEntropy(SEED_SIZE),
      vendorKeys: null,
    });
    return new AgentDriver(agent, {
      clock: createSystemClock(),
      store: this.store,
      send: (to, bytes) => this.#gateway?.send(to, bytes),
      log: () => {},
      lookAtHost: async (report) => report(PHYSICAL),
    });
  }
}

const PHYSICAL = { verdict: 'physical', score: 0, evidence: [], host: 'physical' } as const;

/** The second client as a process: its steps as they come, and a line that makes it release. */
class SecondClient {
  readonly steps: Step[] = [];
  readonly code: Promise<number | null>;
  readonly #process;
  readonly #waiting = new Set<() => void>();

  constructor(site: Site, ...more: readonly string[]) {
    const fixed = ['--port', `${site.port}`, '--product', 'acme-cad'];
    const key = more.includes('--vendor-key') ? [] : ['--vendor-key', site.vendorKey];
    this.#process = spawn('python3', ['-B', CLIENT, ...fixed, ...key, ...more], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
    this.code = new Promise((resolve) => this.#process.on('close', resolve));
    this.code.then(() => this.#wakeAll());
  }

  get names(): readonly unknown[] {
    return this.steps.map(({ step }) => step);
  }

  /** Resolves when the client has told of a step, or has ended. */
  async told(step: string): Promise<void> {
    const process = this.#process;
    while (!this.names.includes(step) && process.exitCode === null) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  release(): void {
    this.#process.stdin.end('\n');
  }

  #take(step: Step): void {
    this.steps.push(step);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

const interop = suite<{ site: Site }>('interop: a second client from the page alone');

interop.before.each(async (context) => {
  context.site = new Site();
  await context.site.open();
});
interop.after.each(({ site }) => site.close());

const seatsInUse = async (site: Site): Promise<number> => {
  const outcome = await site.driver.operate({ kind: 'seat-list' });
  return outcome.kind === 'seat-list' ? outcome.seats.length : Number.NaN;
};

interop('it discovers, acquires, verifies, renews and releases', async ({ site }) => {
  await site.addLicense();
  const client = new SecondClient(site, '--renewals', '3', '--feature', 'export');
  assert.is(await client.code, 0);
  const steps = ['discovered', 'acquired', 'verified', 'renewed', 'renewed', 'renewed', 'released'];
  assert.equal(client.names, steps);
  assert.is(client.steps[1]?.['term'], 60);
  assert.is(client.steps[2]?.['customer'], 'Example & Söhne');
  assert.is(await seatsInUse(site), 0);
});

interop('either loopback address alone finds the agent', async ({ site }) => {
  await site.addLicense({ pools: [poolOf(2)] });
  for (const address of ['127.255.255.255', '127.0.0.1']) {
    const client = new SecondClient(site, '--address', address);
    assert.is(await client.code, 0, address);
  }
});

interop('a license of many pieces is fetched whole', async ({ site }) => {
  const features = Array.from({ length: 64 }, (_, i) => `feature-${i}-`.padEnd(64, 'ü'));
  await site.addLicense({ features });
  const client = new SecondClient(site);
  assert.is(await client.code, 0);
  assert.ok(client.names.includes('verified'));
});

interop('a refusal comes with its code and numbers', async ({ site }) => {
  await site.addLicense();
  const first = new SecondClient(site, '--hold');
  await first.told('renewed');
  const second = new SecondClient(site);
  assert.is(await second.code, 1);
  assert.equal(second.steps.at(-1), {
    step: 'refused',
    code: 'no-seat',
    number: 2,
    inUse: 1,
    seats: 1,
  });
  const unknown = new SecondClient(site, '--feature', 'flight');
  assert.is(await unknown.code, 1);
  assert.is(unknown.steps.at(-1)?.['code'], 'no-feature');
  first.release();
  assert.is(await first.code, 0);
});

interop('a license of another vendor is not believed, and its seat goes back', async ({ site }) => {
  await site.addLicense();
  const stranger = bytesToBase64(nativePrimitives.signingKeys(systemEntropy(32)).publicKey);
  const client = new SecondClient(site, '--vendor-key', stranger);
  assert.is(await client.code, 1);
  assert.equal(client.steps.at(-1), { step: 'distrusted', reason: 'another vendor' });
  assert.is(await seatsInUse(site), 0);
});

interop('a held seat outlives a restart of the agent', async ({ site }) => {
  await site.addLicense();
  const client = new SecondClient(site, '--hold');
  await client.told('renewed');
  await site.restart();
  assert.is(await seatsInUse(site), 1);
  client.release();
  assert.is(await client.code, 0);
  assert.is(client.names.at(-1), 'released');
  assert.is(await seatsInUse(site), 0);
});

interop('it reads and writes every vector as the page says', () => {
  const checks = join(process.cwd(), 'test', 'interop', 'check_vectors.py');
  const done = spawnSync('python3', ['-B', checks], { encoding: 'utf8' });
  assert.is(done.status, 0, `${done.stdout}${done.stderr}`);
});

if (spawnSync('python3', ['--version']).status === 0) interop.run();
else console.log('Skipped: the second client needs python3, which this computer does not have.');

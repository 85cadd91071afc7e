/** A site for one story: a folder of its own, the agent in it, and people who use the program. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { askAgent } from '../../agent/admin/control-client.ts';
import type {
  LicenseView,
  Operation,
  Outcome,
  SeatView,
  StatusView,
} from '../../agent/core/operations.ts';
import { DataFolder } from '../../agent/edges/data-folder.ts';
import type { License } from '../../protocol/license.ts';
import { type Ending, PROGRAM, Running } from './program.ts';
import { until } from './until.ts';
import { Vendor } from './vendor.ts';

/** The loopback interface: nothing of a story leaves this computer. */
export const LOOPBACK: string =
  Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ address }) => address === '127.0.0.1'),
  )?.[0] ?? 'lo';

interface Start {
  /** Variables beside the site's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** What starts the program, e.g. `setpriv …`; its words come before the program's. */
  readonly by?: readonly string[];
}

export class Site implements AsyncDisposable {
  readonly folder: string;
  readonly vendor: Vendor;
  readonly #started: Running[] = [];
  #port = 0;

  private constructor(folder: string, vendor: Vendor) {
    this.folder = folder;
    this.vendor = vendor;
  }

  static async open(vendor: Vendor = new Vendor()): Promise<Site> {
    const site = new Site(await mkdtemp(join(tmpdir(), 'usher-story-')), vendor);
    await mkdir(site.home);
    return site;
  }

  /** A site with an agent that lends `acme-cad` by licenses of these terms. */
  static async lending(...licenses: readonly Partial<License>[]): Promise<Site> {
    const site = await Site.open();
    try {
      await site.serve();
      for (const terms of licenses) await site.addLicense(terms);
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  get home(): string {
    return join(this.folder, 'home');
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** The agent's port, once there is one. */
  get port(): number {
    return this.#port;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** Starts the program and goes on. */
  start(words: readonly string[], { env = {}, by = [] }: Start = {}): Running {
    const [program, ...args] = [...by, ...PROGRAM, ...words];
    const running = new Running([program ?? '', ...args], {
      cwd: this.folder,
      env: { ...this.#environment(), ...env },
    });
    this.#started.push(running);
    return running;
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.home,
      XDG_STATE_HOME: join(this.home, 'state'),
      XDG_CONFIG_HOME: join(this.home, 'config'),
      USHER_DATA: this.data,
      USHER_INTERFACES: LOOPBACK,
      USHER_PORT: String(this.#port),
      USHER_CONSOLE: 'off',
    };
  }

  /** Runs the program to its end, with nothing on its standard input. */
  usher(...words: readonly string[]): Promise<Ending> {
    return this.usherWith('', ...words);
  }

  /** Runs the program to its end with `input` on its standard input. */
  usherWith(input: string | Uint8Array, ...words: readonly string[]): Promise<Ending> {
    const running = this.start(words);
    running.write(input);
    return running.ending();
  }

  /** What a reading command prints with `--json`. */
  async json<T>(...words: readonly string[]): Promise<T> {
    const { stdout, stderr } = await this.usher(...words, '--json');
    try {
      return JSON.parse(stdout) as T;
    } catch (cause) {
      throw new Error(`usher ${words.join(' ')} --json said:\n${stdout}${stderr}`, { cause });
    }
  }

  /** Asks the agent as the command line does, without the time that a process takes to start. */
  async ask<K extends Operation['kind']>(
    operation: Extract<Operation, { kind: K }>,
  ): Promise<Extract<Outcome, { kind: K }>> {
    const outcome = await askAgent(new DataFolder(this.data).controlPath, operation);
    if (outcome.kind === 'refused') throw new Error(outcome.detail);
    return outcome as Extract<Outcome, { kind: K }>;
  }

  async seats(): Promise<readonly SeatView[]> {
    return (await this.ask({ kind: 'seat-list' })).seats;
  }

  async licenses(): Promise<readonly LicenseView[]> {
    return (await this.ask({ kind: 'license-list' })).licenses;
  }

  async status(): Promise<StatusView> {
    return (await this.ask({ kind: 'status' })).status;
  }

  /** Starts the agent and waits until it serves; started again, it has the port that it had. */
  async serve(...flags: readonly string[]): Promise<Running> {
    const agent = this.start(['serve', ...flags]);
    const [, port] = await agent.saying(/Serving on UDP port (\d+) of/);
    this.#port = Number(port);
    return agent;
  }

  async addLicense(terms: Partial<License> = {}): Promise<LicenseView> {
    const text = this.vendor.issue(terms);
    const { results } = await this.ask({ kind: 'license-add', text });
    const added = results[0]?.added ?? null;
    if (added === null) throw new Error(`The license was not added: ${results[0]?.fault}`);
    return added;
  }

  /** Somebody works with the product: a seat is held until the command's input ends. */
  async work(...flags: readonly string[]): Promise<Running> {
    const worker = this.startWork(flags);
    await worker.saying(/at work/);
    return worker;
  }

  /** The same, without waiting for the seat. */
  startWork(flags: readonly string[] = [], how: Start = {}): Running {
    const command = ['--', 'sh', '-c', 'echo at work; cat'];
    return this.start(['run', '--product', 'acme-cad', ...flags, ...command], how);
  }

  /** Somebody stands in line, at the place that is said. */
  async waitInLine(place: number, ...flags: readonly string[]): Promise<Running> {
    const waiter = this.startWork(['--wait', ...flags]);
    await waiter.saying(new RegExp(`Waiting for one, at place ${place} in the line\\.`));
    return waiter;
  }

  /** Tries to work and is done at once: what came of it. */
  tryToWork(...flags: readonly string[]): Promise<Ending> {
    return this.usher('run', '--product', 'acme-cad', ...flags, '--', 'echo', 'worked');
  }

  /** Waits until as many seats as `count` are counted as taken. */
  seatsBecome(count: number): Promise<readonly SeatView[]> {
    return until(`${count} seats are held`, async () => {
      const seats = await this.seats();
      return seats.length === count ? seats : undefined;
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((one) => one.destroy()));
    await rm(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Ends somebody's work in good order and says with which exit code. */
export const goHome = async (worker: Running): Promise<Ending['code']> => {
  worker.write('');
  return (await worker.ending()).code;
};

/** Members of an etcd of our own: real ones, each a process that can be killed and paused. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const canRunEtcd = (): boolean => spawnSync('etcd', ['--version']).status === 0;

export interface EtcdPlace {
  readonly address: string;
  readonly clientPort: number;
  readonly peerPort: number;
  /** The words that run these there. */
  readonly run: (words: readonly string[]) => readonly string[];
  readonly folder: string;
}

export interface EtcdOptions {
  readonly places: readonly EtcdPlace[];
  /** Flags for every member. */
  readonly flags?: readonly string[];
  readonly isSecure?: boolean;
  /** Hears what a member says, counted from zero. */
  readonly hear?: (member: number, line: string) => void;
}

/** Places on this computer's loopback, on ports that nobody uses. */
export const loopbackPlaces = async (count: number, folder: string): Promise<EtcdPlace[]> => {
  const servers = Array.from({ length: 2 * count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Array.from({ length: count }, (_, i) => ({
    address: '127.0.0.1',
    clientPort: ports[2 * i] ?? 0,
    peerPort: ports[2 * i + 1] ?? 0,
    run: (words: readonly string[]) => words,
    folder: join(folder, `etcd${i + 1}`),
  }));
};

export class EtcdMembers implements Disposable {
  readonly #options: EtcdOptions;
  readonly #running = new Map<number, ChildProcess>();

  constructor(options: EtcdOptions) {
    this.#options = options;
  }

  /** Where clients ask, in the order of the members. */
  get urls(): readonly URL[] {
    return this.#options.places.map((place) => new URL(this.#clientUrl(place)));
  }

  /** Starts them all; resolves when all serve. */
  async startAll(): Promise<void> {
    await Promise.all(this.#options.places.map((_, i) => this.start(i)));
  }

  /** Starts a member, counted from zero; resolves when it serves, which takes a majority. */
  async start(member: number): Promise<void> {
    const place = this.#place(member);
    const [program = '', ...words] = place.run(['etcd', ...this.#words(member)]);
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#running.set(member, child);
    const lines = createInterface({ input: child.stderr });
    const said: string[] = [];
    child.once('exit', () => this.#options.hear?.(member, 'ended'));
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        said.push(line);
        this.#options.hear?.(member, line);
        if (said.length > 50) said.shift();
        if (/ready to serve client requests/.test(line)) resolve();
      });
      child.once('exit', (code) =>
        reject(new Error(`etcd ended with ${code}: ${said.join('\n')}`)),
      );
    });
  }

  isRunning(member: number): boolean {
    const child = this.#running.get(member);
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  signal(member: number, signal: NodeJS.Signals): void {
    this.#running.get(member)?.kill(signal);
  }

  async kill(member: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#running.get(member);
    if (child === undefined || !this.isRunning(member)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  [Symbol.dispose](): void {
    for (const child of this.#running.values()) child.kill('SIGKILL');
  }

  #words(member: number): readonly string[] {
    const { places, flags = [] } = this.#options;
    const place = this.#place(member);
    const all = places.map((one, i) => `m${i + 1}=http://${one.address}:${one.peerPort}`);
    const peer = `http://${place.address}:${place.peerPort}`;
    return [
      ...['--name', `m${member + 1}`, '--data-dir', place.folder],
      ...['--listen-client-urls', this.#clientUrl(place)],
      ...['--advertise-client-urls', this.#clientUrl(place)],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
      ...['--initial-cluster', all.join()],
      ...flags,
    ];
  }

  #clientUrl({ address, clientPort }: EtcdPlace): string {
    return `${this.#options.isSecure ? 'https' : 'http'}://${address}:${clientPort}`;
  }

  #place(member: number): EtcdPlace {
    const place = this.#options.places[member];
    if (place === undefined) throw new Error(`no member ${member}`);
    return place;
  }
}

/** Hosts of our own on a switch of our own: network namespaces joined by a bridge. Needs root. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Names are short: an interface's has at most 15 characters. */
const SWITCH = 'usw';

/** What lies here under a namespace's name is laid over `/etc` for its programs. */
const SETTINGS = '/etc/netns';

const ip = (...args: readonly string[]): void => {
  const done = spawnSync('ip', [...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr}`);
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

export const canMakeHosts = (): boolean => {
  if (process.getuid?.() !== 0) return false;
  const probe = `usher-probe${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return false;
  spawnSync('ip', ['netns', 'del', probe]);
  return true;
};

/** A switch with as many hosts as asked for, at 10.77.0.1, 10.77.0.2 and so on. */
export class Lan implements Disposable {
  readonly #spaces: string[] = [];
  readonly #children: ChildProcess[] = [];

  constructor(hosts: number) {
    const tag = `${process.pid}`;
    const hub = `${SWITCH}${tag}`;
    this.#addSpace(hub);
    ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', hub, 'link', 'set', 'br0', 'up');
    this.#hub = hub;
    for (let i = 1; i <= hosts; i++) {
      const host = `u${tag}h${i}`;
      this.#addSpace(host);
      ip('-n', hub, 'link', 'add', `p${i}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
      ip('-n', hub, 'link', 'set', `p${i}`, 'master', 'br0', 'up');
      ip('-n', host, 'addr', 'add', `10.77.0.${i}/24`, 'brd', '+', 'dev', 'eth0');
      ip('-n', host, 'link', 'set', 'eth0', 'up');
      ip('-n', host, 'link', 'set', 'lo', 'up');
    }
    this.#hosts = this.#spaces.slice(1);
  }

  readonly #hosts: readonly string[];
  readonly #hub: string;

  /** A cable of its own between two hosts: the interface `name` at both ends, without addresses. */
  join(left: number, right: number, name: string): void {
    const [a, b] = [this.#name(left), this.#name(right)];
    ip('-n', a, 'link', 'add', name, 'type', 'veth', 'peer', 'name', name, 'netns', b);
    for (const host of [a, b]) ip('-n', host, 'link', 'set', name, 'up');
  }

  /** Has the switch keep these hosts apart from each other, as access points do. */
  isolate(...hosts: readonly number[]): void {
    for (const host of hosts) {
      ip('-n', this.#hub, 'link', 'set', `p${host}`, 'type', 'bridge_slave', 'isolated', 'on');
    }
  }

  /** Gives a host its own copy of a folder of `/etc`, so that nothing of this machine is touched. */
  ownSettings(host: number, folder: string): void {
    const own = join(SETTINGS, this.#name(host));
    mkdirSync(own, { recursive: true });
    cpSync(join('/etc', folder), join(own, folder), { recursive: true });
  }

  /** Gives a host a file of `/etc` of its own. */
  ownFile(host: number, name: string, text: string): void {
    const own = join(SETTINGS, this.#name(host));
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, name), text);
  }

  /** Has the switch pass on what these rules of nftables let through. */
  filter(rules: string): void {
    const words = ['netns', 'exec', this.#hub, 'nft', '-f', '-'];
    const done = spawnSync('ip', words, { input: rules, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`nft: ${done.stderr}`);
  }

  /** The words that run a command on a host, counted from one. */
  commandOn(host: number, words: readonly string[]): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name(host), ...words];
  }

  /** Runs a command on a host, counted from one, to its end. */
  run(host: number, words: readonly string[]): { status: number | null; out: string; err: string } {
    const done = spawnSync('ip', ['netns', 'exec', this.#name(host), ...words], {
      encoding: 'utf8',
    });
    return { status: done.status, out: done.stdout, err: done.stderr };
  }

  /** Starts a command on a host and resolves when it prints a line that fits. */
  async start(
    host: number,
    words: readonly string[],
    ready: RegExp,
    hear: (line: string) => void = () => {},
  ): Promise<ChildProcess> {
    const child = spawn('ip', ['netns', 'exec', this.#name(host), ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        hear(line);
        if (ready.test(line)) resolve();
      });
      child.once('exit', (code) => reject(new Error(`${words.join(' ')} ended with ${code}`)));
    });
    return child;
  }

  async stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const space of this.#spaces) {
      // What a killed program has started would live on, and keep its output open.
      const { stdout } = spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' });
      for (const pid of stdout.split('\n').filter(Boolean)) kill(Number(pid));
      spawnSync('ip', ['netns', 'del', space]);
      rmSync(join(SETTINGS, space), { recursive: true, force: true });
    }
  }

  #name(host: number): string {
    const name = this.#hosts[host - 1];
    if (name === undefined) throw new Error(`no host ${host}`);
    return name;
  }

  #addSpace(name: string): void {
    ip('netns', 'add', name);
    this.#spaces.push(name);
  }
}

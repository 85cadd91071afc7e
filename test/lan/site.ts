/** An agent with a license on host 1 of a LAN, and the program on all hosts. */

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Lan } from './hosts.ts';

/** The binary that is tried, or the `agent/main.js` of this build. */
export const OWN_PROGRAM =
  process.env['USHER_STORY_PROGRAM'] ?? join(process.cwd(), 'build/out/js/agent/main.js');

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Hosts by their numbers. */
interface Routed {
  readonly router: number;
  readonly far: readonly number[];
  readonly names: number;
}

export class LanSite implements Disposable {
  readonly lan: Lan;
  readonly folder = mkdtempSync(join(tmpdir(), 'usher-lan-'));

  constructor(hosts: number) {
    this.lan = new Lan(hosts);
  }

  /** Runs the program on a host. */
  on(host: number, ...words: readonly string[]): Ended {
    return this.lan.run(host, this.#words(host, words));
  }

  /** Runs the program on a host as somebody else: by a command whose words come before. */
  by(host: number, before: readonly string[], ...words: readonly string[]): Ended {
    return this.lan.run(host, [...before, ...this.#words(host, words)]);
  }

  /** Runs any command on a host; it must succeed. */
  sh(host: number, command: string): string {
    const { status, out, err } = this.lan.run(host, ['sh', '-ec', command]);
    assert.is(status, 0, `${command}: ${err}`);
    return out;
  }

  /** The words that run the program on a host. `program`: that of another build. */
  command(host: number, words: readonly string[], program?: string): readonly string[] {
    return this.#words(host, words, program);
  }

  data(name: string): string {
    return join(this.folder, name);
  }

  /** Starts an agent on a data folder of this name. */
  serve(host: number, name: string, ...more: readonly string[]): Promise<ChildProcess> {
    const words = this.#words(host, ['serve', '--data', this.data(name), ...more]);
    return this.lan.start(host, words, /^Serving/);
  }

  /** Adds a license of `product` to the agent of this data folder. */
  license(
    host: number,
    name: string,
    product: string,
    seats = 1,
    ...more: readonly string[]
  ): void {
    this.#issue(host, name, product, product, ['--seats', String(seats), ...more]);
  }

  /** The same by another vendor. */
  foreignLicense(host: number, name: string, product: string, seats: number): void {
    this.#issue(host, name, product, `foreign-${product}`, ['--seats', String(seats)]);
  }

  #issue(
    host: number,
    name: string,
    product: string,
    files: string,
    more: readonly string[],
  ): void {
    const key = join(this.folder, `${files}.key`);
    const file = join(this.folder, `${files}.txt`);
    const done = (...words: readonly string[]) => {
      const { status, err } = this.on(host, ...words);
      assert.is(status, 0, err);
    };
    done('vendor', 'keygen', '--out', key);
    const hosts = ['--allow-virtual', '--allow-container', '--allow-unknown'];
    const terms = ['--product', product, '--customer', 'ACME', '--no-activation', ...more];
    done('vendor', 'issue', '--key', key, ...terms, ...hosts, '--out', file);
    done('license', 'add', file, '--data', this.data(name));
  }

  /** Starts an application on a host that holds a seat; resolves when it does. */
  work(host: number, product: string, ...more: readonly string[]): Promise<ChildProcess> {
    const command = [
      '--product',
      product,
      ...more,
      '--',
      'sh',
      '-c',
      'echo holding; exec sleep 600',
    ];
    return this.lan.start(host, this.#words(host, ['run', ...command]), /^holding/);
  }

  /** The addresses of those who hold seats of the agent of this data folder. */
  seats(host: number, name: string): readonly string[] {
    const { out } = this.on(host, 'seat', 'list', '--data', this.data(name), '--json');
    return (JSON.parse(out) as { address: string }[]).map(({ address }) => address);
  }

  /** The addresses of the agents that a host finds by itself. */
  found(host: number): readonly string[] {
    const { out } = this.on(host, 'discover', '--json');
    return (JSON.parse(out) as { address: string }[]).map(({ address }) => address).sort();
  }

  /** The public key of the vendor of a product, as `vendor issue` has used it. */
  vendorKey(product: string): string {
    const told = this.on(1, 'vendor', 'inspect', this.data(`${product}.txt`), '--json');
    const [first] = JSON.parse(told.out) as { signer: { publicKey: string } }[];
    assert.ok(first, told.err);
    return first?.signer.publicKey ?? '';
  }

  /** Waits until the IPv6 addresses of hosts are on trial no more. */
  settle(...hosts: readonly number[]): void {
    for (const host of hosts) {
      this.sh(host, 'timeout 10 sh -c "while ip -6 addr | grep -q tentative; do sleep 0.1; done"');
    }
  }

  /**
   * Puts hosts behind a router, each alone on a cable, with a server of names in the agent's network
   * (host 1) that tells them by `_usher._udp.site.example` where the agent is.
   */
  async route({ router, far, names }: Routed): Promise<void> {
    this.sh(router, 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    for (const host of far) {
      this.lan.join(router, host, `far${host}`);
      this.sh(router, `ip addr add 10.78.${host}.1/24 brd + dev far${host}`);
      this.sh(host, `ip link del eth0; ip addr add 10.78.${host}.2/24 brd + dev far${host}`);
      this.sh(host, `ip route add default via 10.78.${host}.1`);
      this.lan.ownFile(host, 'resolv.conf', `search site.example\nnameserver 10.77.0.${names}\n`);
    }
    for (const host of [1, names]) this.sh(host, `ip route add 10.78.0.0/16 via 10.77.0.${router}`);
    const name = 'agent.site.example';
    const dnsmasq = [
      ...['dnsmasq', '--keep-in-foreground', '--log-facility=-', '--no-resolv', '--no-hosts'],
      ...['--conf-file=/dev/null', '--user=root', '--pid-file'],
      `--listen-address=10.77.0.${names}`,
      `--srv-host=_usher._udp.site.example,${name},24711 --host-record=${name},10.77.0.1`,
    ];
    await this.lan.start(names, ['sh', '-c', `exec ${dnsmasq.join(' ')} 2>&1`], /started/);
  }

  [Symbol.dispose](): void {
    this.lan[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #words(host: number, words: readonly string[], program = OWN_PROGRAM): readonly string[] {
    const run = program.endsWith('.js') ? [process.execPath, program] : [program];
    const state = `XDG_STATE_HOME=${this.folder}/host${host}`;
    return ['env', state, `XDG_CONFIG_HOME=${this.folder}/host${host}`, ...run, ...words];
  }
}

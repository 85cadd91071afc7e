/** An agent with a license on host 1 of a LAN, and the program on all hosts. */

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Lan } from './hosts.ts';

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
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

  /** The words that run the program on a host. */
  command(host: number, words: readonly string[]): readonly string[] {
    return this.#words(host, words);
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

  [Symbol.dispose](): void {
    this.lan[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #words(host: number, words: readonly string[]): readonly string[] {
    const binary = process.env['USHER_STORY_PROGRAM'];
    const program =
      binary === undefined
        ? [process.execPath, join(process.cwd(), 'build/out/js/agent/main.js')]
        : [binary];
    const state = `XDG_STATE_HOME=${this.folder}/host${host}`;
    return ['env', state, `XDG_CONFIG_HOME=${this.folder}/host${host}`, ...program, ...words];
  }
}

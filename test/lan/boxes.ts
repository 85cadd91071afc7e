/** Three boxes of a site on a LAN, each with a member of etcd and an agent; and what befalls them. */

import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { timerMs } from '../../protocol/node/clock.ts';
import { until } from '../stories/until.ts';
import { EtcdMembers } from './etcd.ts';
import { LanSite, OWN_PROGRAM } from './site.ts';

export const BOXES = 3;
const ALL = Array.from({ length: BOXES }, (_, i) => i + 1);
/** etcd's log takes 64 MB at once, and another for the next. */
const DISK = '220m';

/**
 * The program, or the `agent/main.js`, of another build than this one's, and the boxes that begin with it.
 */
export interface Former {
  readonly program: string;
  readonly boxes: readonly number[];
}

/** `USHER_FORMER` names it, `USHER_FORMER_BOXES` (`1,3`) its boxes; without those all. */
export const formerBuild = (): Former | undefined => {
  const program = process.env['USHER_FORMER'];
  if (program === undefined) return undefined;
  const boxes = process.env['USHER_FORMER_BOXES']?.split(',').map(Number) ?? ALL;
  return { program, boxes };
};

const addressOf = (box: number): string => `10.77.0.${box}`;

/** Boxes are hosts 1 to 3; who has seats are the hosts behind them. */
export class Boxes implements AsyncDisposable {
  readonly site: LanSite;
  readonly etcd: EtcdMembers;
  readonly #agents = new Map<number, ChildProcess>();
  /** What agents and etcd have said, on the clock of marks. */
  readonly said: { readonly at: number; readonly line: string }[] = [];
  /** By the box: what it runs, where that is of another build. */
  readonly #programs = new Map<number, string>();

  constructor(hosts: number) {
    this.site = new LanSite(BOXES + hosts);
    const places = [];
    for (let box = 1; box <= BOXES; box++) {
      const folder = this.#disk(box);
      mkdirSync(folder);
      run('mount', '-t', 'tmpfs', '-o', `size=${DISK},mode=700`, 'tmpfs', folder);
      writeFileSync(this.#clock(box), '0');
      places.push({
        address: addressOf(box),
        clientPort: 2379,
        peerPort: 2380,
        run: (words: readonly string[]) => this.site.lan.commandOn(box, words),
        folder: join(folder, 'etcd'),
      });
    }
    const hear = (member: number, line: string): void => this.#hear(`etcd ${member + 1}`, line);
    this.etcd = new EtcdMembers({ places, hear });
  }

  /** Starts everything, with one license on all boxes. */
  async start(seats: number, former?: Former): Promise<void> {
    await this.etcd.startAll();
    for (const box of former?.boxes ?? []) this.#programs.set(box, former?.program ?? '');
    await Promise.all(this.all.map((box) => this.startAgent(box)));
    const { folder } = this.site;
    const [key, file] = [join(folder, 'vendor.key'), join(folder, 'license.txt')];
    this.#done(1, 'vendor', 'keygen', '--out', key);
    const hosts = ['--allow-virtual', '--allow-container', '--allow-unknown'];
    const terms = ['--product', 'acme', '--customer', 'ACME', '--no-activation', '--term', '10'];
    const count = ['--seats', String(seats), '--out', file];
    this.#done(1, 'vendor', 'issue', '--key', key, ...terms, ...hosts, ...count);
    this.#done(1, 'license', 'add', file, '--data', this.data(1));
    await Promise.all(this.all.map((box) => this.#hasLicense(box)));
  }

  /** The others take it over from the first. */
  #hasLicense(box: number): Promise<true> {
    return until(`box ${box} has the license`, async () => {
      const { out } = this.site.on(box, 'license', 'list', '--data', this.data(box), '--json');
      return out.includes('acme') || undefined;
    });
  }

  get all(): readonly number[] {
    return ALL;
  }

  data(box: number): string {
    return join(this.#disk(box), 'data');
  }

  /** Whether clocks can be set: a program reads its calendar where a test may stand before it. */
  get hasClocks(): boolean {
    return this.all.every((box) => !this.#isOnBinary(box));
  }

  #isOnBinary(box: number): boolean {
    const program = this.#programs.get(box) ?? OWN_PROGRAM;
    return !program.endsWith('.js');
  }

  /** From now on a box runs this build. */
  update(box: number): void {
    this.#programs.delete(box);
  }

  async startAgent(box: number): Promise<void> {
    const urls = this.etcd.urls.map(({ origin }) => origin).join();
    const wrong = join(process.cwd(), 'build/out/js/test/stories/wrong-clock.js');
    const clock = [`STORY_CLOCK=${this.#clock(box)}`, `NODE_OPTIONS=--import=${wrong}`];
    const flags = ['--data', this.data(box), '--name', `box${box}`, '--site', urls];
    const words = ['serve', ...flags, '--console', 'off'];
    const own = this.site.command(box, words, this.#programs.get(box));
    const before = this.#isOnBinary(box) ? [] : ['env', ...clock];
    const hear = (line: string): void => this.#hear(`agent ${box}`, line);
    this.#agents.set(box, await this.site.lan.start(box, [...before, ...own], /^Serving/, hear));
  }

  isServing(box: number): boolean {
    const agent = this.#agents.get(box);
    return agent !== undefined && agent.exitCode === null && agent.signalCode === null;
  }

  async killAgent(box: number): Promise<void> {
    await this.stopAgent(box, 'SIGKILL');
  }

  async stopAgent(box: number, signal: NodeJS.Signals): Promise<void> {
    const agent = this.#agents.get(box);
    if (agent !== undefined && this.isServing(box)) await this.site.lan.stop(agent, signal);
  }

  signalAgent(box: number, signal: NodeJS.Signals): void {
    this.#agents.get(box)?.kill(signal);
  }

  /** Nothing passes by these rules of a chain of the switch, until they are lifted. */
  cut(rules: readonly string[]): void {
    const chain = 'type filter hook forward priority 0;';
    this.site.lan.filter(
      `table bridge nemesis { chain passing { ${chain}\n${rules.join('\n')}\n}\n}\n`,
    );
  }

  heal(): void {
    this.site.lan.filter('table bridge nemesis\ndelete table bridge nemesis\n');
  }

  /** What goes from one box to the others, and to nobody else. */
  between(box: number, way: 'to' | 'from'): readonly string[] {
    const others = this.all.filter((one) => one !== box).map(addressOf);
    const [here, there] = way === 'to' ? ['saddr', 'daddr'] : ['daddr', 'saddr'];
    return [`ip ${here} ${addressOf(box)} ip ${there} { ${others.join(', ')} } drop`];
  }

  /** Everything to and from a box. */
  around(box: number): readonly string[] {
    return [`ip saddr ${addressOf(box)} drop`, `ip daddr ${addressOf(box)} drop`];
  }

  fillDisk(box: number): void {
    spawnSync('sh', ['-c', `head -c 1G /dev/zero > ${this.#disk(box)}/ballast`]);
  }

  emptyDisk(box: number): void {
    rmSync(join(this.#disk(box), 'ballast'), { force: true });
  }

  setClock(box: number, seconds: number): void {
    writeFileSync(this.#clock(box), String(seconds));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const box of this.all) await this.killAgent(box);
    for (const box of this.all) await this.etcd.kill(box - 1);
    for (const box of this.all) spawnSync('umount', ['-l', this.#disk(box)]);
    this.site[Symbol.dispose]();
  }

  #hear(who: string, line: string): void {
    this.said.push({ at: timerMs(), line: `${who}: ${line}` });
  }

  #done(box: number, ...words: readonly string[]): void {
    const { status, err } = this.site.on(box, ...words);
    assert.is(status, 0, err);
  }

  #disk(box: number): string {
    return join(this.site.folder, `box${box}`);
  }

  #clock(box: number): string {
    return join(this.site.folder, `clock${box}`);
  }
}

const run = (program: string, ...words: readonly string[]): void => {
  const done = spawnSync(program, words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${words.join(' ')}: ${done.stderr}`);
};

/** A program with the client library on a host: how fast it has a seat, and whether it keeps it. */

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import type { LanSite } from './site.ts';

const CLIENT = pathToFileURL(join(process.cwd(), 'build/out/js/protocol/client/client.js')).href;

/** Takes seats one after the other, each by a connection of its own, and says how long each took. */
const SEEK = `
import { connect } from '${CLIENT}';
const [product, times] = process.argv.slice(1);
const took = [];
for (let i = 0; i < Number(times); i++) {
  const before = performance.now();
  const seat = await connect({ vendorKey: null, patience: 8000 }).acquire({ product });
  took.push(Math.round((performance.now() - before) * 10) / 10);
  if (i + 1 === Number(times)) console.log(JSON.stringify({ took, at: seat.agent.endpoint.address }));
  await seat.release();
}
process.exit();
`;

/** Holds a seat and tells what becomes of it. */
const HOLD = `
import { connect } from '${CLIENT}';
const seat = await connect({ vendorKey: null }).acquire({ product: process.argv[1] });
seat.onNews(({ kind }) => console.log(kind, seat.agent.endpoint.address));
console.log('holding', seat.agent.endpoint.address);
setInterval(() => {}, 1000);
`;

export interface Sought {
  /** Milliseconds from the call to the held seat, of each time. */
  readonly took: readonly number[];
  /** The agent's address. */
  readonly at: string;
}

const words = (site: LanSite, host: number, script: string, args: readonly string[]) => [
  ...['env', `XDG_STATE_HOME=${site.folder}/host${host}`, `XDG_CONFIG_HOME=${site.folder}/none`],
  ...[process.execPath, '--input-type=module', '-e', script, ...args],
];

/** Takes a seat on a host, and gives it back; it must get one. */
export const seek = (site: LanSite, host: number, times = 1): Sought => {
  const { status, out, err } = site.lan.run(host, words(site, host, SEEK, ['acme', `${times}`]));
  assert.is(status, 0, `host ${host}: ${err}`);
  return JSON.parse(out) as Sought;
};

/** The same, and it must be fast. */
export const seekWithin = (site: LanSite, host: number, most: number, name: string): Sought => {
  const sought = seek(site, host);
  const [took = most] = sought.took;
  console.log(`  ${name}: ${took} ms, at ${sought.at}`);
  assert.ok(took < most, `${name}: a seat after ${took} ms`);
  return sought;
};

/** A seat that is held on a host. */
export class HeldSeat {
  readonly child: ChildProcess;
  readonly #news: string[] = [];
  #wake = (): void => {};

  private constructor(child: ChildProcess) {
    this.child = child;
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#tell(line);
    });
  }

  static async take(site: LanSite, host: number): Promise<HeldSeat> {
    const args = words(site, host, HOLD, ['acme']);
    return new HeldSeat(await site.lan.start(host, args, /^holding/));
  }

  /** Resolves when it tells this; the seat must not be lost before, and not be silent for a minute. */
  async hear(news: RegExp): Promise<void> {
    for (;;) {
      const line = this.#news.shift() ?? (await this.#nextLine());
      if (news.test(line)) return;
      assert.not.match(line, /^lost/);
    }
  }

  async #nextLine(): Promise<string> {
    const silence = setTimeout(() => this.#tell('lost in silence'), 60_000);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    clearTimeout(silence);
    return this.#news.shift() ?? '';
  }

  #tell(line: string): void {
    this.#news.push(line);
    this.#wake();
  }

  /** What it has told that nobody has asked for. */
  get untold(): readonly string[] {
    return this.#news;
  }
}

/** Load for the acquire benchmark: clients that acquire and release in a loop, each at its own pace. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Offer } from '../../protocol/offers.ts';
import type { Reply } from '../../protocol/replies.ts';
import { PRODUCT } from './bench-agent.ts';
import { BenchSession, replyTag } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';
import { Lane } from './lane.ts';

export type AcquireQuestion =
  /** Takes `count` seats of the agent on `port` and keeps them. */
  | { readonly kind: 'fill'; readonly port: number; readonly count: number }
  /** Lets `clients` acquire and release for so long. */
  | {
      readonly kind: 'run';
      readonly port: number;
      readonly clients: number;
      readonly milliseconds: number;
      /** Each acquire by a session of its own, as an application that has just started. */
      readonly fresh: boolean;
    };

export interface AcquireRun {
  readonly pairs: number;
  readonly seconds: number;
  /** Milliseconds from the request to the lease. */
  readonly latencies: readonly number[];
  readonly cpuSeconds: number;
  readonly resent: number;
}

/** Agents limit newcomers by address, so they come from several: Linux has all of 127/8. */
const ADDRESSES = 40;
const RESEND_MS = 1000;
const ATTEMPTS = 10;
const FILL_AT_ONCE = 64;

interface Door {
  readonly lane: Lane;
  offer: Offer;
}

/** One agent as this process sees it. */
class Site {
  readonly #port: number;
  readonly #doors: Door[] = [];
  readonly #waiting = new Map<string, (bytes: Uint8Array) => void>();
  #made = 0;
  resent = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** Gets offers whose cookies are fresh. */
  async open(): Promise<void> {
    for (let i = this.#doors.length; i < ADDRESSES; i++) {
      const lane = await openLane(this.#port, i);
      this.#doors.push({ lane, offer: await lane.askOffer() });
    }
    for (const door of this.#doors) {
      door.offer = await door.lane.askOffer();
      door.lane.onDatagram = (bytes) => this.#waiting.get(replyTag(bytes))?.(bytes);
    }
  }

  newClient(): Client {
    const number = this.#made++;
    const door = this.#doors[number % this.#doors.length] as Door;
    const endpoint = { address: '127.0.0.1', port: this.#port };
    return new Client(this, door.lane, new BenchSession(door.offer, endpoint, number));
  }

  /** Hears replies for a session until the returned function is called. */
  listen(tag: string, listener: (bytes: Uint8Array) => void): () => void {
    this.#waiting.set(tag, listener);
    return () => this.#waiting.delete(tag);
  }
}

const openLane = (port: number, number: number): Promise<Lane> =>
  Lane.open(port, process.platform === 'linux' ? `127.0.0.${2 + number}` : '127.0.0.1');

class Client {
  readonly #site: Site;
  readonly #lane: Lane;
  readonly #session: BenchSession;

  constructor(site: Site, lane: Lane, session: BenchSession) {
    this.#site = site;
    this.#lane = lane;
    this.#session = session;
  }

  acquire(): Promise<void> {
    return this.#ask(() => this.#session.acquire(PRODUCT), 'granted');
  }

  release(): Promise<void> {
    return this.#ask(() => this.#session.release(), 'released');
  }

  async #ask(seal: () => Uint8Array, wanted: Reply['kind']): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) this.#site.resent++;
      const reply = await this.#exchange(seal());
      if (reply?.kind === wanted) return;
      if (reply !== undefined) throw new Error(`Not ${wanted}: ${JSON.stringify(reply)}`);
    }
    throw new Error('The agent does not answer.');
  }

  #exchange(request: Uint8Array): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const end = (reply: Reply | undefined): void => {
        clearTimeout(timer);
        stop();
        resolve(reply);
      };
      const timer = setTimeout(() => end(undefined), RESEND_MS);
      const stop = this.#site.listen(this.#session.tag, (bytes) => {
        const reply = this.#session.open(bytes);
        if (reply !== undefined) end(reply);
      });
      this.#lane.send(request);
    });
  }
}

const sites = new Map<number, Site>();

const siteAt = async (port: number): Promise<Site> => {
  const site = sites.get(port) ?? new Site(port);
  sites.set(port, site);
  await site.open();
  return site;
};

const fill = async (port: number, count: number): Promise<number> => {
  const site = await siteAt(port);
  let left = count;
  const fillOne = async (): Promise<void> => {
    while (left-- > 0) await site.newClient().acquire();
  };
  await Promise.all(Array.from({ length: FILL_AT_ONCE }, fillOne));
  return count;
};

const pairOf = async (client: Client): Promise<void> => {
  await client.acquire();
  await client.release();
};

const run = async (question: Extract<AcquireQuestion, { kind: 'run' }>): Promise<AcquireRun> => {
  const { port, clients, milliseconds, fresh } = question;
  const site = await siteAt(port);
  const latencies: number[] = [];
  const all = Array.from({ length: clients }, () => site.newClient());
  // Who has a session makes no keys: all of them in one process would only wait for each other's.
  if (!fresh) for (const client of all) await pairOf(client);
  const resentBefore = site.resent;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const loop = async (first: Client): Promise<void> => {
    let client = first;
    while (performance.now() - start < milliseconds) {
      if (fresh) client = site.newClient();
      const asked = performance.now();
      await client.acquire();
      latencies.push(performance.now() - asked);
      await client.release();
    }
  };
  await Promise.all(all.map(loop));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await sleep(20);
  const resent = site.resent - resentBefore;
  const cpuSeconds = (user + system) / 1e6;
  return { pairs: latencies.length, seconds, latencies, cpuSeconds, resent };
};

answerQuestions(async (question: AcquireQuestion): Promise<number | AcquireRun> => {
  switch (question.kind) {
    case 'fill':
      return fill(question.port, question.count);
    case 'run':
      return run(question);
  }
});

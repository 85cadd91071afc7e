/** Looks for agents by DNS: with multicast on the link, and with SRV records in the site's own DNS. */

import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { buildDnsQuestion, DNS_TYPE, readDnsMessage, SERVICE } from '../dns-message.ts';
import type { Endpoint } from '../endpoint.ts';
import { resolveAgentAddresses } from './agent-address.ts';
import { MulticastDoor } from './multicast-door.ts';

/** How long answers are listened to after a question: each of everybody's wakes us up. */
const LISTEN_MS = 3000;
/** How long a name server may take, in milliseconds, and how often it is asked. */
const SERVER_MS = 1000;
const TRIES = 2;
/** Domains that are asked, and agents taken from one answer. */
const DOMAINS_MAX = 6;
const RECORDS_MAX = 16;

export class ServiceSeeker implements AsyncDisposable {
  readonly #onFound: (endpoints: readonly Endpoint[]) => void;
  readonly #resolver = new Resolver({ timeout: SERVER_MS, tries: TRIES });
  #door: Promise<MulticastDoor> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #askedServers = false;

  /** `onFound`: agents that may be there; nothing is proven. */
  constructor(onFound: (endpoints: readonly Endpoint[]) => void) {
    this.#onFound = onFound;
  }

  /** Asks the link, and the first time the site's name server. */
  ask(): void {
    void this.#askLink();
    if (this.#askedServers) return;
    this.#askedServers = true;
    for (const domain of searchDomains()) void this.#askServer(domain);
  }

  async close(): Promise<void> {
    this.#resolver.cancel();
    await this.#closeDoor();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #askLink(): Promise<void> {
    this.#door ??= MulticastDoor.open((bytes, from) => this.#hear(bytes, from));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#closeDoor(), LISTEN_MS);
    this.#timer.unref();
    const question = buildDnsQuestion({ name: SERVICE, type: DNS_TYPE.ptr });
    (await this.#door).send(() => question);
  }

  async #closeDoor(): Promise<void> {
    clearTimeout(this.#timer);
    const door = this.#door;
    this.#door = undefined;
    await (await door)?.close();
  }

  /** Where the answer came from is where the agent is: the link's own address, and its scope. */
  #hear(bytes: Uint8Array, from: Endpoint): void {
    const message = readDnsMessage(bytes);
    if (message === undefined || !message.isResponse) return;
    const service = message.services.find(({ name }) => name.endsWith(`.${SERVICE}`));
    if (service !== undefined) this.#onFound([{ address: from.address, port: service.port }]);
  }

  async #askServer(domain: string): Promise<void> {
    const records = await this.#resolver.resolveSrv(`_usher._udp.${domain}`).catch(() => []);
    const sorted = records.toSorted((one, other) => one.priority - other.priority);
    const addresses = sorted.slice(0, RECORDS_MAX).map(({ name, port }) => ({ host: name, port }));
    if (addresses.length > 0) this.#onFound(await resolveAgentAddresses(addresses));
  }
}

/** The domains of this computer: its own, and those in which it looks for short names. */
const searchDomains = (): readonly string[] => {
  const [, ...own] = hostname().split('.');
  const found = [own.join('.'), process.env['USERDNSDOMAIN'] ?? '', ...resolverDomains()];
  return [...new Set(found.map((one) => one.replace(/\.$/, '').toLowerCase()))]
    .filter((domain) => /^[a-z0-9._-]{1,200}$/.test(domain) && domain !== 'local')
    .slice(0, DOMAINS_MAX);
};

/** `search` and `domain` of resolv.conf; none where there is no such file. */
const resolverDomains = (): readonly string[] => {
  try {
    const text = readFileSync('/etc/resolv.conf', 'utf8').slice(0, 65_536);
    return [...text.matchAll(/^\s*(?:search|domain)\s+(.*)$/gm)].flatMap(([, words = '']) =>
      words.trim().split(/\s+/),
    );
  } catch {
    return [];
  }
};

/**
 * Where to look for agents when nobody has answered at once: mDNS, which firewalls let in that drop
 * answers to broadcasts, and DNS, which knows of other networks. Both tell addresses and nothing more:
 * who is there is asked as anybody else is.
 */

import { buildServiceQuery, readServiceAnswer } from '../dns/service.ts';
import type { Endpoint } from '../endpoint.ts';
import { isSiteAddress } from '../ip-address.ts';
import { timerMs } from './clock.ts';
import { isOnLink, type Link } from './interfaces.ts';
import { MdnsSocket } from './mdns-socket.ts';
import { ServiceLookup, searchDomains } from './service-records.ts';

/** Milliseconds between the first two mDNS questions of a search, then double (RFC 6762, 5.2). */
const QUERY_AGAIN_MS = 1000;
const QUERY_AGAIN_MAX_MS = 60_000;
/** A domain is asked again after this long. */
const DOMAIN_AGAIN_MS = 60_000;
/** Nobody has asked for so long: the search is over, and nothing is heard any more. */
const OVER_MS = 5000;

export interface FurtherSearchOptions {
  /** mDNS on these interfaces only; `null` for all. */
  readonly interfaces: readonly string[] | null;
  readonly onFound: (endpoints: readonly Endpoint[], by: 'mdns' | 'srv') => void;
}

export class FurtherSearch {
  readonly #options: FurtherSearchOptions;
  readonly #domainsAskedAt = new Map<string, number>();
  #mdns: MdnsSocket | undefined;
  #lookup: ServiceLookup | undefined;
  #queryAt = 0;
  #queryAgain = QUERY_AGAIN_MS;
  #over: NodeJS.Timeout | undefined;
  #holds = true;
  #isClosed = false;

  constructor(options: FurtherSearchOptions) {
    this.#options = options;
  }

  /**
   * Nobody has answered yet: goes on looking, no more often than is decent. Resolves when mDNS is
   * listened to.
   */
  async ask(): Promise<void> {
    if (this.#isClosed) return;
    clearTimeout(this.#over);
    this.#over = setTimeout(() => void this.#end(), OVER_MS).unref();
    void this.#askDomains();
    await this.#askLink();
  }

  /** Whether it keeps the process from ending. */
  hold(on: boolean): void {
    this.#holds = on;
    this.#mdns?.hold(on);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#over);
    await this.#end();
  }

  async #end(): Promise<void> {
    const mdns = this.#mdns;
    this.#mdns = undefined;
    this.#queryAt = 0;
    this.#queryAgain = QUERY_AGAIN_MS;
    this.#lookup?.cancel();
    this.#lookup = undefined;
    await mdns?.close();
  }

  async #askLink(): Promise<void> {
    const now = timerMs();
    if (now < this.#queryAt) return;
    this.#queryAt = now + this.#queryAgain;
    this.#queryAgain = Math.min(this.#queryAgain * 2, QUERY_AGAIN_MAX_MS);
    this.#mdns ??= new MdnsSocket({
      interfaces: this.#options.interfaces,
      onDatagram: (bytes, from, links) => this.#hear(bytes, from, links),
    });
    const mdns = this.#mdns;
    mdns.hold(this.#holds);
    await mdns.look();
    for (const link of mdns.links) mdns.tell(link, buildServiceQuery());
  }

  #hear(bytes: Uint8Array, { address }: Endpoint, links: readonly Link[]): void {
    const [, named] = address.split('%');
    const isNear = (one: string): boolean =>
      isSiteAddress(one) || links.some((link) => isOnLink(link, one));
    const found = readServiceAnswer(bytes, { zone: named ?? links[0]?.zone, isNear });
    if (found.length > 0) this.#options.onFound(found, 'mdns');
  }

  async #askDomains(): Promise<void> {
    const now = timerMs();
    for (const domain of await searchDomains()) {
      if (now < (this.#domainsAskedAt.get(domain) ?? 0) || this.#isClosed) continue;
      this.#domainsAskedAt.set(domain, now + DOMAIN_AGAIN_MS);
      this.#lookup ??= new ServiceLookup();
      void this.#lookup.find(domain).then((found) => {
        if (found.length > 0) this.#options.onFound(found, 'srv');
      });
    }
  }
}

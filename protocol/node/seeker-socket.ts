/** The client's socket: sends to agents it knows, and asks around where agents may be. */

import { bytesToHex } from '../bytes.ts';
import { type Endpoint, endpointToText, isV6 } from '../endpoint.ts';
import { listIpv4Addresses, listMulticastInterfaces } from './interfaces.ts';
import { ServiceSeeker } from './service-seeker.ts';
import { type DatagramListener, UdpSocket } from './udp-socket.ts';

export interface SeekerOptions {
  /** The port on which agents listen. */
  readonly port: number;
  /**
   * Broadcast on these interfaces only, none when empty; `null` for all, and then agents are looked for
   * with IPv6 and by DNS, too.
   */
  readonly interfaces: readonly string[] | null;
  /** Agents' endpoints that are known from elsewhere. */
  readonly endpoints: readonly Endpoint[];
  readonly onDatagram: DatagramListener;
}

/** Where routers and directed broadcasts do not help: everybody on the link (RFC 919). */
const LIMITED_BROADCAST = '255.255.255.255';
/** The same for IPv6 (RFC 4291, section 2.7.1): every switch passes it on, and nobody has to join. */
const ALL_NODES = 'ff02::1';
/** Endpoints kept at a time: anybody can answer for a service. */
const ENDPOINTS_MAX = 64;
/** Searches at a time, and the bytes that tell one from another: the head, and the nonce. */
const ASKED_MAX = 16;
const NAMED_BY = 32;

export class SeekerSocket implements AsyncDisposable {
  readonly #options: SeekerOptions;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #v4: UdpSocket;
  readonly #services: ServiceSeeker | undefined;
  #v6: UdpSocket | undefined;
  /** What was asked, by its beginning: who is found later is asked the same. */
  readonly #asked = new Map<string, Uint8Array>();
  #holds = true;

  private constructor(options: SeekerOptions, v4: UdpSocket) {
    this.#options = options;
    this.#v4 = v4;
    if (options.interfaces !== null) return;
    this.#services = new ServiceSeeker((endpoints) => void this.#find(endpoints));
  }

  static async open(options: SeekerOptions): Promise<SeekerSocket> {
    const { onDatagram, interfaces } = options;
    const v4 = await UdpSocket.open({ address: '0.0.0.0', port: 0, onDatagram });
    const seeker = new SeekerSocket(options, v4);
    const hasV6 = listMulticastInterfaces().some(({ family }) => family === 6);
    if (interfaces === null && hasV6) await seeker.#openV6();
    await seeker.learn(options.endpoints);
    return seeker;
  }

  /** Takes in agents' endpoints that became known since. */
  async learn(endpoints: readonly Endpoint[]): Promise<void> {
    for (const endpoint of endpoints) {
      if (this.#endpoints.size >= ENDPOINTS_MAX) break;
      this.#endpoints.set(endpointToText(endpoint), endpoint);
    }
    if (endpoints.some(({ address }) => isV6(address))) await this.#openV6();
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    (isV6(to.address) ? this.#v6 : this.#v4)?.send(to, bytes);
  }

  /**
   * Sends to every place where an agent may be. Interfaces are looked up each time: cables and
   * networks come and go. The limited broadcast leaves by one interface only, hence the directed. What
   * is asked again was not answered: then IPv6 and DNS are tried as well.
   */
  askAround(bytes: Uint8Array): void {
    const { port, interfaces } = this.#options;
    const isAgain = this.#note(bytes);
    for (const endpoint of this.#endpoints.values()) this.send(endpoint, bytes);
    const own = listIpv4Addresses(interfaces);
    const targets = new Set(own.map(({ broadcast }) => broadcast));
    // An agent on this very computer is found even where broadcasts do not come back.
    if (own.some(({ address }) => address === '127.0.0.1')) targets.add('127.0.0.1');
    if (interfaces === null) targets.add(LIMITED_BROADCAST);
    for (const address of targets) this.send({ address, port }, bytes);
    if (interfaces === null && isAgain) this.#askByMulticast(bytes);
  }

  /** Whether the open socket keeps the process from ending. */
  hold(on: boolean): void {
    this.#holds = on;
    for (const socket of [this.#v4, this.#v6]) socket?.hold(on);
  }

  async close(): Promise<void> {
    await Promise.all([this.#v4.close(), this.#v6?.close(), this.#services?.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether it has been asked before. */
  #note(bytes: Uint8Array): boolean {
    const key = bytesToHex(bytes.subarray(0, NAMED_BY));
    const isAgain = this.#asked.delete(key);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size >= ASKED_MAX && oldest !== undefined) this.#asked.delete(oldest);
    this.#asked.set(key, bytes);
    return isAgain;
  }

  #askByMulticast(bytes: Uint8Array): void {
    const { port } = this.#options;
    for (const { family, via } of listMulticastInterfaces()) {
      if (family === 6) this.send({ address: via.replace('::', ALL_NODES), port }, bytes);
    }
    this.#services?.ask();
  }

  /** A firewall lets the answer in when the question went to that very address. */
  async #find(endpoints: readonly Endpoint[]): Promise<void> {
    const news = endpoints.filter((one) => !this.#endpoints.has(endpointToText(one)));
    await this.learn(news);
    for (const bytes of this.#asked.values()) {
      for (const endpoint of news) this.send(endpoint, bytes);
    }
  }

  async #openV6(): Promise<void> {
    if (this.#v6 !== undefined) return;
    const { onDatagram } = this.#options;
    this.#v6 = await UdpSocket.open({ address: '::', port: 0, onDatagram }).catch(() => undefined);
    this.#v6?.hold(this.#holds);
  }
}

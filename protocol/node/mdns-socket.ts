/**
 * mDNS on every link, beside whoever else speaks it on this computer. The sockets are bound to the
 * groups, not to the computer's addresses: what is sent to one of those is for the computer's own
 * responder, and stays its.
 */

import { platform } from 'node:process';
import { MDNS_PORT, MDNS_V4, MDNS_V6 } from '../dns/service.ts';
import type { Endpoint } from '../endpoint.ts';
import { isV6 } from '../endpoint.ts';
import { ipv4Of, isOnLink, type Link, listLinks } from './interfaces.ts';
import { UdpSocket } from './udp-socket.ts';

export interface MdnsSocketOptions {
  /** Only on these interfaces; `null` for all. */
  readonly interfaces: readonly string[] | null;
  /** Called for each datagram, with the links by which it may have come: one, where that is known. */
  readonly onDatagram: (bytes: Uint8Array, from: Endpoint, links: readonly Link[]) => void;
}

/** Windows binds no group. */
const BINDS_GROUPS = platform !== 'win32';

export class MdnsSocket {
  readonly #options: MdnsSocketOptions;
  /** One for IPv4 and, in IPv6, one for each zone. */
  readonly #sockets = new Map<string, UdpSocket>();
  #links: readonly Link[] = [];
  #isClosed = false;
  #holds = true;

  constructor(options: MdnsSocketOptions) {
    this.#options = options;
  }

  /** The links that it hears. */
  get links(): readonly Link[] {
    return this.#links.filter((link) => this.#ways(link).length > 0);
  }

  /** The link that an address is of, or those that it may be of. */
  linksTowards(address: string): readonly Link[] {
    const near = this.#links.find((link) => isOnLink(link, address));
    // The other end of a point-to-point line is in no network of it.
    return near === undefined ? this.#links.filter(isLine) : [near];
  }

  /**
   * Looks for interfaces that came since, and opens what is missing. It never fails: who has the port
   * to itself, or lacks a protocol, is passed over.
   */
  async look(): Promise<void> {
    this.#links = listLinks(this.#options.interfaces);
    const zones = this.#links.flatMap(({ zone }) => zone ?? []);
    for (const key of this.#sockets.keys()) {
      if (key !== V4 && !zones.includes(key)) await this.#drop(key);
    }
    if (this.#links.some((link) => ipv4Of(link).length > 0)) await this.#open(V4, MDNS_V4);
    for (const zone of zones) await this.#open(zone, `${MDNS_V6}%${zone}`);
    for (const link of this.#links) {
      for (const { socket, group, by } of this.#ways(link)) socket.join(group, by);
    }
  }

  /** Sends to everybody on a link, in both protocols. */
  tell(link: Link, bytes: Uint8Array): void {
    for (const { socket, group, by } of this.#ways(link)) {
      const address = isV6(group) ? `${group}%${link.zone}` : group;
      socket.sendToGroup({ address, port: MDNS_PORT }, by, bytes);
    }
  }

  /** Sends to one who asked. */
  send(to: Endpoint, bytes: Uint8Array): void {
    const [, zone] = to.address.split('%');
    this.#sockets.get(isV6(to.address) ? (zone ?? '') : V4)?.send(to, bytes);
  }

  /** Whether it keeps the process from ending. */
  hold(on: boolean): void {
    this.#holds = on;
    for (const socket of this.#sockets.values()) socket.hold(on);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#sockets.keys()].map((key) => this.#drop(key)));
  }

  async #drop(key: string): Promise<void> {
    const socket = this.#sockets.get(key);
    this.#sockets.delete(key);
    await socket?.close();
  }

  async #open(key: string, group: string): Promise<void> {
    if (this.#sockets.has(key) || this.#isClosed) return;
    const anywhere = key === V4 ? '0.0.0.0' : '::';
    const socket = await UdpSocket.open({
      address: BINDS_GROUPS ? group : anywhere,
      port: MDNS_PORT,
      isShared: true,
      onDatagram: (bytes, from) => this.#hear(bytes, from),
    }).catch(() => undefined);
    if (socket === undefined) return;
    socket.hold(this.#holds);
    if (this.#isClosed || this.#sockets.has(key)) return socket.close();
    this.#sockets.set(key, socket);
  }

  /** How a link is reached: its sockets, and how they name it. */
  #ways(link: Link) {
    const v4 = this.#sockets.get(V4);
    const [address] = ipv4Of(link);
    const v6 = this.#sockets.get(link.zone ?? '');
    return [
      ...(v4 === undefined || address === undefined
        ? []
        : [{ socket: v4, group: MDNS_V4, by: address }]),
      ...(v6 === undefined ? [] : [{ socket: v6, group: MDNS_V6, by: `::%${link.zone}` }]),
    ];
  }

  #hear(bytes: Uint8Array, from: Endpoint): void {
    this.#options.onDatagram(bytes, from, this.linksTowards(from.address));
  }
}

const V4 = 'IPv4';

const isLine = ({ addresses }: Link): boolean =>
  addresses.some(({ netmask }) => netmask === '255.255.255.255');

/** All the sockets of one agent as if they were one. */

import { platform } from 'node:os';
import { type Endpoint, isV6 } from '../../protocol/endpoint.ts';
import {
  type Ipv4Address,
  type Link,
  listIpv4Addresses,
  listLinks,
  missingInterfaces,
} from '../../protocol/node/interfaces.ts';
import { ALL_NODES } from '../../protocol/node/seeker-socket.ts';
import { type DatagramListener, UdpSocket } from '../../protocol/node/udp-socket.ts';
import { UsherError } from '../usher-error.ts';
import { describePortHolder } from './port-holder.ts';

export interface UdpGatewayOptions {
  /** Zero lets the system choose one. */
  readonly port: number;
  /** Names of the interfaces to serve, or `null` for every one, those that come later included. */
  readonly interfaces: readonly string[] | null;
  readonly onDatagram: DatagramListener;
}

export class UdpGateway implements AsyncDisposable {
  readonly #sockets: readonly UdpSocket[];
  readonly #interfaces: UdpGatewayOptions['interfaces'];

  private constructor(sockets: readonly UdpSocket[], interfaces: UdpGatewayOptions['interfaces']) {
    this.#sockets = sockets;
    this.#interfaces = interfaces;
  }

  /** Opens every socket or none. Codes: PORT_TAKEN, ADDRESS_UNUSABLE. */
  static async open(options: UdpGatewayOptions): Promise<UdpGateway> {
    const sockets: UdpSocket[] = [];
    let { port } = options;
    try {
      for (const { address, optional, joins } of localAddresses(options.interfaces)) {
        const socket = await openOne(address, port, sockets.length, options.onDatagram, optional);
        if (socket === undefined) continue;
        for (const by of joins ?? []) socket.join(ALL_NODES, by);
        sockets.push(socket);
        port = socket.local.port;
      }
    } catch (error) {
      await Promise.all(sockets.map((socket) => socket.close()));
      throw error;
    }
    return new UdpGateway(sockets, options.interfaces);
  }

  /** The one port of all sockets. */
  get port(): number {
    return this.#sockets[0]?.local.port ?? 0;
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    this.#socketFor(to)?.send(to, bytes);
  }

  /** Addresses of other than this computer alone, on which it serves now. */
  get addresses(): readonly string[] {
    const hasV6 = this.#sockets.some((socket) => isV6(socket.local.address));
    const v6 = hasV6 ? listLinks(this.#interfaces).flatMap(ipv6Of) : [];
    return [...this.#outward().map(({ address }) => address), ...v6];
  }

  /** Sends to the agents' port of everybody on each network. */
  askAround(bytes: Uint8Array): void {
    const groups = new Set(this.#outward().map(({ broadcast }) => broadcast));
    for (const { zone } of listLinks(this.#interfaces)) {
      if (zone !== undefined) groups.add(`${ALL_NODES}%${zone}`);
    }
    for (const address of groups) this.send({ address, port: this.port }, bytes);
  }

  /** Hears the group on interfaces that came since; where everybody is in it that is no news. */
  rejoin(): void {
    if (this.#interfaces !== null) return;
    const everywhere = this.#sockets.find((socket) => socket.local.address === '::');
    for (const by of groupZones(listLinks(null))) everywhere?.join(ALL_NODES, by);
  }

  /** Nobody else can have the port on the loopback interface. */
  #outward(): readonly Ipv4Address[] {
    return listIpv4Addresses(this.#interfaces).filter(({ address }) => !address.startsWith('127.'));
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #socketFor(to: Endpoint): UdpSocket | undefined {
    if (to.via !== undefined) return this.#sockets[to.via];
    const v6 = isV6(to.address);
    const [, zone] = to.address.split('%');
    const fit = this.#sockets.filter((socket) => isV6(socket.local.address) === v6);
    // A socket of one link-local address speaks on that link alone.
    return (
      fit.find(({ local }) => zone !== undefined && local.address.endsWith(`%${zone}`)) ?? fit[0]
    );
  }
}

/** The IPv6 addresses of a link, as sockets give them. */
const ipv6Of = ({ zone, addresses }: Link): readonly string[] =>
  addresses.flatMap(({ address }) => {
    if (!isV6(address)) return [];
    return /^fe[89ab]/i.test(address) ? (zone === undefined ? [] : `${address}%${zone}`) : address;
  });

/** How the interfaces of links are named to join a group. */
const groupZones = (links: readonly Link[]): readonly string[] =>
  links.flatMap(({ zone }) => (zone === undefined ? [] : `::%${zone}`));

interface LocalAddress {
  readonly address: string;
  /** The agent serves without it when the system does not have it. */
  readonly optional: boolean;
  /** Where it is to hear the IPv6 group: `::%eth0`. */
  readonly joins?: readonly string[];
}

/** A socket bound to one address hears no broadcast, so each broadcast address gets its own. */
const localAddresses = (interfaces: readonly string[] | null): readonly LocalAddress[] => {
  if (interfaces === null) {
    return [
      { address: '0.0.0.0', optional: false },
      { address: '::', optional: true, joins: groupZones(listLinks(null)) },
    ];
  }
  const missing = missingInterfaces(interfaces);
  if (missing.length > 0) {
    throw new UsherError(
      'ADDRESS_UNUSABLE',
      `This computer has no interface ${missing.join(', ')}.`,
    );
  }
  const v4 = listIpv4Addresses(interfaces);
  const links = listLinks(interfaces);
  const found = [...v4.map(({ address }) => address), ...links.flatMap(ipv6Of)];
  if (found.length === 0) {
    throw new UsherError('ADDRESS_UNUSABLE', `No address on ${interfaces.join(', ')}.`);
  }
  // Windows hands broadcasts and groups to the unicast socket and refuses to bind their addresses.
  const isWindows = platform() === 'win32';
  const unicast = found.map((address) => ({
    address,
    // An IPv6 address may still be on trial on its link.
    optional: isV6(address),
    ...(isWindows && isV6(address) ? { joins: groupZones(links) } : {}),
  }));
  if (isWindows) return unicast;
  const groups = links.flatMap(({ zone }) => (zone === undefined ? [] : `${ALL_NODES}%${zone}`));
  const everybody = [...new Set([...v4.map(({ broadcast }) => broadcast), ...groups])]
    .filter((address) => !found.includes(address))
    .map((address) => ({ address, optional: true }));
  return [...unicast, ...everybody];
};

const openOne = async (
  address: string,
  port: number,
  via: number,
  onDatagram: DatagramListener,
  optional: boolean,
): Promise<UdpSocket | undefined> => {
  try {
    return await UdpSocket.open({
      address,
      port,
      onDatagram: (bytes, from) =>
        onDatagram(bytes, { address: from.address, port: from.port, via }),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new UsherError('PORT_TAKEN', await describePortHolder(port), error);
    }
    if (optional) return undefined;
    throw new UsherError('ADDRESS_UNUSABLE', `Cannot listen on ${address}: ${code}.`, error);
  }
};

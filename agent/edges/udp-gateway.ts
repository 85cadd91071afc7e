/** All the sockets of one agent as if they were one. */

import { isIPv6 } from 'node:net';
import { platform } from 'node:os';
import type { Endpoint } from '../../protocol/endpoint.ts';
import {
  type Ipv4Address,
  listIpv4Addresses,
  missingInterfaces,
} from '../../protocol/node/interfaces.ts';
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
      for (const { address, optional } of localAddresses(options.interfaces)) {
        const socket = await openOne(address, port, sockets.length, options.onDatagram, optional);
        if (socket === undefined) continue;
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

  /** IPv4 addresses of other than this computer alone, on which it serves now. */
  get addresses(): readonly string[] {
    return this.#outward().map(({ address }) => address);
  }

  /** Sends to the agents' port of everybody on each network. */
  askAround(bytes: Uint8Array): void {
    const broadcasts = new Set(this.#outward().map(({ broadcast }) => broadcast));
    for (const address of broadcasts) this.send({ address, port: this.port }, bytes);
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
    const v6 = isIPv6(to.address);
    return this.#sockets.find((socket) => isIPv6(socket.local.address) === v6);
  }
}

interface LocalAddress {
  readonly address: string;
  /** The agent serves without it when the system does not have it. */
  readonly optional: boolean;
}

/** A socket bound to one address hears no broadcast, so each broadcast address gets its own. */
const localAddresses = (interfaces: readonly string[] | null): readonly LocalAddress[] => {
  if (interfaces === null) {
    return [
      { address: '0.0.0.0', optional: false },
      { address: '::', optional: true },
    ];
  }
  const missing = missingInterfaces(interfaces);
  if (missing.length > 0) {
    throw new UsherError(
      'ADDRESS_UNUSABLE',
      `This computer has no interface ${missing.join(', ')}.`,
    );
  }
  const found = listIpv4Addresses(interfaces);
  if (found.length === 0) {
    throw new UsherError('ADDRESS_UNUSABLE', `No IPv4 address on ${interfaces.join(', ')}.`);
  }
  const unicast = found.map(({ address }) => ({ address, optional: false }));
  // Windows hands broadcasts to the unicast socket and refuses to bind their address.
  if (platform() === 'win32') return unicast;
  const broadcast = [...new Set(found.map((one) => one.broadcast))]
    .filter((address) => !found.some((one) => one.address === address))
    .map((address) => ({ address, optional: true }));
  return [...unicast, ...broadcast];
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

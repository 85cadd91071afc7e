/** UDP as client and agent use it. This is the only importer of node:dgram. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Endpoint, isV6 } from '../endpoint.ts';
import { DATAGRAM_MAX } from '../limits.ts';

export type DatagramListener = (bytes: Uint8Array, from: Endpoint) => void;

export interface UdpSocketOptions {
  /** A local address, e.g. `0.0.0.0`, `::`, or one interface's. */
  readonly address: string;
  /** Zero lets the system choose. */
  readonly port: number;
  /** Speak with this one alone: then `onTrouble` hears that nobody is there, or no way to it. */
  readonly peer?: Endpoint;
  /** Others on this computer have the same port as well, each of whom hears what goes to a group. */
  readonly isShared?: boolean;
  /** Called for each datagram that came in, in order. */
  readonly onDatagram: DatagramListener;
  /** Called when the system reports trouble with an open socket; the socket goes on. */
  readonly onTrouble?: (error: Error) => void;
}

type LookupDone = (error: null, address: string, family: number) => void;

/** Answers at once for an address, so that a send does not wait for the name resolver's turn. */
const lookupAddress = {
  udp4: (address: string, _options: unknown, done: LookupDone): void => done(null, address, 4),
  udp6: (address: string, _options: unknown, done: LookupDone): void => done(null, address, 6),
};

/** What mDNS asks for (RFC 6762, section 11): who gets less knows that it came from elsewhere. */
const GROUP_TTL = 255;

/** Room for bursts: many clients wake in the same second. The system may give less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export class UdpSocket implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #onTrouble: (error: Error) => void;
  readonly #hasPeer: boolean;
  #closed = false;

  private constructor(socket: Socket, { peer, onTrouble = () => {} }: UdpSocketOptions) {
    this.#socket = socket;
    this.#hasPeer = peer !== undefined;
    this.#onTrouble = onTrouble;
  }

  /** Has Node load what sockets need, while there is nothing else to do: one is opened and closed. */
  static prepare(): void {
    const socket = createSocket({ type: 'udp4', lookup: lookupAddress.udp4 });
    socket.on('error', () => {});
    socket.bind({ address: '127.0.0.1', port: 0 });
    socket.close();
  }

  /** Opens and binds; rejects with the system's error (EADDRINUSE, EADDRNOTAVAIL, …). */
  static async open(options: UdpSocketOptions): Promise<UdpSocket> {
    const type = isV6(options.address) ? 'udp6' : 'udp4';
    const socket = createSocket({
      type,
      lookup: lookupAddress[type],
      ipv6Only: type === 'udp6',
      reuseAddr: options.isShared ?? false,
    });
    // The event may come before bind returns, because our lookup answers at once.
    const listening = once(socket, 'listening');
    socket.bind({ address: options.address, port: options.port });
    try {
      await listening;
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.setBroadcast(type === 'udp4');
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch {
      // Only speed in bursts depends on it.
    }
    // The pure code knows no Buffer, whose `slice` is a view where it expects a copy.
    socket.on('message', ({ buffer, byteOffset, length }, from) =>
      options.onDatagram(new Uint8Array(buffer, byteOffset, length), from),
    );
    socket.on('error', options.onTrouble ?? (() => {}));
    if (options.peer !== undefined) await connect(socket, options.peer);
    return new UdpSocket(socket, options);
  }

  /** The address and port that it is bound to. */
  get local(): Endpoint {
    const { address, port } = this.#socket.address();
    return { address, port };
  }

  /**
   * Sends and forgets: an unreachable address or a full buffer is loss, as anywhere on the way, and
   * what does not arrive is asked for again by whoever needs it. Without a callback Node keeps
   * nothing for later.
   */
  send(to: Endpoint, bytes: Uint8Array): void {
    if (this.#closed || bytes.length > DATAGRAM_MAX) return;
    if (this.#hasPeer) {
      this.#socket.send(bytes, (error) => error !== null && this.#onTrouble(error));
      return;
    }
    this.#socket.send(bytes, to.port, to.address);
  }

  /**
   * Hears what is sent to a group on one interface: by an IPv4 address of it, or `::%zone`. Once is as
   * good as often; where it cannot be, the interface is away, and nothing is heard of it.
   */
  join(group: string, by: string): void {
    try {
      this.#socket.addMembership(group, by);
    } catch {
      // It has joined already, or there is no such interface any more.
    }
  }

  /** Sends to a group by one interface, named as for `join`; no router passes it on. */
  sendToGroup({ address, port }: Endpoint, by: string, bytes: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#socket.setMulticastTTL(GROUP_TTL);
      this.#socket.setMulticastInterface(by);
    } catch {
      return;
    }
    this.#socket.send(bytes, port, address);
  }

  /** Whether the open socket keeps the process from ending; it does at first. */
  hold(on: boolean): void {
    if (on) this.#socket.ref();
    else this.#socket.unref();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Rejects, and closes the socket, where there is no way to the peer. */
const connect = (socket: Socket, { address, port }: Endpoint): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.connect(port, address, (error?: Error) => {
      if (error === undefined) return resolve();
      socket.close();
      reject(error);
    });
  });

/**
 * The web server of console and metrics. Everything is bounded: sizes, times, connections. Who is not meant, not
 * signed in or not allowed is told so before anything of the request is read.
 */

import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import { allows } from './access.ts';
import { CrowdLimit } from './crowd-limit.ts';
import { Exchange } from './exchange.ts';
import type { Route } from './route.ts';
import type { SessionBook } from './session-book.ts';
import { type Arrival, isLoopback, isOurHost, isOurPage, plainAddress } from './visitor-checks.ts';

const HEADERS_MAX = 16 * 1024;
const CONNECTIONS_MAX = 128;
const CONNECTIONS_OF_ONE_MAX = 32;
/** Milliseconds that a connection may be open without a whole request's head. */
const HEAD_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 10_000;
/** As many of these times an answer may wait to be made, or to be read. */
const SILENCE = 4;
export const COOKIE = 'usher-session';
export const KEY_HEADER = 'x-usher-key';

export interface ConsoleServerOptions {
  /** Addresses to listen on; the first must be there. */
  readonly addresses: readonly string[];
  /** 0 for one that the system chooses. */
  readonly port: number;
  /** Certificate and key in PEM: who comes over the network must use them. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Names of this computer on the network. */
  readonly names: readonly string[];
  readonly routes: readonly Route[];
  readonly sessions: SessionBook;
  /** Milliseconds that a connection may be open without a whole head; in tests it is shorter. */
  readonly headTimeoutMs?: number;
}

export class ConsoleServer implements AsyncDisposable {
  readonly #options: ConsoleServerOptions;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #plain: Server;
  readonly #secure: Server | undefined;
  readonly #doors: SocketServer[] = [];
  readonly #sockets = new Map<Socket, NodeJS.Timeout | undefined>();
  readonly #crowd = new CrowdLimit(CONNECTIONS_OF_ONE_MAX);
  #port = 0;

  private constructor(
    options: ConsoleServerOptions,
    secure: typeof import('node:https') | undefined,
  ) {
    this.#options = options;
    this.#routes = new Map(options.routes.map((route) => [`${route.method} ${route.path}`, route]));
    // Node's own watch over slow requests wakes the process for ever; ours lasts as long as they do.
    const bounds: ServerOptions = {
      maxHeaderSize: HEADERS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      requestTimeout: 0,
      connectionsCheckingInterval: 0x7fff_ffff,
    };
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response).catch(() => response.destroy());
    };
    this.#plain = createServer(bounds, serve);
    this.#secure = secure?.createServer(
      { ...bounds, ...options.tls, handshakeTimeout: HEAD_TIMEOUT_MS },
      serve,
    );
    for (const server of [this.#plain, this.#secure]) {
      if (server !== undefined) server.timeout = SILENCE * this.#headTimeoutMs;
    }
  }

  /** Listens; rejects with the system's error. */
  static async open(options: ConsoleServerOptions): Promise<ConsoleServer> {
    // Only then: it costs an agent on this computer alone memory for nothing.
    const secure = options.tls && (await import('node:https'));
    const server = new ConsoleServer(options, secure);
    try {
      for (const [i, address] of options.addresses.entries()) await server.#listen(address, i > 0);
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  get #headTimeoutMs(): number {
    return this.#options.headTimeoutMs ?? HEAD_TIMEOUT_MS;
  }

  get port(): number {
    return this.#port;
  }

  async close(): Promise<void> {
    const closed = this.#doors.map(async (door) => {
      if (!door.listening) return;
      door.close();
      await once(door, 'close');
    });
    for (const [socket, timer] of this.#sockets) {
      clearTimeout(timer);
      socket.destroy();
    }
    this.#plain.close();
    this.#secure?.close();
    await Promise.all(closed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(address: string, isSpare: boolean): Promise<void> {
    const door = createSocketServer((socket) => this.#admit(socket));
    door.maxConnections = CONNECTIONS_MAX;
    door.listen({ host: address, port: this.#port || this.#options.port });
    try {
      await once(door, 'listening');
    } catch (error) {
      // A computer without IPv6 has a console all the same.
      if (isSpare) return;
      throw error;
    }
    this.#doors.push(door);
    this.#port = (door.address() as AddressInfo).port;
  }

  /** Gives the connection to the server of its first byte: a TLS hello begins with 22. */
  #admit(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (!this.#crowd.admit(socket)) return;
    this.#sockets.set(socket, undefined);
    socket.on('close', () => {
      clearTimeout(this.#sockets.get(socket));
      this.#sockets.delete(socket);
    });
    this.#await(socket);
    const secure = this.#secure;
    if (secure === undefined) {
      this.#plain.emit('connection', socket);
      return;
    }
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === 22 ? secure : this.#plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }

  /** From now on a whole head of a request must come within a time. */
  #await(socket: Socket): void {
    clearTimeout(this.#sockets.get(socket));
    const timer = setTimeout(() => socket.destroy(), this.#headTimeoutMs);
    this.#sockets.set(socket, timer);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const socket = this.#beneath(request.socket);
    if (socket !== undefined) {
      clearTimeout(this.#sockets.get(socket));
      response.on('close', () => {
        if (!socket.destroyed) this.#await(socket);
      });
    }
    const arrival = this.#arrival(request);
    const { isSecure } = arrival;
    const session = this.#options.sessions.find(secretsOf(request));
    const from = isLoopback(arrival.remoteAddress) ? 'this computer' : arrival.remoteAddress;
    const exchange = new Exchange(request, response, { from, isSecure, session });
    const route = this.#find(request);
    if (route?.needs === 'a signed document') return route.answer(exchange);
    if (!isOurHost(request.headers.host, arrival)) {
      return exchange.refuse(421, 'This is not the name of this console.');
    }
    if (!isSecure && this.#secure !== undefined && !isLoopback(arrival.remoteAddress)) {
      return exchange.refuse(426, 'Over the network this console speaks https only.');
    }
    if (route === undefined) return exchange.refuse(404, 'There is nothing here.');
    if (route.method === 'POST' && !isOurPage(request.headers, isSecure)) {
      return exchange.refuse(403, 'Another page has sent this.');
    }
    if (route.needs === 'this computer') {
      if (!isLoopback(arrival.remoteAddress)) {
        return exchange.refuse(403, 'This is for the computer itself alone.');
      }
    } else if (route.needs !== 'anyone') {
      if (session === undefined) return exchange.refuse(401, 'Sign in first.');
      if (!allows(session.role, route.needs))
        return exchange.refuse(403, 'Your role may not do this.');
    }
    await route.answer(exchange);
  }

  #find({ method, url }: IncomingMessage): Route | undefined {
    return this.#routes.get(`${method === 'HEAD' ? 'GET' : method} ${url}`);
  }

  #arrival({ socket }: IncomingMessage): Arrival {
    return {
      localAddress: plainAddress(socket.localAddress),
      remoteAddress: plainAddress(socket.remoteAddress),
      port: this.#port,
      isSecure: 'encrypted' in socket,
      names: this.#options.names,
    };
  }

  /** The connection that a TLS socket rides on is known by its far end. */
  #beneath(socket: Socket): Socket | undefined {
    if (this.#sockets.has(socket)) return socket;
    for (const one of this.#sockets.keys()) {
      if (one.remotePort === socket.remotePort && one.remoteAddress === socket.remoteAddress)
        return one;
    }
    return undefined;
  }
}

const secretsOf = ({ headers }: IncomingMessage): { cookie: string; key: string } => {
  const [, cookie = ''] =
    new RegExp(`(?:^|; ?)${COOKIE}=([\\w-]{1,64})`).exec(headers.cookie ?? '') ?? [];
  const key = headers[KEY_HEADER];
  return { cookie, key: typeof key === 'string' ? key.slice(0, 64) : '' };
};

/**
 * The web server of a master. Everything is bounded: sizes, times, connections in all and from one
 * address, so that slow or greedy strangers leave room for others.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { USER_HEADER } from '../../admin/user-header.ts';
import { CrowdLimit } from '../../admin/web/crowd-limit.ts';
import { isLoopback, plainAddress } from '../../admin/web/visitor-checks.ts';
import type { Caller } from '../master/master-operations.ts';
import { HttpExchange } from './http-exchange.ts';
import type { MasterRoutes } from './master-routes.ts';

const CONNECTIONS_MAX = 512;
const CONNECTIONS_OF_ONE_MAX = 64;
const BOUNDS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
} as const;
/** Milliseconds for those who are being answered when the master ends. */
const FAREWELL_MS = 5000;

export interface MasterServerOptions {
  readonly routes: MasterRoutes;
  /** An address and a port, 0 for one that the system chooses; or the path of the local endpoint. */
  readonly at: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Certificate and key in PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

export class MasterServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #crowd = new CrowdLimit(CONNECTIONS_OF_ONE_MAX);

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens; rejects with the system's error. */
  static async open({ routes, at, tls }: MasterServerOptions): Promise<MasterServer> {
    const isLocal = 'path' in at;
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      const address = plainAddress(request.socket.remoteAddress);
      const from = isLocal ? 'this computer' : address;
      const exchange = new HttpExchange(request, response, from);
      const isPrivate = isLocal || tls !== undefined || isLoopback(address);
      const visit = {
        local: isLocal ? localCaller(request) : undefined,
        isPrivate,
        arrival: {
          address: plainAddress(request.socket.localAddress),
          isSecure: tls !== undefined,
        },
      };
      routes.serve(exchange, visit).catch(() => response.destroy());
    };
    const bounds = { ...BOUNDS, ...tls, ...(tls && { handshakeTimeout: BOUNDS.headersTimeout }) };
    const server =
      tls === undefined
        ? createServer(bounds, serve)
        : (await import('node:https')).createServer(bounds, serve);
    const whole = new MasterServer(server);
    server.maxConnections = CONNECTIONS_MAX;
    if (!isLocal) server.on('connection', (socket: Socket) => whole.#crowd.admit(socket));
    server.listen(isLocal ? { path: at.path, readableAll: false, writableAll: false } : at);
    await once(server, 'listening');
    return whole;
  }

  /** 0 for a local endpoint. */
  get port(): number {
    const address = this.#server.address() as AddressInfo | string | null;
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Answers those who have asked, and nobody else. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), FAREWELL_MS);
    await closed;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Whoever may open the endpoint may do everything: what they say of themselves is not doubted. */
const localCaller = ({ headers }: IncomingMessage): Caller => {
  const said = String(headers[USER_HEADER] ?? '');
  const name = /^[\w.@\\$ -]{1,64}$/.test(said) ? said : 'somebody';
  return { name, from: 'this computer', customer: null };
};

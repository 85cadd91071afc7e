/**
 * A small web server for this computer alone: bounded in everything, and closed to pages of other
 * places that have themselves called by its address (DNS rebinding), as it looks at the Host header.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface WebAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** What answers to GET and HEAD of one path. */
export type WebRoute = (url: URL) => Promise<WebAnswer> | WebAnswer;

const ADDRESS = '127.0.0.1';
const OWN_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const HEADER_MAX = 8192;
const URL_MAX = 2048;
const CONNECTIONS_MAX = 32;
const REQUESTS_MAX = 1000;
/** A connection on which nothing happens, and one that goes on for longer than a scraper's, ends. */
const SILENCE_MS = 10_000;
const CONNECTION_MS = 600_000;
/** Node would look at all connections twice a minute; each has a timer of its own instead. */
const NEVER_MS = 2_147_483_647;

export class WebServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on loopback; `port` 0 lets the system choose. Rejects with the system's error. */
  static async open(port: number, routes: ReadonlyMap<string, WebRoute>): Promise<WebServer> {
    const options = {
      maxHeaderSize: HEADER_MAX,
      connectionsCheckingInterval: NEVER_MS,
      keepAlive: false,
    };
    const server = createServer(options, (request, response) => {
      void answer(request, response, routes).catch(() => response.destroy());
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.maxRequestsPerSocket = REQUESTS_MAX;
    server.timeout = SILENCE_MS;
    server.keepAliveTimeout = SILENCE_MS;
    server.on('connection', endInTime);
    server.listen({ port, host: ADDRESS, exclusive: true });
    await once(server, 'listening');
    return new WebServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const endInTime = (socket: Socket): void => {
  const timer = setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
  socket.once('close', () => clearTimeout(timer));
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReadonlyMap<string, WebRoute>,
): Promise<void> => {
  const { status, type, body } = await find(request, routes);
  // A body that nobody reads would keep the connection.
  const closes = status >= 400 || hasBody(request);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    ...(closes ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

const find = async (
  request: IncomingMessage,
  routes: ReadonlyMap<string, WebRoute>,
): Promise<WebAnswer> => {
  const { method, headers, url = '' } = request;
  if (!isOwnName(headers.host ?? '')) return text(421, 'This is for this computer alone.');
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET and HEAD.');
  if (hasBody(request)) return text(413, 'Nothing is taken in here.');
  if (url.length > URL_MAX || !url.startsWith('/')) return text(404, 'There is no such page.');
  const target = new URL(url, 'http://localhost');
  const route = routes.get(target.pathname);
  if (route === undefined) return text(404, 'There is no such page.');
  try {
    return await route(target);
  } catch {
    return text(500, 'This page cannot be made now.');
  }
};

const isOwnName = (host: string): boolean => {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, '');
  return OWN_NAMES.includes(name);
};

/** An answer of one line. */
export const text = (status: number, line: string): WebAnswer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${line}\n`,
});

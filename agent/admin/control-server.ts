/**
 * The local endpoint: HTTP with JSON over a Unix socket or a named pipe, which the operating system
 * lets only the agent's own user and administrators open.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { PASTE_MAX } from '../../protocol/limits.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import type { StoreReport } from '../edges/store-report.ts';
import { UsherError } from '../usher-error.ts';
import { parseOperation } from './parse-operation.ts';

/** JSON may write each character of a paste as six. */
const BODY_MAX = 6 * PASTE_MAX + 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTIONS_MAX = 64;
/** Node looks for late requests every half minute, clients or none; a timer a request wakes nobody. */
const NODE_LOOKS_EVERY_MS = 2 ** 31 - 1;

/** What can be read of a running agent's store. */
export interface StoreViews {
  readonly backup: () => AsyncIterable<Uint8Array>;
  readonly check: () => Promise<StoreReport>;
}

export type Operate = (operation: Operation) => Promise<Outcome>;

export class ControlServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a socket's path or a pipe's name; rejects with the system's error. */
  static async open(path: string, operate: Operate, views: StoreViews): Promise<ControlServer> {
    const options = { connectionsCheckingInterval: NODE_LOOKS_EVERY_MS };
    const server = createServer(options, (request, response) => {
      void handle(request, response, operate, views).catch(() => response.destroy());
    });
    server.on('connection', limitTime);
    server.maxConnections = CONNECTIONS_MAX;
    server.listen({ path, readableAll: false, writableAll: false });
    await once(server, 'listening');
    return new ControlServer(server);
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

const arriving = new WeakMap<Socket, NodeJS.Timeout>();

/** Who connects must have said what is wanted in time; each answer ends its connection. */
const limitTime = (socket: Socket): void => {
  const timer = setTimeout(() => socket.destroy(), REQUEST_TIMEOUT_MS);
  arriving.set(socket, timer);
  socket.once('close', () => clearTimeout(timer));
};

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  operate: Operate,
  views: StoreViews,
): Promise<void> => {
  if (request.method === 'GET') clearTimeout(arriving.get(request.socket));
  if (request.method === 'GET' && request.url === '/store') {
    return answer(response, 200, await views.check());
  }
  if (request.method === 'GET' && request.url === '/backup') {
    return sendBackup(response, views);
  }
  if (request.method !== 'POST' || request.url !== '/operation') {
    return answer(response, 404, { error: 'POST an operation to /operation.' });
  }
  const body = await readBody(request);
  clearTimeout(arriving.get(request.socket));
  if (body === undefined) return answer(response, 413, { error: 'The request is too long.' });
  const operation = parseOperation(parseJson(body));
  if (operation === undefined) return answer(response, 400, { error: 'Not a known operation.' });
  answer(response, 200, await operate(operation));
};

const sendBackup = async (response: ServerResponse, views: StoreViews): Promise<void> => {
  let backup: AsyncIterable<Uint8Array>;
  try {
    backup = views.backup();
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    return answer(response, 409, { error: error.message });
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream', connection: 'close' });
  await pipeline(backup, response);
};

const answer = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(value));
};

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

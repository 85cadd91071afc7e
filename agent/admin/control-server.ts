/**
 * The local endpoint: HTTP with JSON over a Unix socket or a named pipe, which the operating system
 * lets only the agent's own user and administrators open.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { PASTE_MAX } from '../../protocol/limits.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import type { StoreReport } from '../edges/store-report.ts';
import { UsherError } from '../usher-error.ts';
import { parseOperation } from './parse-operation.ts';
import { type ConsoleDoor, parseConsoleRequest } from './web/console-door.ts';

/** JSON may write each character of a paste as six. */
const BODY_MAX = 6 * PASTE_MAX + 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTIONS_MAX = 64;

/** What can be read of a running agent's store. */
export interface StoreViews {
  readonly backup: () => AsyncIterable<Uint8Array>;
  readonly check: () => Promise<StoreReport>;
}

export type Operate = (operation: Operation) => Promise<Outcome>;

export interface ControlParts {
  readonly operate: Operate;
  readonly views: StoreViews;
  readonly console: ConsoleDoor;
}

export class ControlServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a socket's path or a pipe's name; rejects with the system's error. */
  static async open(path: string, parts: ControlParts): Promise<ControlServer> {
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
      void handle(request, response, parts).catch(() => response.destroy());
    });
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

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  { operate, views, console }: ControlParts,
): Promise<void> => {
  if (request.method === 'GET' && request.url === '/store') {
    return answer(response, 200, await views.check());
  }
  if (request.method === 'GET' && request.url === '/backup') {
    return sendBackup(response, views);
  }
  if (request.method !== 'POST' || !['/operation', '/console'].includes(request.url ?? '')) {
    return answer(response, 404, { error: 'POST an operation to /operation.' });
  }
  const body = await readBody(request);
  if (body === undefined) return answer(response, 413, { error: 'The request is too long.' });
  if (request.url === '/console') return askConsole(response, console, parseJson(body));
  const operation = parseOperation(parseJson(body));
  if (operation === undefined) return answer(response, 400, { error: 'Not a known operation.' });
  answer(response, 200, await operate(operation));
};

const askConsole = async (
  response: ServerResponse,
  console: ConsoleDoor,
  value: unknown,
): Promise<void> => {
  const asked = parseConsoleRequest(value);
  if (asked === undefined) return answer(response, 400, { error: 'Not a known request.' });
  try {
    answer(response, 200, await console(asked));
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    answer(response, 409, { error: error.message });
  }
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

/**
 * The local endpoint: HTTP with JSON over a Unix socket or a named pipe, which the operating system
 * lets only the agent's own user and administrators open.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PASTE_MAX } from '../../protocol/limits.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import { parseOperation } from './parse-operation.ts';

/** JSON may write each character of a paste as six. */
const BODY_MAX = 6 * PASTE_MAX + 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTIONS_MAX = 64;

export type Operate = (operation: Operation) => Promise<Outcome>;

export class ControlServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a socket's path or a pipe's name; rejects with the system's error. */
  static async open(path: string, operate: Operate): Promise<ControlServer> {
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
      void handle(request, response, operate).catch(() => response.destroy());
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
  operate: Operate,
): Promise<void> => {
  if (request.method !== 'POST' || request.url !== '/operation') {
    return answer(response, 404, { error: 'POST an operation to /operation.' });
  }
  const body = await readBody(request);
  if (body === undefined) return answer(response, 413, { error: 'The request is too long.' });
  const operation = parseOperation(parseJson(body));
  if (operation === undefined) return answer(response, 400, { error: 'Not a known operation.' });
  answer(response, 200, await operate(operation));
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

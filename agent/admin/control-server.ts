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
import type { ShownHistory } from '../edges/history/history-views.ts';
import { peerUser } from '../edges/peer-user.ts';
import type { StoreReport } from '../edges/store-report.ts';
import { UsherError } from '../usher-error.ts';
import type { Actor, OperateAs } from './actor.ts';
import { answerHistory } from './history-routes.ts';
import { parseOperation } from './parse-operation.ts';
import { USER_HEADER } from './user-header.ts';
import { type ConsoleDoor, parseConsoleRequest } from './web/console-door.ts';

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
  readonly history: ShownHistory;
}

/** `who`: asks for it, where that is known. */
export type Operate = (operation: Operation, who?: string) => Promise<Outcome>;

export interface ControlParts {
  readonly operate: OperateAs;
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
    const options = { connectionsCheckingInterval: NODE_LOOKS_EVERY_MS };
    const server = createServer(options, (request, response) => {
      void handle(request, response, parts).catch(() => response.destroy());
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
  { operate, views, console }: ControlParts,
): Promise<void> => {
  if (request.method === 'GET') clearTimeout(arriving.get(request.socket));
  if (request.method === 'GET' && request.url === '/store') {
    return answer(response, 200, await views.check());
  }
  if (request.method === 'GET' && request.url === '/backup') {
    return sendBackup(response, views);
  }
  if (request.method === 'GET') return sendHistory(request.url ?? '', response, views);
  if (request.method !== 'POST' || !['/operation', '/console'].includes(request.url ?? '')) {
    return answer(response, 404, { error: 'POST an operation to /operation.' });
  }
  const body = await readBody(request);
  clearTimeout(arriving.get(request.socket));
  if (body === undefined) return answer(response, 413, { error: 'The request is too long.' });
  const actor: Actor = { name: nameOf(request), from: 'this computer', by: 'command line' };
  if (request.url === '/console') return askConsole(response, console, parseJson(body), actor);
  const operation = parseOperation(parseJson(body));
  if (operation === undefined) return answer(response, 400, { error: 'Not a known operation.' });
  answer(response, 200, await operate(operation, actor));
};

/**
 * Who asks, as far as the system tells and as they say themselves. Whoever may open the endpoint may
 * do everything: what they say is not doubted.
 */
const nameOf = ({ socket, headers }: IncomingMessage): string => {
  const known = peerUser(socket);
  const said = String(headers[USER_HEADER] ?? '');
  const named = /^[\w.@\\$ -]{1,64}$/.test(said) ? said : '';
  if (known === undefined) return named === '' ? 'unknown' : `${named} (as it says)`;
  return named === '' || known.startsWith(`${named} (`) ? known : `${known}, for ${named}`;
};

const sendHistory = async (
  target: string,
  response: ServerResponse,
  { history }: StoreViews,
): Promise<void> => {
  const found = await orRefuse(response, () => answerHistory(history, target));
  if (found === 'refused') return;
  if (found === undefined)
    return answer(response, 404, { error: 'POST an operation to /operation.' });
  if (found.kind === 'value') return answer(response, 200, found.value);
  response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' });
  await pipeline(toLines(found.lines), response);
};

async function* toLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** What `make` makes; an error that people can mend is answered. */
const orRefuse = async <T>(
  response: ServerResponse,
  make: () => Promise<T> | T,
): Promise<T | 'refused'> => {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    answer(response, 409, { error: error.message });
    return 'refused';
  }
};

const askConsole = async (
  response: ServerResponse,
  console: ConsoleDoor,
  value: unknown,
  actor: Actor,
): Promise<void> => {
  const asked = parseConsoleRequest(value);
  if (asked === undefined) return answer(response, 400, { error: 'Not a known request.' });
  const answered = await orRefuse(response, () => console(asked, actor));
  if (answered !== 'refused') answer(response, 200, answered);
};

const sendBackup = async (response: ServerResponse, views: StoreViews): Promise<void> => {
  const backup = await orRefuse(response, () => views.backup());
  if (backup === 'refused') return;
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

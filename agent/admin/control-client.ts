/** Asks the running agent through its local endpoint. */

import { type IncomingMessage, request } from 'node:http';
import { userInfo } from 'node:os';
import type { Operation, Outcome } from '../core/operations.ts';
import type { StoreReport } from '../edges/store-report.ts';
import { UsherError } from '../usher-error.ts';
import { USER_HEADER } from './user-header.ts';
import type { ConsoleAnswer, ConsoleRequest } from './web/console-door.ts';

const TIMEOUT_MS = 30_000;

/** The outcome of an operation. Codes: NO_AGENT, NOT_PERMITTED, BROKEN_DATA. */
export const askAgent = async (path: string, operation: Operation): Promise<Outcome> => {
  const { status, body } = await post(path, '/operation', JSON.stringify(operation));
  if (status !== 200) {
    throw new UsherError(
      'BROKEN_DATA',
      `The agent did not understand this command (${status}): are both of the same version?`,
    );
  }
  return JSON.parse(body) as Outcome;
};

/** What the console answers. Codes: NO_AGENT, NOT_PERMITTED, BROKEN_DATA, REFUSED. */
export const askConsole = async (path: string, asked: ConsoleRequest): Promise<ConsoleAnswer> => {
  const { status, body } = await post(path, '/console', JSON.stringify(asked));
  if (status === 200) return JSON.parse(body) as ConsoleAnswer;
  throw refusal(status, body);
};

/** The bytes of a backup, cut off where the agent cannot read on. Codes: NO_AGENT, NOT_PERMITTED, REFUSED. */
export const fetchBackup = async (path: string): Promise<AsyncIterable<Uint8Array>> => {
  const response = await get(path, '/backup');
  if (response.statusCode === 200) return response;
  throw await refusalOf(response, path);
};

/** What the running agent finds when it looks at its store. Codes: NO_AGENT, NOT_PERMITTED, REFUSED. */
export const fetchStoreReport = async (path: string): Promise<StoreReport> => {
  const response = await get(path, '/store');
  if (response.statusCode !== 200) throw await refusalOf(response, path);
  return JSON.parse(await textOf(response, path)) as StoreReport;
};

/** What the running agent says of its history. Codes: NO_AGENT, NOT_PERMITTED, REFUSED. */
export const fetchHistory = async <T>(path: string, target: string): Promise<T> => {
  const response = await get(path, target);
  if (response.statusCode !== 200) throw await refusalOf(response, path);
  return JSON.parse(await textOf(response, path)) as T;
};

/** The same, of lines that come one by one. */
export async function* fetchHistoryLines<T>(path: string, target: string): AsyncGenerator<T> {
  const response = await get(path, target);
  if (response.statusCode !== 200) throw await refusalOf(response, path);
  for await (const line of linesOf(bodyOf(response, path))) yield JSON.parse(line) as T;
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n');
    rest += first;
    for (const next of more) {
      yield rest;
      rest = next;
    }
  }
}

/** Who types, also where it is by `sudo`. */
export const ownName = (): string =>
  (process.env['SUDO_USER'] ?? systemName()).replaceAll(/[^\w.@\\$ -]/g, '').slice(0, 64);

/** A system without a list of users knows them by their numbers. */
const systemName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 0}`;
  }
};

const get = (socketPath: string, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, method: 'GET' }, resolve);
    outgoing.on('error', (error) => reject(explain(error, socketPath)));
    outgoing.end();
  });

/** What is answered, as it comes; it may end before it is whole. */
async function* bodyOf(response: IncomingMessage, socketPath: string): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new UsherError(
      'NO_AGENT',
      `The agent at ${socketPath} ended while it answered. Ask again when it runs.`,
      error,
    );
  }
}

const textOf = async (response: IncomingMessage, socketPath: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyOf(response, socketPath)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const refusalOf = async (response: IncomingMessage, socketPath: string): Promise<UsherError> =>
  refusal(response.statusCode ?? 0, await textOf(response, socketPath));

const refusal = (status: number, body: string): UsherError => {
  if (status !== 409) {
    const sentence = `The agent did not understand this command (${status}): are both of the same version?`;
    return new UsherError('BROKEN_DATA', sentence);
  }
  const { error } = JSON.parse(body) as { error: string };
  return new UsherError('REFUSED', error);
};

const post = (
  socketPath: string,
  path: string,
  body: string,
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      [USER_HEADER]: ownName(),
    };
    const options = {
      socketPath,
      path,
      method: 'POST',
      headers,
      timeout: TIMEOUT_MS,
    };
    const outgoing = request(options, (response) => {
      const status = response.statusCode ?? 0;
      textOf(response, socketPath).then((text) => resolve({ status, body: text }), reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', (error) => reject(explain(error, socketPath)));
    outgoing.end(body);
  });

const explain = (error: NodeJS.ErrnoException, path: string): UsherError => {
  switch (error.code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return new UsherError(
        'NO_AGENT',
        `No agent runs on this data folder (nothing listens at ${path}). Start one with \`usher serve\`, or name its folder with --data.`,
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new UsherError(
        'NOT_PERMITTED',
        `This user may not administer the agent (${path}). Run the command as the agent's user or as administrator.`,
        error,
      );
    default:
      return new UsherError(
        'NO_AGENT',
        `The agent at ${path} does not answer: ${error.message}.`,
        error,
      );
  }
};

/** Calls a master, or a parent, over HTTP, by a proxy where the environment names one. */

import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import { RESPONSE_MAX } from '../../protocol/limits.ts';
import {
  CALL_PATH,
  CALL_TYPE,
  decodeCallRefusal,
  VERSION_HEADER,
} from '../../protocol/master-call.ts';
import type { Environment } from '../../protocol/node/user-folders.ts';
import type { Credentials } from '../core/activation/credentials.ts';
import type { MasterAnswer } from '../core/activation/master-answer.ts';
import { plainText } from '../core/percent-text.ts';
import { callReason } from './call-reason.ts';
import { proxyFor } from './proxy.ts';

export interface MasterQuestion {
  /** The master's address, as a license names it. */
  readonly url: string;
  readonly body: Uint8Array;
  readonly credentials: Credentials | null;
}

export interface MasterClient {
  /** This agent's. */
  readonly version: string;
  readonly environment: Environment;
  /** Of the whole call. */
  readonly timeoutMs: number;
}

/** Long enough for a slow line, and short enough for who waits at a terminal. */
export const CALL_TIMEOUT_MS = 20_000;
const HEADER_MAX = 64;

/** What came of the call; it never rejects. No redirection is followed: a license names its master. */
export const askMaster = async (
  question: MasterQuestion,
  client: MasterClient,
  stop: AbortSignal,
): Promise<MasterAnswer> => {
  const limit = AbortSignal.timeout(client.timeoutMs);
  const signal = AbortSignal.any([limit, stop]);
  try {
    const url = new URL(`${question.url.replace(/\/+$/, '')}${CALL_PATH}`);
    const response = await send(url, question, client, signal);
    return await read(response, url);
  } catch (error) {
    const why = limit.aborted
      ? `it did not answer within ${Math.round(client.timeoutMs / 1000)} s`
      : callReason(error);
    const sentence = `${question.url} cannot be reached: ${why}.`;
    return { ok: false, code: 'unreachable', sentence, version: null };
  }
};

const send = async (
  url: URL,
  { body, credentials }: MasterQuestion,
  client: MasterClient,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const headers = {
    'content-type': CALL_TYPE,
    'content-length': body.length,
    [VERSION_HEADER]: client.version,
    ...(credentials === null ? {} : { authorization: basic(credentials.name, credentials.secret) }),
  };
  const proxy = proxyFor(url, client.environment);
  const options = { method: 'POST', headers, signal };
  if (proxy === undefined) {
    const start = url.protocol === 'https:' ? secureRequest : plainRequest;
    return finish(start(url, options), body);
  }
  const known = proxyHeaders(proxy);
  // Node decodes them, and throws where they are not encoded.
  Object.assign(proxy, { username: '', password: '' });
  if (url.protocol === 'http:') {
    const host = { host: url.host, ...known };
    const through = { ...options, path: url.href, headers: { ...headers, ...host } };
    return finish(plainRequest(proxy, through), body);
  }
  const tunnel = await openTunnel(proxy, url, known, signal);
  const createConnection = () => secure({ socket: tunnel, servername: url.hostname });
  return finish(secureRequest(url, { ...options, createConnection }), body);
};

const finish = (request: ClientRequest, body: Uint8Array): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.end(body);
  });

const openTunnel = (
  proxy: URL,
  { hostname, port }: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const path = `${hostname}:${port || '443'}`;
    const request = plainRequest(proxy, { method: 'CONNECT', path, headers, signal });
    request.on('connect', ({ statusCode }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} refuses (${statusCode})`));
    });
    request.on('response', ({ statusCode }) => {
      request.destroy();
      reject(new Error(`the proxy ${proxy.host} refuses (${statusCode})`));
    });
    request.on('error', reject);
    request.end();
  });

const proxyHeaders = ({ username, password }: URL): Readonly<Record<string, string>> =>
  username === ''
    ? {}
    : {
        'proxy-authorization': basic(plainText(username), plainText(password)),
      };

const basic = (name: string, secret: string): string =>
  `Basic ${Buffer.from(`${name}:${secret}`, 'utf8').toString('base64')}`;

const read = async (response: IncomingMessage, url: URL): Promise<MasterAnswer> => {
  const bytes = await readBody(response);
  const header = response.headers[VERSION_HEADER];
  const version = typeof header === 'string' && header.length <= HEADER_MAX ? header : null;
  const status = response.statusCode ?? 0;
  if (bytes !== undefined && status === 200) return { ok: true, bytes, version };
  const refusal = bytes === undefined ? undefined : decodeCallRefusal(textOf(bytes));
  if (refusal !== undefined) {
    const sentence = `${refusal.sentence}${waitOf(response)}`;
    return { ok: false, code: refusal.code, sentence, version };
  }
  const what = bytes === undefined ? 'with too much' : `with status ${status}`;
  const sentence = `What answers at ${url.origin} is no master of Usher: it answers ${what}.`;
  return { ok: false, code: 'not-a-master', sentence, version };
};

/** Everything, or `undefined` where it is more than any answer. */
const readBody = async (response: IncomingMessage): Promise<Uint8Array | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > RESPONSE_MAX) {
      response.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
};

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const waitOf = ({ headers }: IncomingMessage): string => {
  const seconds = Number(headers['retry-after']);
  return Number.isInteger(seconds) && seconds > 0 ? ` Ask again in ${seconds} s.` : '';
};

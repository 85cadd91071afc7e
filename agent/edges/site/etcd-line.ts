/** One call to one endpoint of etcd's JSON gateway, bounded in time and bytes. */

import {
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { callReason } from '../call-reason.ts';

/** What proves who they are to each other; PEM, each where it is set. */
export interface EtcdTrust {
  /** Whose certificates are taken; without it, those that this computer trusts. */
  readonly authority: Uint8Array | undefined;
  /** The certificate and the key of this member. */
  readonly certificate: Uint8Array | undefined;
}

/** Bytes of an answer. */
const ANSWER_MAX = 16_777_216;
/** Connections to one endpoint: as many asks as can be under way, and a few to spare. */
const SOCKETS_MAX = 32;
/** Milliseconds in which a connection is made; nothing was said until then. */
const CONNECT_MS = 300;

export type EtcdReply =
  | { readonly kind: 'said'; readonly status: number; readonly text: string }
  /** `isSent`: it may have been heard. */
  | { readonly kind: 'nothing'; readonly isSent: boolean; readonly sentence: string };

export interface EtcdCall {
  /** Behind the endpoint's address: `/v3/kv/txn`. */
  readonly path: string;
  readonly body: string;
  /** From a login; '' for none. */
  readonly token: string;
  /** Milliseconds for the whole call. */
  readonly timeout: number;
}

export class EtcdLine {
  readonly url: URL;
  readonly #agent: PlainAgent;
  readonly #start: typeof plainRequest;

  constructor(url: URL, { authority, certificate }: EtcdTrust) {
    this.url = url;
    const kept = { keepAlive: true, maxSockets: SOCKETS_MAX };
    const isSecure = url.protocol === 'https:';
    this.#start = isSecure ? secureRequest : plainRequest;
    this.#agent = isSecure
      ? new SecureAgent({
          ...kept,
          ...(authority === undefined ? {} : { ca: Buffer.from(authority) }),
          ...(certificate === undefined
            ? {}
            : { cert: Buffer.from(certificate), key: Buffer.from(certificate) }),
        })
      : new PlainAgent(kept);
  }

  /** What came of the call; it never rejects. */
  async call(call: EtcdCall, stop: AbortSignal): Promise<EtcdReply> {
    const state = { isSent: false };
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(call.timeout)));
    try {
      const response = await this.#send(call, AbortSignal.any([limit, stop]), state);
      const text = await readText(response);
      return { kind: 'said', status: response.statusCode ?? 0, text };
    } catch (error) {
      const why = limit.aborted
        ? `it did not answer within ${Math.round(call.timeout)} ms`
        : callReason(error);
      const sentence = `${this.url.origin} cannot be reached: ${why}.`;
      return { kind: 'nothing', isSent: state.isSent, sentence };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    { path, body, token }: EtcdCall,
    signal: AbortSignal,
    state: { isSent: boolean },
  ): Promise<IncomingMessage> {
    const bytes = Buffer.from(body, 'utf8');
    const options: RequestOptions = {
      method: 'POST',
      agent: this.#agent,
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': bytes.length,
        ...(token === '' ? {} : { authorization: token }),
      },
    };
    return new Promise((resolve, reject) => {
      const request = this.#start(new URL(path, this.url), options);
      request.on('response', resolve);
      request.on('error', reject);
      request.on('socket', (socket) => {
        onceConnected(socket, this.url.protocol === 'https:', () => {
          state.isSent = true;
        });
      });
      request.end(bytes);
    });
  }
}

/** Calls back when something can be said; a connection that is not made in time is given up. */
const onceConnected = (socket: Socket, isSecure: boolean, done: () => void): void => {
  if (!socket.connecting) return done();
  const timer = setTimeout(
    () => socket.destroy(new Error(`no connection was made within ${CONNECT_MS} ms`)),
    CONNECT_MS,
  );
  socket.once('close', () => clearTimeout(timer));
  socket.once(isSecure ? 'secureConnect' : 'connect', () => {
    clearTimeout(timer);
    done();
  });
};

const readText = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_MAX) throw new Error('it answers with too much');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
};

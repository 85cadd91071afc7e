/** One request at the console and its answer, as the routes see it. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../actor.ts';
import type { Session } from './session-book.ts';

/** Milliseconds for a request's body, however slowly it comes. */
const BODY_TIMEOUT_MS = 20_000;

/** Scripts, styles and connections of our own only; nothing inline, nothing from elsewhere. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export interface ExchangeFacts {
  /** Where the visitor is: `this computer` or an address. */
  readonly from: string;
  readonly isSecure: boolean;
  /** Who has signed in. */
  readonly session: Session | undefined;
}

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly from: string;
  readonly isSecure: boolean;
  readonly session: Session | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, facts: ExchangeFacts) {
    this.request = request;
    this.response = response;
    this.from = facts.from;
    this.isSecure = facts.isSecure;
    this.session = facts.session;
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  }

  /** Who is to be named in the log. */
  get actor(): Actor {
    return { name: this.session?.name ?? 'somebody', from: this.from, by: 'console' };
  }

  /** Answers with JSON that nobody keeps. */
  answer(status: number, value: unknown): void {
    this.send(status, 'application/json', JSON.stringify(value), { 'cache-control': 'no-store' });
  }

  /** Refuses in one sentence; what was not read of the request is not waited for. */
  refuse(status: number, error: string): void {
    if (!this.request.complete) this.response.setHeader('connection', 'close');
    this.answer(status, { error });
  }

  send(
    status: number,
    type: string,
    content: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const { response } = this;
    if (response.headersSent || response.destroyed) return;
    response.writeHead(status, {
      ...headers,
      'content-type': type,
      'content-length': Buffer.byteLength(content),
    });
    response.end(this.request.method === 'HEAD' ? undefined : content);
  }

  /** The body, or `undefined` after a refusal: it was too long, or came too slowly. */
  async body(most: number): Promise<Buffer | undefined> {
    const { request } = this;
    if (Number(request.headers['content-length'] ?? 0) > most) return this.#tooLong();
    const timer = setTimeout(() => request.destroy(), BODY_TIMEOUT_MS);
    try {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > most) return this.#tooLong();
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The body's JSON, or `undefined` after a refusal. */
  async json(most: number): Promise<object | undefined> {
    const body = await this.body(most);
    if (body === undefined) return undefined;
    const value = parseJson(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value;
    this.refuse(400, 'The request is no JSON object.');
    return undefined;
  }

  #tooLong(): undefined {
    this.refuse(413, 'The request is too long.');
    return undefined;
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

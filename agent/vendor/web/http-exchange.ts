/** One request at a master and its answer. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type CallRefusalCode,
  encodeCallRefusal,
  VERSION_HEADER,
} from '../../../protocol/master-call.ts';
import { Exchange, PAGE_HEADERS } from '../../admin/web/exchange.ts';
import type { Route } from '../../admin/web/route.ts';
import { version } from '../../version.ts';

const COOKIE = 'usher-master';
const COOKIE_IN = new RegExp(`(?:^|; ?)${COOKIE}=([\\w-]{1,64})`);

/** What went wrong besides with a call: as the sentence says. */
export type HttpCode = CallRefusalCode | 'not-found' | 'forbidden' | 'other-name';

const STATUS: Readonly<Record<HttpCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'older-request': 409,
  'too-large': 413,
  'other-name': 421,
  'locked-out': 429,
  busy: 503,
  unavailable: 503,
};

/** Seconds after which it makes sense to ask again. */
const RETRY: Readonly<Partial<Record<HttpCode, number>>> = {
  'locked-out': 10,
  busy: 2,
  unavailable: 60,
};

export class HttpExchange {
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;
  /** Where the visitor is: `this computer` or an address. */
  readonly from: string;

  constructor(request: IncomingMessage, response: ServerResponse, from: string) {
    this.request = request;
    this.#response = response;
    this.from = from;
    response.setHeader(VERSION_HEADER, version);
    response.setHeader('cache-control', 'no-store');
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  }

  /** A cookie that no script sees, and that goes with requests of our own pages alone. */
  setCookie(value: string, isSecure: boolean): void {
    const secure = isSecure ? '; Secure' : '';
    const cookie = `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`;
    this.#response.setHeader('set-cookie', value === '' ? `${cookie}; Max-Age=0` : cookie);
  }

  /** What the browser keeps for our pages alone. */
  get cookie(): string {
    const [, value = ''] = COOKIE_IN.exec(this.request.headers.cookie ?? '') ?? [];
    return value;
  }

  /** Whether a page sent this, ours or another: who uses no browser names no origin. */
  get isOfPage(): boolean {
    return this.request.headers.origin !== undefined;
  }

  /** Has a file of the pages answered, or what stands in for it. */
  page(route: Route): Promise<void> | void {
    const facts = { from: this.from, isSecure: false, session: undefined };
    return route.answer(new Exchange(this.request, this.#response, facts));
  }

  json(value: unknown): void {
    this.#send(200, 'application/json', JSON.stringify(value));
  }

  bytes(type: string, content: Uint8Array): void {
    this.#send(200, type, content);
  }

  /** Refuses in one sentence; what was not read of the request is not waited for. */
  refuse(code: HttpCode, sentence: string): void {
    const retry = RETRY[code];
    if (retry !== undefined) this.#response.setHeader('retry-after', String(retry));
    // A page asks for a password by itself.
    if (code === 'unauthorized' && !this.isOfPage)
      this.#response.setHeader('www-authenticate', 'Basic realm="usher"');
    if (!this.request.complete) this.#response.setHeader('connection', 'close');
    const text =
      code === 'not-found' || code === 'forbidden' || code === 'other-name'
        ? JSON.stringify({ code, sentence })
        : encodeCallRefusal({ code, sentence });
    this.#send(STATUS[code], 'application/json', text);
  }

  /** The body, or `undefined` after a refusal: it was too long. */
  async body(most: number): Promise<Uint8Array | undefined> {
    const { request } = this;
    if (Number(request.headers['content-length'] ?? 0) > most) return this.#tooLong();
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) return this.#tooLong();
      chunks.push(chunk);
    }
    return new Uint8Array(Buffer.concat(chunks));
  }

  /** The name and secret of `authorization: Basic`; `null` for a header that is none. */
  get credentials(): { readonly name: string; readonly secret: string } | null | undefined {
    const { authorization } = this.request.headers;
    if (authorization === undefined) return undefined;
    const [, digits = ''] = /^Basic ([A-Za-z0-9+/]{1,1024}={0,2})$/i.exec(authorization) ?? [];
    const text = Buffer.from(digits, 'base64').toString('utf8');
    const at = text.indexOf(':');
    return at < 0 ? null : { name: text.slice(0, at), secret: text.slice(at + 1) };
  }

  /** What stands behind `authorization: Bearer`. */
  get token(): string {
    const { authorization = '' } = this.request.headers;
    return /^Bearer ([\w-]{1,64})$/i.exec(authorization)?.[1] ?? '';
  }

  #send(status: number, type: string, content: string | Uint8Array): void {
    const response = this.#response;
    if (response.headersSent || response.destroyed) return;
    const size = Buffer.byteLength(content);
    response.writeHead(status, { 'content-type': type, 'content-length': size });
    response.end(content);
  }

  #tooLong(): undefined {
    this.refuse('too-large', 'This is more than one call may carry.');
    return undefined;
  }
}

/** Who a member is to etcd: a token for a name and a password, asked for again when it has ended. */

import { errorOf, parseFields } from './etcd-answer.ts';
import type { EtcdLine, EtcdReply } from './etcd-line.ts';

export interface SiteLogin {
  readonly user: string;
  readonly password: string;
}

type Token = { readonly kind: 'token'; readonly token: string };

/** Milliseconds: etcd takes a tenth of a second to check a password. */
const LOGIN_MS = 1000;
const TOKEN_MAX = 4096;

export class EtcdLogin {
  readonly #login: SiteLogin;
  #token: Promise<Token | EtcdReply> | undefined;
  #latest: string | undefined;

  constructor(login: SiteLogin) {
    this.#login = login;
  }

  /** The token that holds, by this line where there is none; or what was said instead. */
  async token(line: EtcdLine, stop: AbortSignal): Promise<Token | EtcdReply> {
    this.#token ??= this.#ask(line, stop);
    return this.#token;
  }

  /** It holds no longer: unless there is a newer one already, it is asked for anew. */
  forget(token: string): void {
    if (token !== this.#latest) return;
    this.#token = undefined;
    this.#latest = undefined;
  }

  async #ask(line: EtcdLine, stop: AbortSignal): Promise<Token | EtcdReply> {
    const { user, password } = this.#login;
    const body = JSON.stringify({ name: user, password });
    const call = { path: '/v3/auth/authenticate', body, token: '', timeout: LOGIN_MS };
    const reply = await line.call(call, stop);
    const fields = reply.kind === 'said' ? parseFields(reply.text) : undefined;
    const token = fields?.['token'];
    const isOpen = fields !== undefined && /not enabled/.test(errorOf(fields)?.message ?? '');
    // An etcd that asks nobody who they are needs no token.
    const got = isOpen ? '' : token;
    if (typeof got === 'string' && got.length <= TOKEN_MAX && /^[\x21-\x7e]*$/.test(got)) {
      this.#latest = got;
      return { kind: 'token', token: got };
    }
    this.#token = undefined;
    // Nothing that is to be done was sent, whatever became of the login.
    return reply.kind === 'nothing' ? { ...reply, isSent: false } : reply;
  }
}

/** Whether etcd no longer knows who asks: nothing was done. */
export const isLoginOver = (reply: EtcdReply): boolean => {
  if (reply.kind !== 'said' || reply.status === 200) return false;
  const error = errorOf(parseFields(reply.text) ?? {});
  if (error === undefined) return false;
  return error.code === 16 || /auth token|auth store|user name is empty/.test(error.message);
};

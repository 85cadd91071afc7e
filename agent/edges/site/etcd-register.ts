/**
 * The site's register in etcd. Its endpoints are tried in turn, and the one that answers is kept to; where
 * there are several they are seen to be of one cluster before anything is asked.
 * What may have been heard and was to change something is never said twice.
 */

import { timerMs } from '../../../protocol/node/clock.ts';
import type { RegisterAnswer, RegisterAsk } from '../../core/site/register.ts';
import type { EndpointView } from '../../core/site/site-view.ts';
import { errorOf, errorToAnswer, fieldsToAnswer, originOf, parseFields } from './etcd-answer.ts';
import { tellOthers } from './etcd-cluster.ts';
import { EtcdEndpoints } from './etcd-endpoints.ts';
import { EtcdLine, type EtcdReply, type EtcdTrust } from './etcd-line.ts';
import { EtcdLogin, isLoginOver, type SiteLogin } from './etcd-login.ts';
import { type AskAsMember, lookAtEtcd } from './etcd-status.ts';
import { votersOf } from './etcd-voters.ts';
import { ASK_PATH, askToEtcd } from './etcd-words.ts';

export interface EtcdRegisterOptions {
  readonly endpoints: readonly URL[];
  /** Before every key. */
  readonly prefix: string;
  readonly trust: EtcdTrust;
  /** `null` where etcd asks nobody who they are. */
  readonly login: SiteLogin | null;
}

interface Words {
  readonly body: string;
  /** Said twice, it does no more than said once. */
  readonly isRepeatable: boolean;
}

interface Call {
  readonly path: string;
  readonly body: string;
  /** Milliseconds that are left when it is said. */
  readonly timeout: () => number;
}

/** Milliseconds for an ask, whatever comes of it. */
const ASK_MS = 1000;
/** Who is silent for so long is asked nothing more while others may answer. */
const PATIENCE_MS = 300;
/** Milliseconds in which an endpoint is to say how it is. */
const LOOK_MS = 1000;

export class EtcdRegister {
  readonly #options: EtcdRegisterOptions;
  readonly #lines: readonly EtcdLine[];
  readonly #login: EtcdLogin | undefined;
  readonly #endpoints: EtcdEndpoints;
  /** The place of the line that is asked first. */
  #first = 0;

  constructor(options: EtcdRegisterOptions) {
    this.#options = options;
    this.#lines = options.endpoints.map((url) => new EtcdLine(url, options.trust));
    this.#endpoints = new EtcdEndpoints(this.#lines, {
      look: (lines, stop) => this.#look(lines, PATIENCE_MS, stop),
      ask: async (line, ask, stop) => {
        const body = askToEtcd(ask, options.prefix);
        const call = { path: ASK_PATH, body, timeout: () => PATIENCE_MS };
        return this.#toAnswer(await this.#say(line, call, stop), ask, line);
      },
    });
    this.#login = options.login === null ? undefined : new EtcdLogin(options.login);
  }

  /** How each of its endpoints is, in the order of the settings. It never rejects. */
  async look(stop: AbortSignal): Promise<readonly EndpointView[]> {
    return tellOthers(await this.#look(this.#lines, LOOK_MS, stop));
  }

  /** Etcd's own list of its members, by their ids; `null` where it does not tell. It never rejects. */
  voters(stop: AbortSignal): Promise<readonly string[] | null> {
    return votersOf(this.#lines, this.#asMember(LOOK_MS, stop));
  }

  /** What came of it; it never rejects. */
  async ask(ask: RegisterAsk, stop: AbortSignal): Promise<RegisterAnswer> {
    const words = {
      body: askToEtcd(ask, this.#options.prefix),
      isRepeatable: ask.writes.length === 0,
    };
    const end = timerMs() + ASK_MS;
    const unproven = await this.#endpoints.prove(stop);
    if (unproven !== undefined) return unproven;
    const first = this.#first;
    let answer: RegisterAnswer = { kind: 'silent', sentence: 'Nothing of etcd answers.' };
    for (let i = 0; i < this.#lines.length && timerMs() < end && !stop.aborted; i++) {
      const place = (first + i) % this.#lines.length;
      const line = this.#lines[place];
      if (line === undefined) break;
      const told = await this.#askOne(line, place, ask, words, end, stop);
      answer = told.answer;
      if (!told.mayGoOn) break;
    }
    return answer;
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  #look(
    lines: readonly EtcdLine[],
    timeout: number,
    stop: AbortSignal,
  ): Promise<readonly EndpointView[]> {
    const ask = this.#asMember(timeout, stop);
    return lookAtEtcd(lines, { ask, prefix: this.#options.prefix, timeout, stop });
  }

  #asMember(timeout: number, stop: AbortSignal): AskAsMember {
    return (line, path, body) => this.#say(line, { path, body, timeout: () => timeout }, stop);
  }

  async #askOne(
    line: EtcdLine,
    place: number,
    ask: RegisterAsk,
    words: Words,
    end: number,
    stop: AbortSignal,
  ): Promise<{ readonly answer: RegisterAnswer; readonly mayGoOn: boolean }> {
    const doubt = setTimeout(() => this.#leave(place), PATIENCE_MS);
    try {
      const refusal = await this.#endpoints.refuse(line, stop);
      if (refusal !== undefined) {
        this.#leave(place);
        return { answer: refusal, mayGoOn: true };
      }
      const { body, isRepeatable } = words;
      const isShort = isRepeatable && this.#lines.length > 1;
      const timeout = (): number => Math.min(isShort ? PATIENCE_MS : ASK_MS, end - timerMs());
      const reply = await this.#say(line, { path: ASK_PATH, body, timeout }, stop);
      const answer = this.#toAnswer(reply, ask, line);
      if (answer.kind !== 'silent') return { answer, mayGoOn: false };
      this.#leave(place);
      const isUnheard = reply.kind === 'nothing' && !reply.isSent;
      return { answer, mayGoOn: isUnheard || words.isRepeatable };
    } finally {
      clearTimeout(doubt);
    }
  }

  /** With a login that holds: where it has ended a new one is made, once. */
  async #say(line: EtcdLine, { path, body, timeout }: Call, stop: AbortSignal): Promise<EtcdReply> {
    for (let isAgain = false; ; isAgain = true) {
      const login = await this.#login?.token(line, stop);
      if (login !== undefined && login.kind !== 'token') return login;
      const token = login?.token ?? '';
      const reply = await line.call({ path, body, token, timeout: timeout() }, stop);
      if (isAgain || login === undefined || !isLoginOver(reply)) return reply;
      this.#login?.forget(login.token);
    }
  }

  #toAnswer(reply: EtcdReply, ask: RegisterAsk, line: EtcdLine): RegisterAnswer {
    const { origin } = line.url;
    if (reply.kind === 'nothing') return { kind: 'silent', sentence: reply.sentence };
    const fields = parseFields(reply.text);
    const error = fields && reply.status !== 200 ? errorOf(fields) : undefined;
    if (error !== undefined) return errorToAnswer(error, origin);
    const { prefix } = this.#options;
    const answer =
      reply.status === 200 && fields && fieldsToAnswer(fields, ask.reads.length, prefix);
    if (!answer) return { kind: 'silent', sentence: notEtcd(origin, reply.status) };
    return this.#endpoints.differs(line, originOf(fields)) ?? answer;
  }

  /** Asks another first from now on. */
  #leave(place: number): void {
    if (this.#first === place) this.#first = (place + 1) % this.#lines.length;
  }
}

const notEtcd = (origin: string, status: number): string =>
  `What answers at ${origin} is no etcd with its JSON gateway: it answers with status ${status}.`;

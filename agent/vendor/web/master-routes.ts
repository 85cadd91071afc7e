/** What a master answers over HTTP: agents, people who sign in, and who sits at its computer. */

import { CALL_MAX, PASTE_MAX } from '../../../protocol/limits.ts';
import {
  CALL_PATH,
  CALL_TYPE,
  decodeMasterCall,
  VERSION_HEADER,
} from '../../../protocol/master-call.ts';
import { instant } from '../../../protocol/units.ts';
import { RateLimit } from '../../core/rate-limit.ts';
import { majorOf } from '../../core/version-words.ts';
import { UsherError } from '../../usher-error.ts';
import { version } from '../../version.ts';
import { type Caller, type MasterOutcome, refused } from '../master/master-operations.ts';
import type { MasterDriver } from '../master-driver.ts';
import { type MasterQuestion, parseMasterQuestion } from '../master-question.ts';
import { type DoorAnswer, type DoorKeeper, passwordHash, type Visitor } from './door-keeper.ts';
import type { HttpExchange } from './http-exchange.ts';

const SIGN_IN_MAX = 4096;
/** JSON may write each character of a paste as six. */
const QUESTION_MAX = 2 * PASTE_MAX;
/** A place with a thousand agents behind one address has them answered within minutes. */
const CALLS = { perSecond: 5, burst: 120, sources: 4096 } as const;
/** Calls that are being answered at a time. */
const CALLS_AT_ONCE = 128;

/** Other versions that are told of. */
const VERSIONS_MAX = 16;

export interface MasterRoutesParts {
  readonly driver: MasterDriver;
  readonly door: DoorKeeper;
  /** The vendor's root key. */
  readonly root: Uint8Array;
  /** Whether agents are activated only for who has signed in. */
  readonly needsSignIn: boolean;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Takes one line for the log. */
  readonly say: (sentence: string) => void;
}

export class MasterRoutes {
  readonly #parts: MasterRoutesParts;
  readonly #calls = new RateLimit(CALLS);
  /** Versions of agents that were told of. */
  readonly #versions = new Set<string>();
  #answering = 0;

  constructor(parts: MasterRoutesParts) {
    this.#parts = parts;
  }

  /** `local` is who sits at this computer, and needs no password; `isPrivate`: nobody can overhear it. */
  async serve(
    exchange: HttpExchange,
    local: Caller | undefined,
    isPrivate: boolean,
  ): Promise<void> {
    const { method, url } = exchange.request;
    const route = `${method} ${url}`;
    if (route === `POST ${CALL_PATH}`) return this.#call(exchange);
    if (!['POST /api/operation', 'POST /api/sign-in', 'POST /api/sign-out'].includes(route)) {
      return exchange.refuse('not-found', 'There is nothing here.');
    }
    if (!isPrivate) {
      const sentence = 'Over the network people are answered by https only: give the master --tls.';
      return exchange.refuse('forbidden', sentence);
    }
    switch (url) {
      case '/api/sign-in':
        return this.#signIn(exchange);
      case '/api/sign-out':
        this.#parts.door.close(exchange.token);
        return exchange.json({});
      default:
        return this.#operate(exchange, local);
    }
  }

  /** Agents of another major version may not be understood. */
  #hear({ request }: HttpExchange): void {
    const theirs = request.headers[VERSION_HEADER];
    if (typeof theirs !== 'string' || !/^\d{1,4}\.[\w.+-]{1,40}$/.test(theirs)) return;
    const isKnown = this.#versions.has(theirs) || this.#versions.size >= VERSIONS_MAX;
    if (majorOf(theirs) === majorOf(version) || isKnown) return;
    this.#versions.add(theirs);
    this.#parts.say(
      `Agents of version ${theirs} ask, and this master is ${version}: update the older ones.`,
    );
  }

  async #call(exchange: HttpExchange): Promise<void> {
    const { from } = exchange;
    if (!this.#calls.admits(from, instant(this.#parts.now()))) {
      return exchange.refuse('busy', 'Too many calls from this address: wait a while.');
    }
    if (this.#answering >= CALLS_AT_ONCE) {
      return exchange.refuse('busy', 'Too many calls at a time: ask again in a moment.');
    }
    this.#hear(exchange);
    this.#answering++;
    try {
      await this.#answerCall(exchange);
    } finally {
      this.#answering--;
    }
  }

  async #answerCall(exchange: HttpExchange): Promise<void> {
    const visitor = await this.#visitor(exchange);
    if (visitor === 'refused') return;
    const body = await exchange.body(CALL_MAX);
    if (body === undefined) return;
    const call = decodeMasterCall(body);
    if (call === undefined) return exchange.refuse('bad-request', 'This is no call of an agent.');
    const { from } = exchange;
    const customer = visitor?.customer ?? null;
    const isKnown = visitor !== undefined || !this.#parts.needsSignIn;
    const bearer = { customer, from, mayActivate: isKnown, approves: false };
    const answered = await this.#parts.driver.call(call, bearer);
    if (answered.ok) exchange.bytes(CALL_TYPE, answered.value);
    else exchange.refuse(answered.error.code, answered.error.sentence);
  }

  /** Who brings a call; nobody need have signed in for most of them. */
  async #visitor(exchange: HttpExchange): Promise<Visitor | undefined | 'refused'> {
    const { credentials, from } = exchange;
    if (credentials === undefined) return undefined;
    if (credentials !== null) {
      const { name, secret } = credentials;
      const answer = await this.#parts.door.check(name, secret, from, true);
      if (typeof answer !== 'string') return answer;
      this.#turnAway(exchange, answer);
    } else this.#turnAway(exchange, 'wrong');
    return 'refused';
  }

  #turnAway(exchange: HttpExchange, why: Extract<DoorAnswer, string>): void {
    switch (why) {
      case 'locked-out':
        return exchange.refuse(why, 'Too many wrong names or passwords: wait a while.');
      case 'busy':
        return exchange.refuse(why, 'Too many sign in at a time: try again in a moment.');
      case 'wrong':
        this.#parts.say(`A wrong name or password from ${exchange.from}.`);
        return exchange.refuse(
          'unauthorized',
          'The name or password is wrong: it is an account of this vendor, or a license number with the address of mail it was issued to.',
        );
    }
  }

  async #signIn(exchange: HttpExchange): Promise<void> {
    const given = await this.#json(exchange, SIGN_IN_MAX);
    if (given === undefined) return;
    const { name, password } = given as { readonly [field: string]: unknown };
    if (typeof name !== 'string' || typeof password !== 'string') {
      return exchange.refuse('bad-request', 'A name and a password are needed.');
    }
    const answer = await this.#parts.door.check(name, password, exchange.from, false);
    if (typeof answer === 'string') return this.#turnAway(exchange, answer);
    this.#parts.say(`${answer.name} (${answer.role}) signed in from ${exchange.from}.`);
    exchange.json({ token: this.#parts.door.open(answer), ...answer });
  }

  async #operate(exchange: HttpExchange, local: Caller | undefined): Promise<void> {
    const caller = local ?? this.#parts.door.find(exchange.token, exchange.from);
    if (caller === undefined) return exchange.refuse('unauthorized', 'Sign in first.');
    const value = await this.#json(exchange, QUESTION_MAX);
    if (value === undefined) return;
    const question = this.#read(value);
    if (typeof question === 'string') return exchange.refuse('bad-request', question);
    exchange.json(await this.#answer(question, caller));
  }

  /** The question, or why it is none. */
  #read(value: unknown): MasterQuestion | string {
    try {
      return parseMasterQuestion(value, this.#parts.driver.now.wall, this.#parts.root);
    } catch (error) {
      if (error instanceof UsherError) return error.message;
      throw error;
    }
  }

  async #answer(question: MasterQuestion, caller: Caller): Promise<MasterOutcome> {
    const { driver, door } = this.#parts;
    switch (question.kind) {
      case 'audit':
        return driver.audit(question.after, question.most, caller);
      case 'account': {
        if (caller.customer !== null) return refused('forbidden', 'This is for the vendor alone.');
        const { name, role, customer } = question;
        const hash = await passwordHash(question.password);
        door.closeAll(name);
        return driver.operate({ kind: 'account-set', name, role, customer, hash }, caller);
      }
      case 'operation':
        return driver.operate(question.operation, caller);
    }
  }

  async #json(exchange: HttpExchange, most: number): Promise<object | undefined> {
    const body = await exchange.body(most);
    if (body === undefined) return undefined;
    const value = parseJson(new TextDecoder().decode(body));
    if (typeof value === 'object' && value !== null) return value;
    exchange.refuse('bad-request', 'The request is no JSON object.');
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

/** What a master answers over HTTP: agents, people who sign in, and who sits at its computer. */

import { CALL_MAX, PASTE_MAX } from '../../../protocol/limits.ts';
import { CALL_PATH, CALL_TYPE, decodeMasterCall } from '../../../protocol/master-call.ts';
import { instant } from '../../../protocol/units.ts';
import type { Route } from '../../admin/web/route.ts';
import { RateLimit } from '../../core/sessions/rate-limit.ts';
import { UsherError } from '../../usher-error.ts';
import { type Caller, type MasterOutcome, refused } from '../master/master-operations.ts';
import type { MasterDriver } from '../master-driver.ts';
import { type MasterQuestion, parseMasterQuestion } from '../master-question.ts';
import { type DoorAnswer, type DoorKeeper, passwordHash, type Visitor } from './door-keeper.ts';
import { ForeignVersions } from './foreign-versions.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { Arrival, PageVisitors } from './page-visitor.ts';

const SIGN_IN_MAX = 4096;
/** JSON may write each character of a paste as six. */
const QUESTION_MAX = 2 * PASTE_MAX;
/** A place with a thousand agents behind one address has them answered within minutes. */
const CALLS = { perSecond: 5, burst: 120, sources: 4096 } as const;
/** Calls that are being answered at a time. */
const CALLS_AT_ONCE = 128;

export interface MasterRoutesParts {
  readonly driver: MasterDriver;
  readonly door: DoorKeeper;
  /** The vendor's root key. */
  readonly root: Uint8Array;
  /** Whether agents are activated only for who has signed in. */
  readonly needsSignIn: boolean;
  /** The files of its pages. */
  readonly pages: readonly Route[];
  readonly visitors: PageVisitors;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Takes one line for the log. */
  readonly say: (sentence: string) => void;
}

/** How somebody comes. */
export interface Visit {
  /** Who sits at this computer, and needs no password. */
  readonly local: Caller | undefined;
  /** Nobody can overhear it. */
  readonly isPrivate: boolean;
  readonly arrival: Arrival;
}

type Act = (exchange: HttpExchange, visit: Visit) => Promise<void> | void;

export class MasterRoutes {
  readonly #parts: MasterRoutesParts;
  readonly #pages: ReadonlyMap<string, Route>;
  readonly #acts: Readonly<Record<string, Act>> = {
    'POST /api/sign-in': (exchange, visit) => this.#signIn(exchange, visit),
    'POST /api/sign-out': (exchange, visit) => this.#signOut(exchange, visit),
    'POST /api/session': (exchange) => this.#session(exchange),
    'POST /api/operation': (exchange, { local }) => this.#operate(exchange, local),
  };
  readonly #calls = new RateLimit(CALLS);
  readonly #versions: ForeignVersions;
  #answering = 0;

  constructor(parts: MasterRoutesParts) {
    this.#parts = parts;
    this.#versions = new ForeignVersions(parts.say);
    this.#pages = new Map(parts.pages.map((page) => [`${page.method} ${page.path}`, page]));
  }

  async serve(exchange: HttpExchange, visit: Visit): Promise<void> {
    const { method, url } = exchange.request;
    const route = `${method === 'HEAD' ? 'GET' : method} ${url}`;
    if (route === `POST ${CALL_PATH}`) return this.#call(exchange);
    const page = this.#pages.get(route);
    const act = this.#acts[route];
    if (page === undefined && act === undefined) {
      return exchange.refuse('not-found', 'There is nothing here.');
    }
    if (!visit.isPrivate) {
      const sentence = 'Over the network people are answered by https only: give the master --tls.';
      return exchange.refuse('forbidden', sentence);
    }
    if (page !== undefined || exchange.isOfPage) {
      if (!this.#isMeant(exchange, visit, page !== undefined)) return;
    }
    await (page === undefined ? act?.(exchange, visit) : exchange.page(page));
  }

  /** Whether a browser means this master; refuses it where not. */
  #isMeant(exchange: HttpExchange, { arrival }: Visit, isRead: boolean): boolean {
    const { headers } = exchange.request;
    const { visitors } = this.#parts;
    if (!visitors.isOurName(headers.host, arrival)) {
      exchange.refuse(
        'other-name',
        'This is not a name of this master: it has those of its certificate, and of --name.',
      );
      return false;
    }
    if (isRead || visitors.isOurPage(headers, arrival)) return true;
    exchange.refuse('forbidden', 'Another page has sent this.');
    return false;
  }

  async #call(exchange: HttpExchange): Promise<void> {
    const { from } = exchange;
    if (!this.#calls.admits(from, instant(this.#parts.now()))) {
      return exchange.refuse('busy', 'Too many calls from this address: wait a while.');
    }
    this.#versions.hear(exchange);
    const visitor = await this.#visitor(exchange);
    if (visitor === 'refused') return;
    const body = await exchange.body(CALL_MAX);
    if (body === undefined) return;
    // Counted from here on: who sends a call slowly holds a connection, and not an answer's place.
    if (this.#answering >= CALLS_AT_ONCE) {
      return exchange.refuse('busy', 'Too many calls at a time: ask again in a moment.');
    }
    this.#answering++;
    try {
      await this.#answerCall(exchange, body, visitor);
    } finally {
      this.#answering--;
    }
  }

  async #answerCall(
    exchange: HttpExchange,
    body: Uint8Array,
    visitor: Visitor | undefined,
  ): Promise<void> {
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

  async #signIn(exchange: HttpExchange, { arrival }: Visit): Promise<void> {
    const given = await this.#json(exchange, SIGN_IN_MAX);
    if (given === undefined) return;
    const { name, password } = given as { readonly [field: string]: unknown };
    if (typeof name !== 'string' || typeof password !== 'string') {
      return exchange.refuse('bad-request', 'A name and a password are needed.');
    }
    const answer = await this.#parts.door.check(name, password, exchange.from, false);
    if (typeof answer === 'string') return this.#turnAway(exchange, answer);
    this.#parts.say(`${answer.name} (${answer.role}) signed in from ${exchange.from}.`);
    const { token, cookie } = this.#parts.door.open(answer, exchange.isOfPage);
    if (cookie !== '') exchange.setCookie(cookie, arrival.isSecure);
    exchange.json({ token, ...this.#parts.driver.visitor(answer) });
  }

  #signOut(exchange: HttpExchange, { arrival }: Visit): void {
    this.#parts.door.close(exchange);
    if (exchange.isOfPage) exchange.setCookie('', arrival.isSecure);
    exchange.json({});
  }

  #session(exchange: HttpExchange): void {
    const visitor = this.#parts.door.find(exchange);
    if (visitor === undefined) return exchange.refuse('unauthorized', 'Sign in first.');
    exchange.json(this.#parts.driver.visitor(visitor));
  }

  async #operate(exchange: HttpExchange, local: Caller | undefined): Promise<void> {
    const caller = local ?? this.#caller(exchange);
    if (caller === undefined) return exchange.refuse('unauthorized', 'Sign in first.');
    const value = await this.#json(exchange, QUESTION_MAX);
    if (value === undefined) return;
    const question = this.#read(value);
    if (typeof question === 'string') return exchange.refuse('bad-request', question);
    if (question.kind === 'password') return this.#changePassword(exchange, question, caller);
    exchange.json(await this.#answer(question, caller));
  }

  #caller(exchange: HttpExchange): Caller | undefined {
    const visitor = this.#parts.door.find(exchange);
    if (visitor === undefined) return undefined;
    return { name: visitor.name, from: exchange.from, customer: visitor.customer };
  }

  /** Everybody of the account is signed out: whoever knew the old one has to know the new. */
  async #changePassword(
    exchange: HttpExchange,
    { old, password }: Extract<MasterQuestion, { kind: 'password' }>,
    caller: Caller,
  ): Promise<void> {
    const { door, driver } = this.#parts;
    const answer = await door.check(caller.name, old, exchange.from, false);
    if (answer === 'wrong') return exchange.json(refused('wrong', 'The old password is wrong.'));
    if (typeof answer === 'string') return this.#turnAway(exchange, answer);
    const hash = await passwordHash(password);
    const outcome = await driver.operate({ kind: 'own-password', hash }, caller);
    if (outcome.kind === 'done') door.closeAll(caller.name);
    exchange.json(outcome);
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

  async #answer(
    question: Exclude<MasterQuestion, { kind: 'password' }>,
    caller: Caller,
  ): Promise<MasterOutcome> {
    const { driver, door } = this.#parts;
    switch (question.kind) {
      case 'audit':
        return driver.audit(question.after, question.most, caller);
      case 'audit-check':
        return driver.checkAudit(question.noted, caller);
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

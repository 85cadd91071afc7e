/** Who comes to a master over the network: passwords, sessions, and what guessing costs. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { GuessLimit } from '../../admin/web/guess-limit.ts';
import { slowHash } from '../../admin/web/passwords.ts';
import { hashOf, makeSecret } from '../../admin/web/session-book.ts';
import type { Master } from '../master/master.ts';

/** Milliseconds after which a session has ended, used or not. */
const LIFE_MS = 12 * 3_600_000;
/** The same without a request. */
const IDLE_MS = 2 * 3_600_000;
/** Beyond them the one that was opened first is forgotten. */
const SESSIONS_MAX = 1024;
const SALT_SIZE = 16;
/** Passwords checked at a time: each takes 32 MB. */
const AT_ONCE = 2;
/** Characters of a name and of a secret. */
const WORD_MAX = 256;

/** Who has signed in. */
export interface Visitor {
  readonly name: string;
  readonly role: 'staff' | 'customer';
  /** Whose account it is; `null` for staff. */
  readonly customer: string | null;
}

/** `locked-out`: too many guesses; `busy`: too many at a time; `wrong`: the name or secret. */
export type DoorAnswer = Visitor | 'locked-out' | 'busy' | 'wrong';

interface Session {
  readonly visitor: Visitor;
  readonly openedAt: number;
  seenAt: number;
}

/**
 * What shows that somebody has signed in. A page has two: a token that it sends, and a cookie that no
 * script sees; a program has no cookie. Every port of a host gets the host's cookies, and a page of
 * another has no token.
 */
export interface Secrets {
  readonly token: string;
  readonly cookie: string;
}

/** The hash of a password as it is kept: salt and hash, with a colon between. */
export const passwordHash = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_SIZE).toString('hex');
  return `${salt}:${await slowHash(password, salt)}`;
};

export class DoorKeeper {
  readonly #master: Master;
  readonly #now: () => number;
  readonly #guesses: GuessLimit;
  readonly #sessions = new Map<string, Session>();
  #checks = 0;

  /** `now` in milliseconds; only differences count. */
  constructor(master: Master, now: () => number) {
    this.#master = master;
    this.#now = now;
    this.#guesses = new GuessLimit(now);
  }

  /** An account and its password or, where `byLicense`, a license's number and its customer's mail. */
  async check(name: string, secret: string, from: string, byLicense: boolean): Promise<DoorAnswer> {
    if (name.length > WORD_MAX || secret.length > WORD_MAX) return 'wrong';
    if (!this.#guesses.admits(from)) return 'locked-out';
    const owner = byLicense ? this.#master.customerBy(name, secret) : undefined;
    if (owner !== undefined) return { name, role: 'customer', customer: owner };
    if (this.#checks >= AT_ONCE) return 'busy';
    this.#checks++;
    try {
      const account = this.#master.account(name);
      // As slow where there is no such account, so that nobody learns which there are.
      const [salt = '', known = ''] = (account?.hash ?? `${'00'.repeat(SALT_SIZE)}:`).split(':');
      const given = Buffer.from(await slowHash(secret, salt), 'hex');
      const kept = Buffer.from(known, 'hex');
      const fits = kept.length === given.length && timingSafeEqual(kept, given);
      // It may have been changed meanwhile: who knew only the old one opens nothing any more.
      const isCurrent = this.#master.account(name)?.hash === account?.hash;
      if (!fits || account === undefined || !isCurrent) return 'wrong';
      return { name: account.name, role: account.role, customer: account.customer };
    } finally {
      this.#checks--;
    }
  }

  /** The secrets of a new session, for a page or for a program. */
  open(visitor: Visitor, isPage: boolean): Secrets {
    if (this.#sessions.size >= SESSIONS_MAX) {
      const oldest = this.#sessions.keys().next();
      if (!oldest.done) this.#sessions.delete(oldest.value);
    }
    const secrets = { token: makeSecret(), cookie: isPage ? makeSecret() : '' };
    const now = this.#now();
    this.#sessions.set(nameOf(secrets), { visitor, openedAt: now, seenAt: now });
    return secrets;
  }

  /** Whose session this is, while the account is there with what it had. */
  find(secrets: Secrets): Visitor | undefined {
    const session = this.#sessions.get(nameOf(secrets));
    if (session === undefined) return undefined;
    const { visitor, openedAt, seenAt } = session;
    const account = this.#master.account(visitor.name);
    const now = this.#now();
    const isOver = now - openedAt > LIFE_MS || now - seenAt > IDLE_MS;
    if (isOver || account?.role !== visitor.role) {
      this.#sessions.delete(nameOf(secrets));
      return undefined;
    }
    session.seenAt = now;
    return visitor;
  }

  close(secrets: Secrets): void {
    this.#sessions.delete(nameOf(secrets));
  }

  /** Everybody of an account is signed out: its password is another. */
  closeAll(name: string): void {
    for (const [key, { visitor }] of this.#sessions) {
      if (visitor.name === name.toLowerCase()) this.#sessions.delete(key);
    }
  }
}

const nameOf = ({ token, cookie }: Secrets): string => hashOf(`${token}.${cookie}`).toString('hex');

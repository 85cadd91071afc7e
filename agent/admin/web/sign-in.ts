/** How somebody is let in: by a link from the command line, or by a password. */

import { COOKIE } from './console-server.ts';
import type { Exchange } from './exchange.ts';
import type { GuessLimit } from './guess-limit.ts';
import type { OneTimeLinks } from './one-time-links.ts';
import type { Passwords } from './passwords.ts';
import type { Route } from './route.ts';
import type { Session, SessionBook } from './session-book.ts';

const SIGN_IN_MAX = 4096;

export interface SignInParts {
  readonly sessions: SessionBook;
  readonly links: OneTimeLinks;
  readonly passwords: Passwords;
  readonly guesses: GuessLimit;
  /** Takes one line for the log. */
  readonly say: (sentence: string, warning: boolean) => void;
}

/** The routes of signing in and out. */
export const signInRoutes = (parts: SignInParts): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/door',
    needs: 'anyone',
    answer: (exchange) => exchange.answer(200, { passwords: parts.passwords.roles.length > 0 }),
  },
  {
    method: 'POST',
    path: '/api/sign-in',
    needs: 'anyone',
    answer: (exchange) => signIn(exchange, parts),
  },
  {
    method: 'POST',
    path: '/api/sign-out',
    needs: 'viewer',
    answer: (exchange) => {
      if (exchange.session !== undefined) parts.sessions.close(exchange.session);
      exchange.response.setHeader('set-cookie', cookieOf('', exchange.isSecure, 0));
      exchange.answer(200, {});
    },
  },
  {
    method: 'POST',
    path: '/api/session',
    needs: 'viewer',
    answer: (exchange) => exchange.answer(200, exchange.session),
  },
];

const signIn = async (exchange: Exchange, parts: SignInParts): Promise<void> => {
  const { from } = exchange;
  const given = (await exchange.json(SIGN_IN_MAX)) as
    | { readonly code?: unknown; readonly password?: unknown }
    | undefined;
  if (given === undefined) return;
  const { code, password } = given;
  // A code cannot be guessed: only passwords wait for their turn.
  if (typeof code === 'string') {
    const name = parts.links.take(code);
    if (name !== undefined) return letIn(exchange, { name, role: 'administrator', from }, parts);
    return exchange.refuse(401, 'This link has been used already, or is too old: ask for another.');
  }
  if (typeof password !== 'string') return exchange.refuse(400, 'A password is missing.');
  if (!parts.guesses.admits(from)) {
    exchange.response.setHeader('retry-after', '10');
    return exchange.refuse(429, 'Too many wrong passwords: wait a while.');
  }
  const role = await parts.passwords.check(password);
  if (role !== undefined) return letIn(exchange, { name: `the ${role}`, role, from }, parts);
  parts.say(`Console: a wrong password from ${from}.`, true);
  exchange.refuse(401, 'This password is wrong.');
};

const letIn = (exchange: Exchange, session: Session, { sessions, say }: SignInParts): void => {
  const { cookie, key } = sessions.open(session);
  say(`Console: ${session.name} signed in as ${session.role} from ${session.from}.`, false);
  exchange.response.setHeader('set-cookie', cookieOf(cookie, exchange.isSecure));
  exchange.answer(200, { key, ...session });
};

const cookieOf = (value: string, isSecure: boolean, seconds?: number): string =>
  [
    `${COOKIE}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure ? ['Secure'] : []),
    ...(seconds === undefined ? [] : [`Max-Age=${seconds}`]),
  ].join('; ');

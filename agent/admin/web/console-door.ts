/** What the local endpoint can ask of the console: a link to sign in with, and another password. */

import { UsherError } from '../../usher-error.ts';
import type { Actor } from '../actor.ts';
import { ROLES, type Role } from './access.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './passwords.ts';

export type ConsoleRequest =
  /** For who asks. */
  | { readonly kind: 'link' }
  /** `password`: `null` takes it away. */
  | { readonly kind: 'password'; readonly role: Role; readonly password: string | null };

export interface ConsoleAnswer {
  /** Where the console is; for `link` with its code. */
  readonly url: string;
  readonly fingerprint: string | null;
  /** Whether a password does nothing yet, as the console is for this computer alone. */
  readonly isLocal: boolean;
}

/** Code: REFUSED. */
export type ConsoleDoor = (request: ConsoleRequest, actor: Actor) => Promise<ConsoleAnswer>;

/** The request that a JSON value describes, or `undefined`. */
export const parseConsoleRequest = (value: unknown): ConsoleRequest | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, role, password } = value as Readonly<Record<string, unknown>>;
  if (kind === 'link') return { kind };
  const named = ROLES.find((one) => one === role);
  if (kind !== 'password' || named === undefined) return undefined;
  if (password !== null && typeof password !== 'string') return undefined;
  return { kind, role: named, password };
};

/** Code: REFUSED. */
export const checkPassword = (password: string): string => {
  if (password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX) return password;
  throw new UsherError(
    'REFUSED',
    `A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters: this one has ${password.length}.`,
  );
};

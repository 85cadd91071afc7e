/** How the page speaks to its agent. */

import type { SessionView } from '../admin/web/service-view.ts';
import type { Operation, Outcome } from '../core/operations.ts';
import { say } from './text.ts';

/** In the origin's own store: a cookie would be told to every port of this computer. */
const KEPT_AS = 'usher-key';

export class Refused extends Error {
  /** Of HTTP; 200 where the agent itself said no, 0 where it did not answer. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, sentence: string) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

let onSignedOut = (): void => {};
/** Who is to know that the session has ended. */
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener;
};

export const keyHeader = (): Record<string, string> => ({
  'x-usher-key': localStorage.getItem(KEPT_AS) ?? '',
});

/** Posts and returns the JSON of the answer; throws `Refused`. */
export const call = async <T>(path: string, body: object | Blob = {}): Promise<T> => {
  const response = await fetch(path, {
    method: 'POST',
    headers: { ...keyHeader(), 'content-type': 'application/json' },
    body: body instanceof Blob ? body : JSON.stringify(body),
  }).catch(() => {
    throw new Refused(0, '', say('app', 'away'));
  });
  const value = (await response.json()) as T & { readonly error?: string };
  if (response.ok) return value;
  if (response.status === 401 && path !== '/api/sign-in') onSignedOut();
  throw new Refused(response.status, '', value.error ?? response.statusText);
};

/** Has an operation done; throws `Refused` with the agent's reason. */
export const ask = async <K extends Operation['kind']>(
  operation: Extract<Operation, { kind: K }>,
): Promise<Extract<Outcome, { kind: K }>> =>
  done(await call<Extract<Outcome, { kind: K }>>('/api/operation', operation));

/** A license file as it is. */
export const addFile = async (file: Blob): Promise<Extract<Outcome, { kind: 'license-add' }>> =>
  done(await call('/api/license-file', file));

const done = <T extends Outcome>(outcome: T | Extract<Outcome, { kind: 'refused' }>): T => {
  if (outcome.kind !== 'refused') return outcome as T;
  const { code, detail } = outcome as Extract<Outcome, { kind: 'refused' }>;
  throw new Refused(200, code, say('refusal', code, detail));
};

/** Signs in with the code of a link or a password. */
export const signIn = async (
  by: { readonly code: string } | { readonly password: string },
): Promise<SessionView> => {
  const { key, ...session } = await call<SessionView & { key: string }>('/api/sign-in', by);
  localStorage.setItem(KEPT_AS, key);
  return session;
};

export const signOut = async (): Promise<void> => {
  await call('/api/sign-out').catch(() => {});
  localStorage.removeItem(KEPT_AS);
};

/** Who is signed in, if somebody is. */
export const currentSession = async (): Promise<SessionView | undefined> => {
  if (localStorage.getItem(KEPT_AS) === null) return undefined;
  return call<SessionView>('/api/session').catch(() => undefined);
};

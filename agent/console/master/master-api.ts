/** How the page speaks to its master. */

import type { MasterOutcome } from '../../vendor/master/master-operations.ts';
import { Refused } from '../api.ts';
import { say } from '../text.ts';
import { useView } from '../views.ts';

/** In the origin's own store; the cookie that goes with it no script sees. */
const KEPT_AS = 'usher-master';

/** Who has signed in. */
export interface Visitor {
  readonly name: string;
  readonly role: 'staff' | 'customer';
  /** `null` for staff. */
  readonly customer: string | null;
  readonly customerName: string | null;
}

/** What is asked: a `kind` and its fields, as the master reads them (agent/vendor/master-question.ts). */
export type Question = { readonly kind: string } & Readonly<Record<string, unknown>>;

let onSignedOut = (): void => {};
/** Who is to know that the session has ended. */
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener;
};

let onReach = (_: boolean): void => {};
/** Who is to know whether the master answers. */
export const whenReached = (listener: (isReachable: boolean) => void): void => {
  onReach = listener;
};

const call = async <T>(path: string, body: object = {}): Promise<T> => {
  const token = localStorage.getItem(KEPT_AS) ?? '';
  const response = await fetch(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    onReach(false);
    throw new Refused(0, '', say('app', 'away'));
  });
  onReach(true);
  const value = (await response.json()) as T & { readonly sentence?: string };
  if (response.ok) return value;
  if (response.status === 401 && path !== '/api/sign-in') onSignedOut();
  throw new Refused(response.status, '', value.sentence ?? response.statusText);
};

/** The outcome, which must be of this kind; throws `Refused` with the master's reason. */
export const askMaster = async <K extends MasterOutcome['kind']>(
  expected: K,
  question: Question,
): Promise<Extract<MasterOutcome, { kind: K }>> => {
  const outcome = await call<MasterOutcome>('/api/operation', question);
  if (outcome.kind === expected) return outcome as Extract<MasterOutcome, { kind: K }>;
  const isRefused = outcome.kind === 'refused';
  throw new Refused(200, isRefused ? outcome.code : '', isRefused ? outcome.sentence : '');
};

/** The outcome of a question that only reads, kept up to date; `undefined` before the first. */
export const useMaster = <K extends MasterOutcome['kind']>(
  expected: K,
  question: Question,
): Extract<MasterOutcome, { kind: K }> | undefined =>
  useView(JSON.stringify(question), () => askMaster(expected, question));

export const signIn = async (name: string, password: string): Promise<Visitor> => {
  const { token, ...visitor } = await call<Visitor & { token: string }>('/api/sign-in', {
    name,
    password,
  });
  localStorage.setItem(KEPT_AS, token);
  return visitor;
};

export const signOut = async (): Promise<void> => {
  await call('/api/sign-out').catch(() => {});
  localStorage.removeItem(KEPT_AS);
};

/** Who is signed in, if somebody is. */
export const currentVisitor = async (): Promise<Visitor | undefined> => {
  if (localStorage.getItem(KEPT_AS) === null) return undefined;
  return call<Visitor>('/api/session').catch(() => undefined);
};

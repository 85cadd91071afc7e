/** What the agents of children ask their parent for: only what is signed comes in, and goes out. */

import { CALL_MAX } from '../../../protocol/limits.ts';
import {
  CALL_PATH,
  CALL_TYPE,
  type CallRefusal,
  type CallRefusalCode,
  encodeCallRefusal,
  VERSION_HEADER,
} from '../../../protocol/master-call.ts';
import { instant } from '../../../protocol/units.ts';
import type { ParentAnswer } from '../../core/children/parent-answer.ts';
import { RateLimit } from '../../core/sessions/rate-limit.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';

/** A child calls once a day: this is for many behind one address, and for who tries things out. */
const BY_ADDRESS = { perSecond: 1, burst: 30, sources: 1024 } as const;
/** A call costs signatures and a write. */
const IN_ALL = { perSecond: 20, burst: 200, sources: 1 } as const;

const STATUS: Readonly<Record<CallRefusalCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  'locked-out': 429,
  busy: 429,
  'older-request': 409,
  unavailable: 503,
  'too-large': 413,
};

export interface ParentRouteParts {
  readonly callParent: (body: Uint8Array) => Promise<ParentAnswer>;
  /** Of this program. */
  readonly version: string;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

export const parentRoutes = (parts: ParentRouteParts): readonly Route[] => {
  const byAddress = new RateLimit(BY_ADDRESS);
  const inAll = new RateLimit(IN_ALL);
  const admits = (address: string): boolean => {
    const now = instant(parts.now());
    return byAddress.admits(address, now) && inAll.admits('', now);
  };
  return [
    {
      method: 'POST',
      path: CALL_PATH,
      needs: 'a signed document',
      answer: (exchange) => answerCall(exchange, parts, admits),
    },
  ];
};

const answerCall = async (
  exchange: Exchange,
  { callParent, version }: ParentRouteParts,
  admits: (address: string) => boolean,
): Promise<void> => {
  const headers = { 'cache-control': 'no-store', [VERSION_HEADER]: version };
  const refuse = (refusal: CallRefusal): void => {
    const retry = refusal.code === 'busy' ? { 'retry-after': '10' } : {};
    const text = encodeCallRefusal(refusal);
    exchange.send(STATUS[refusal.code], 'application/json', text, { ...headers, ...retry });
  };
  if (!admits(exchange.from)) {
    return refuse({ code: 'busy', sentence: 'Too many calls from there: wait a moment.' });
  }
  const body = await exchange.body(CALL_MAX);
  if (body === undefined) return;
  const answer = await callParent(body);
  if (answer.ok) exchange.send(200, CALL_TYPE, answer.bytes, headers);
  else refuse(answer);
};

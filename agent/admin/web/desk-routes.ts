/** What the page asks for: operations as the command line has them, and what it shows beside them. */

import { armor } from '../../../protocol/armor.ts';
import { PASTE_MAX } from '../../../protocol/limits.ts';
import { nativePrimitives } from '../../../protocol/node/native-primitives.ts';
import type { UsageAnswer, UsageRange } from '../../core/usage/usage-report.ts';
import { bytesToText } from '../../edges/files.ts';
import type { OperateAs } from '../actor.ts';
import { parseUsageRange } from '../history-routes.ts';
import { parseOperation } from '../parse-operation.ts';
import { allows, neededRole } from './access.ts';
import type { Exchange } from './exchange.ts';
import type { LiveFeed } from './live-feed.ts';
import type { Route } from './route.ts';
import type { RecentView, ServiceView, SurroundingsView } from './service-view.ts';

/** JSON may write each character of a paste as six. */
const OPERATION_MAX = 6 * PASTE_MAX + 1024;
const FILE_MAX = 4 * 1024 * 1024;
const SMALL_MAX = 1024;

export interface DeskParts {
  readonly operate: OperateAs;
  readonly live: LiveFeed;
  readonly recent: (after: number) => RecentView;
  readonly service: () => Promise<ServiceView>;
  readonly surroundings: () => Promise<SurroundingsView>;
  readonly usage: (range: UsageRange) => Promise<UsageAnswer>;
}

/** The routes of everything that is seen and done behind the door. */
export const deskRoutes = (parts: DeskParts): readonly Route[] => [
  {
    method: 'POST',
    path: '/api/operation',
    needs: 'viewer',
    answer: (exchange) => performOperation(exchange, parts),
  },
  {
    method: 'POST',
    path: '/api/license-file',
    needs: 'administrator',
    answer: (exchange) => addFile(exchange, parts),
  },
  {
    method: 'GET',
    path: '/api/live',
    needs: 'viewer',
    answer: (exchange) => parts.live.watch(exchange),
  },
  {
    method: 'POST',
    path: '/api/recent',
    needs: 'viewer',
    answer: async (exchange) => {
      const asked = (await exchange.json(SMALL_MAX)) as { readonly after?: unknown } | undefined;
      if (asked === undefined) return;
      exchange.answer(200, parts.recent(typeof asked.after === 'number' ? asked.after : 0));
    },
  },
  {
    method: 'POST',
    path: '/api/service',
    needs: 'viewer',
    answer: async (exchange) => exchange.answer(200, await parts.service()),
  },
  {
    method: 'POST',
    path: '/api/surroundings',
    needs: 'viewer',
    answer: async (exchange) => exchange.answer(200, await parts.surroundings()),
  },
  {
    method: 'POST',
    path: '/api/usage',
    needs: 'viewer',
    answer: (exchange) => answerUsage(exchange, parts),
  },
  {
    method: 'POST',
    path: '/api/diagnostics',
    needs: 'administrator',
    answer: async (exchange) => exchange.answer(200, await diagnose(exchange, parts)),
  },
];

const performOperation = async (exchange: Exchange, { operate }: DeskParts): Promise<void> => {
  const value = await exchange.json(OPERATION_MAX);
  if (value === undefined) return;
  const operation = parseOperation(value);
  if (operation === undefined) return exchange.refuse(400, 'Not a known operation.');
  const { session } = exchange;
  if (session === undefined || !allows(session.role, neededRole(operation))) {
    return exchange.refuse(403, 'Your role may not do this.');
  }
  exchange.answer(200, await operate(operation, exchange.actor));
};

const answerUsage = async (exchange: Exchange, { usage }: DeskParts): Promise<void> => {
  const asked = await exchange.json(SMALL_MAX);
  if (asked === undefined) return;
  const range = parseUsageRange(asked);
  if (range === undefined) return exchange.refuse(400, 'Not a time to report on.');
  exchange.answer(200, await usage(range));
};

/** A file as a vendor sends it, text of any encoding or binary: what the command line takes too. */
const addFile = async (exchange: Exchange, { operate }: DeskParts): Promise<void> => {
  const body = await exchange.body(FILE_MAX);
  if (body === undefined) return;
  const bytes = new Uint8Array(body);
  // A binary document begins with the MessagePack head of an array of five.
  const text = bytes[0] === 0x95 ? armor('license', bytes, nativePrimitives) : bytesToText(bytes);
  const operation = parseOperation({ kind: 'license-add', text });
  if (operation === undefined) return exchange.refuse(413, 'The file is too long.');
  exchange.answer(200, await operate(operation, exchange.actor));
};

/** All that support asks for; no key, password or license text is in what it is made of. */
const diagnose = async (exchange: Exchange, parts: DeskParts): Promise<object> => {
  const kinds = [
    'status',
    'license-list',
    'seat-list',
    'seat-queue',
    'resource-list',
    'rules-text',
  ] as const;
  const outcomes = await Promise.all(kinds.map((kind) => parts.operate({ kind }, exchange.actor)));
  return {
    made: new Date().toISOString(),
    service: await parts.service(),
    surroundings: await parts.surroundings(),
    ...Object.fromEntries(outcomes.map((outcome, i) => [kinds[i], outcome])),
    recent: parts.recent(0),
  };
};

/** What the local endpoint answers about the agent's history. */

import type { AuditLine } from '../core/operations.ts';
import type { UsageRange } from '../core/usage/usage-report.ts';
import type { ShownHistory } from '../edges/history/history-views.ts';

/** Days in one report: more are not kept. */
const DAYS_MAX = 800;
/** Days of which the hours are told apart in one answer to a page. */
const DAYS_BY_HOUR_MAX = 100;
const DAYS_TO_2106 = 49_710;

/** The time that a page asks about, or `undefined`. */
export const parseUsageRange = (value: object): UsageRange | undefined => {
  const { from, to, byHour } = value as Readonly<Record<keyof UsageRange, unknown>>;
  const isDay = (day: unknown): day is number =>
    Number.isInteger(day) && (day as number) >= 0 && (day as number) <= DAYS_TO_2106;
  if (!isDay(from) || !isDay(to) || typeof byHour !== 'boolean') return undefined;
  const most = byHour ? DAYS_BY_HOUR_MAX : DAYS_MAX;
  return from <= to && to - from <= most ? { from, to, byHour } : undefined;
};

export type HistoryAnswer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'lines'; readonly lines: AsyncIterable<AuditLine> };

/** The answer to a path with its query, or `undefined` where there is none. */
export const answerHistory = async (
  views: ShownHistory,
  target: string,
): Promise<HistoryAnswer | undefined> => {
  const [path, search] = target.split('?', 2);
  const query = new URLSearchParams(search);
  switch (path) {
    case '/usage': {
      const from = readNumber(query.get('from'), DAYS_TO_2106);
      const to = readNumber(query.get('to'), DAYS_TO_2106);
      if (from === undefined || to === undefined || to - from > DAYS_MAX) return undefined;
      const byHour = query.get('by') === 'hour';
      return { kind: 'value', value: await views.usage({ from, to, byHour }) };
    }
    case '/audit': {
      const since = readNumber(query.get('since') ?? '0', 0xffff_ffff);
      return since === undefined ? undefined : { kind: 'lines', lines: views.audit(since) };
    }
    case '/audit/check':
      return { kind: 'value', value: await views.checkAudit(readNoted(query.get('noted') ?? '')) };
    case '/audit/head':
      return { kind: 'value', value: await views.auditHead() };
    default:
      return undefined;
  }
};

const readNumber = (text: string | null, most: number): number | undefined => {
  const number = Number(text);
  return text !== null && /^\d{1,10}$/.test(text) && number <= most ? number : undefined;
};

/** A head as it was noted, `NUMBER:HASH`. */
export const readNoted = (
  text: string,
): { readonly sequence: number; readonly hash: string } | undefined => {
  const found = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text);
  return found === null ? undefined : { sequence: Number(found[1]), hash: found[2] ?? '' };
};

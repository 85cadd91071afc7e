/** Why a wish would or would not be granted, in plain words. */

import { REFUSALS } from '../../protocol/refusal.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { Explanation, LicenseExplained, SeatView, WaiterView } from '../core/operations.ts';
import { UsherError } from '../usher-error.ts';
import { askRunningAgent } from './agent-command.ts';
import { renderColumns, renderTime } from './columns.ts';
import type { Invocation } from './command.ts';
import type { Asked } from './wish.ts';

/** What the agent of this data folder says, or why it was not asked. */
export interface SeenHere {
  readonly explanation: Explanation | null;
  readonly unasked: string | null;
}

/** Asks the agent here, where there is one and this user may. */
export const explainHere = async (
  invocation: Invocation,
  asked: Asked & { readonly rules: string | null },
): Promise<SeenHere> => {
  try {
    const { explanation } = await askRunningAgent(invocation, { kind: 'explain', ...asked });
    return { explanation, unasked: null };
  } catch (error) {
    const isAway =
      error instanceof UsherError && ['NO_AGENT', 'NOT_PERMITTED'].includes(error.code);
    if (!isAway) throw error;
    return { explanation: null, unasked: error.message };
  }
};

export const renderExplanation = (seen: Explanation, { product, holder }: SeatWish): string => {
  const who = `${holder.user || 'anybody'}@${holder.host || 'any computer'}`;
  const seats = `${seen.inUse} of ${seen.seats} seats that could serve it are in use`;
  const kept = seen.withheld === 0 ? '' : `, ${seen.withheld} free ones are kept for others`;
  return [
    `${product} for ${who}: ${verdict(seen)}\n`,
    seen.licenses.length === 0
      ? ''
      : `\nLicenses: ${seats}${kept}.\n${renderLicenses(seen.licenses)}`,
    seen.rules.length === 0
      ? '\nRules: none.\n'
      : `\nRules:\n${renderRuleLines(seen.rules, seen.counts)}`,
    renderHolders(seen.holders, seen.held),
    renderWaiters(seen.waiters),
  ].join('');
};

const verdict = ({ refusal, shared, overdraft }: Explanation): string => {
  if (refusal !== null) {
    const { sentence, administrator } = REFUSALS[refusal];
    return `no seat now. ${sentence}\n${administrator}`;
  }
  if (shared) return 'yes: it would share the seat that is in use already.';
  return overdraft
    ? 'yes, beyond the licensed count, as the vendor tolerates.'
    : 'yes, a seat is free.';
};

const renderLicenses = (licenses: readonly LicenseExplained[]): string =>
  `${renderColumns(
    licenses.map(({ id, type, state, refusal }) => [
      `  ${id}`,
      type,
      state,
      refusal === null ? 'covers it' : REFUSALS[refusal].sentence,
    ]),
  )}\n`;

/** Line by line; those that have a say are marked. */
export const renderRuleLines = (
  rules: Explanation['rules'],
  counts: Explanation['counts'],
): string =>
  rules
    .map(({ line, says, applies }) => {
      const count = counts.find((one) => one.line === line.number);
      const now = count === undefined ? '' : ` Now ${count.held} of ${count.most}.`;
      return `${applies ? '* ' : '  '}${line.number}  ${line.text}\n     ${says}${now}\n`;
    })
    .join('');

const renderHolders = (holders: readonly SeatView[], held: number): string => {
  if (held === 0) return '';
  const rows = holders.map(({ user, host, application, until, ending }) => [
    `  ${user}@${host}`,
    application,
    `until ${renderTime(until)}`,
    ending ?? '',
  ]);
  const more =
    held > holders.length ? `  and ${held - holders.length} more: see \`usher seat list\`\n` : '';
  return `\nIn use:\n${renderColumns(rows)}\n${more}`;
};

const renderWaiters = (waiters: readonly WaiterView[]): string => {
  if (waiters.length === 0) return '';
  const rows = waiters.map(({ user, host, turn, waited }) => [
    `  ${user}@${host}`,
    turn ? 'its turn' : `waits for ${waited} s`,
  ]);
  return `\nWaiting for the same, in order:\n${renderColumns(rows)}\n`;
};

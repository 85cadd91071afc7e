/** By what a computer is told from others, as people read it; no value is shown. */

import { describeDifference } from '../../protocol/host-difference.ts';
import type { HostPartView, HostView, OtherHost } from '../core/operations.ts';
import { renderTable } from './columns.ts';

/** What `usher hardware` knows of it: from the agent here, or by looking itself. */
export interface HostShown extends Omit<HostView, 'standing' | 'components'> {
  /** `null`: no agent was asked, so that there is nothing to compare with. */
  readonly standing: HostView['standing'] | null;
  readonly components: readonly (Omit<HostPartView, 'matched'> & {
    readonly matched: boolean | null;
  })[];
}

const STANDINGS: Readonly<Record<HostView['standing'], string>> = {
  own: "This is the agent's own computer.",
  other:
    "This is another computer than the agent's: its data folder was copied, or too much was changed at once. No license is worth anything here; see `usher host adopt --help`.",
  lost: "The agent's key was sealed on another computer, or for another user of this one, and cannot be opened. Start the agent as it was started before; after a move see `usher host adopt --help`.",
  unread: 'The agent has not looked at its computer yet.',
};

/** Lines for a terminal, the last one ended. */
export const renderHost = ({ standing, components }: HostShown): string => {
  const rows = components.map(({ title, weight, strong, matched }) => [
    title,
    `${Math.round(weight * 100) / 100}`,
    strong ? 'yes' : 'no',
    matched === null ? '-' : matched ? 'same' : 'differs',
  ]);
  const sentence =
    standing === null
      ? 'No agent could be asked here: this is what would tell this computer from others.'
      : STANDINGS[standing];
  const headings = ['component', 'weight', 'strong', 'as the agent knows it'];
  return `${sentence}\n${renderTable(headings, rows, 'Nothing tells this computer from others.')}`;
};

/** In what this computer differs from the one that a license is for, in one sentence. */
export const describeOtherHost = ({ bound, components }: OtherHost): string => {
  const difference = describeDifference(components);
  return bound === 'agent'
    ? `The whole agent belongs to another computer: ${difference}.`
    : `It is signed for another computer: ${difference}.`;
};

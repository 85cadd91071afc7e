/** What came of activating licenses, as people read it. */

import { CHANGED_BY_PARENT } from '../core/license-note.ts';
import type { ActivationOutcome, ActivationResult, LicenseView } from '../core/operations.ts';
import { renderTime } from './columns.ts';

const WHAT: Readonly<Record<ActivationResult['what'], string>> = {
  activated: 'is active',
  renewed: 'is active',
  unchanged: 'is as it was',
  added: 'was added',
  suspended: 'is suspended by its vendor',
  resumed: 'is suspended no more',
  revoked: 'is revoked by its vendor',
  freed: 'is taken from this agent by its vendor',
  refused: 'is not activated by its vendor',
};

/** Whether all of it is as somebody wanted it. */
export const isDone = ({ results, failures }: ActivationOutcome): boolean =>
  failures.length === 0 && results.every(({ what }) => what !== 'refused');

const AGAIN =
  'Try again with `usher license refresh`; `usher log record` has each call written down.';

/** A line for each license, and one for each master that gave no answer. */
export const renderActivation = ({ results, failures }: ActivationOutcome): string =>
  [
    ...results.map(renderResult),
    ...failures.map(({ sentence }) => `${sentence} Nothing has changed. ${AGAIN}\n`),
  ].join('');

const renderResult = ({ license, what, sentence, view }: ActivationResult): string => {
  const which = view === null ? '' : ` for ${view.product}`;
  const words = sentence === null ? '.' : `: ${sentence}`;
  const byParent: Partial<typeof WHAT> = view?.isChild ? CHANGED_BY_PARENT : {};
  const now = view === null || what === 'refused' ? '' : ` State: ${view.state}${untilText(view)}.`;
  return `License ${license}${which} ${byParent[what] ?? WHAT[what]}${words}${now}\n`;
};

/** `, until 2027-01-01 10:00`, where it ends. */
export const untilText = ({ activated }: Pick<LicenseView, 'activated'>): string =>
  activated === null || activated.ends === null ? '' : `, until ${renderTime(activated.ends)}`;

/** The other ways, where a call has failed: the next command for each license. */
export const renderOtherWays = (licenses: readonly LicenseView[]): string =>
  licenses
    .map(
      ({ id, emergencyBefore }) =>
        `Without a network: \`usher license activate ${id} --request FILE\`, carry FILE to the vendor, then \`usher license activate --response FILE\`.\n` +
        (emergencyBefore === null
          ? ''
          : `With nobody's help, once and for a few days: \`usher license activate ${id} --emergency\`.\n`),
    )
    .join('');

const DAY = 86_400;

/** How many days an emergency has left, begun ones too; `null` for what is none. */
export const emergencyDays = (
  { state, activated }: Pick<LicenseView, 'state' | 'activated'>,
  now: number,
): number | null =>
  state !== 'emergency' || activated === null || activated.ends === null
    ? null
    : Math.max(0, Math.ceil((activated.ends - now) / DAY));

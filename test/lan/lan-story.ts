/** What happened to a site, in the order of time. */

import { writeFileSync } from 'node:fs';
import type { Mark } from './beliefs.ts';
import type { Boxes } from './boxes.ts';
import type { Struck } from './nemesis.ts';

/** Where to write down what everybody said. */
const LOG = process.env['USHER_NEMESIS_LOG'];

/** Blows and losses in their order, with the second of each. */
export const tellStory = (
  boxes: Boxes,
  struck: readonly Struck[],
  marks: readonly Mark[],
): void => {
  const begun = marks[0]?.at ?? 0;
  const blows = struck.map(({ at, what, box, lasted }) => ({
    at,
    line: `box ${box}: ${what}, ${lasted} ms`,
  }));
  const losses = marks
    .filter(({ kind, why }) => kind === 'ceases' && why !== 'done')
    .map(({ at, client, lease, why }) => ({ at, line: `  ${client} loses ${lease}: ${why}` }));
  const told = (lines: readonly { readonly at: number; readonly line: string }[]): string =>
    [...lines]
      .sort((one, other) => one.at - other.at)
      .map(({ at, line }) => `${((at - begun) / 1000).toFixed(2)} s ${line}`)
      .join('\n');
  console.log(told([...blows, ...losses]));
  if (LOG === undefined) return;
  const believed = marks.map(({ at, client, kind, lease, why }) => ({
    at,
    line: `  ${client} ${kind} ${lease} ${why}`,
  }));
  writeFileSync(LOG, told([...blows, ...believed, ...boxes.said]));
};

/** What is said of an id that an administrator typed, where it does not fit exactly one thing. */

import { type Outcome, refuseOperation } from './operations.ts';

/** By which command each is listed. */
const LISTS = {
  license: 'license list',
  'license that can be restored': 'license restore',
  seat: 'seat list',
  'child license': 'child list',
} as const;

/** Refuses an id that fits nothing, or more than one thing. */
export const noMatch = (noun: keyof typeof LISTS, id: string, fits: number): Outcome => {
  const see = `See \`usher ${LISTS[noun]}\`.`;
  return refuseOperation(
    'no-match',
    fits > 1
      ? `${fits} ${noun}s begin with "${id}": type more of it. ${see}`
      : `No ${noun} begins with "${id}". ${see}`,
  );
};

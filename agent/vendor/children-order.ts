/** How far an order lets an agent pass seats on to child servers. Code: WRONG_USAGE. */

import type { ChildrenTerms } from '../../protocol/license.ts';
import { CHILDREN_DEPTH_MAX, CHILDREN_MAX } from '../../protocol/limits.ts';
import { readCount, wrong } from './order-words.ts';

export interface ChildrenOrder {
  /** `20` or `20:2`: child licenses, and their generations. */
  readonly children: string | undefined;
  readonly trial: string | undefined;
}

/** `null` for a license whose agent may have no children. `isActivated`: it is bound to agents. */
export const readChildrenTerms = (
  { children, trial }: ChildrenOrder,
  isActivated: boolean,
): ChildrenTerms | null => {
  if (children === undefined) return null;
  const [most = '', depth = '1', ...more] = children.split(':');
  if (more.length > 0) throw wrong(`--children is N or N:GENERATIONS, not "${children}".`);
  if (!isActivated) {
    throw wrong('--children needs a license that is activated: its agent signs for its children.');
  }
  if (trial !== undefined) throw wrong('A trial has no children: leave out --children.');
  return {
    most: readCount('--children', most, 1, CHILDREN_MAX),
    depth: readCount('The generations of --children', depth, 1, CHILDREN_DEPTH_MAX),
  };
};

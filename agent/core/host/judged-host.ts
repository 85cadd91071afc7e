/** The host as licenses meet it. */

import type { HostVerdict } from './host-verdict.ts';

/** What an administrator may refuse beside what the vendor does. */
export const HOST_CASES = ['virtual', 'container', 'unknown'] as const;
export type HostCase = (typeof HOST_CASES)[number];

/** The host as licenses meet it: the verdict, and what is refused here whatever a license allows. */
export interface JudgedHost extends HostVerdict {
  readonly refused: readonly HostCase[];
}

/** Which operations only read: anybody who may look may ask for them, and no audit tells of them. */

import type { Operation } from './operations.ts';

/** Operations that change nothing. */
export const READING = [
  'status',
  'license-list',
  'license-show',
  'license-export',
  'license-removed',
  'seat-list',
  'seat-queue',
  'user-list',
  'resource-list',
  'child-list',
  'child-show',
  'host-show',
  'site-show',
  'site-plan',
  'rules-show',
  'rules-text',
  'explain',
] as const satisfies readonly Operation['kind'][];

type ReadingKind = (typeof READING)[number];

/** An operation that changes something. */
export type Change = Exclude<Operation, { readonly kind: ReadingKind }>;

const KINDS: ReadonlySet<Operation['kind']> = new Set(READING);

export const isChange = (operation: Operation): operation is Change => !KINDS.has(operation.kind);

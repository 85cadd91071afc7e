/** Who may do what: three roles, and the least that each operation asks for. */

import type { Operation } from '../../core/operations.ts';
import { type Change, isChange } from '../../core/reading-operations.ts';

/** From the one who may least: each may what those before it may. */
export const ROLES = ['viewer', 'operator', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether somebody of this role may do what asks for `needed`. */
export const allows = (role: Role, needed: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** The least role for each operation that changes something; what only reads a viewer may ask. */
export const NEEDS: Readonly<Record<Change['kind'], Role>> = {
  'seat-disconnect': 'operator',
  'user-assign': 'operator',
  'user-recall': 'operator',
  'license-add': 'administrator',
  'license-remove': 'administrator',
  'license-activate': 'administrator',
  'license-request': 'administrator',
  'license-response': 'administrator',
  'license-emergency': 'administrator',
  'license-refresh': 'administrator',
  'license-deactivate': 'administrator',
  'license-restore': 'administrator',
  'resource-add': 'administrator',
  'resource-activate': 'administrator',
  'resource-remove': 'administrator',
  'child-create': 'administrator',
  'child-update': 'administrator',
  'child-suspend': 'administrator',
  'child-resume': 'administrator',
  'child-remove': 'administrator',
  'child-block': 'administrator',
  'child-answer': 'administrator',
  'rules-reload': 'administrator',
  'rules-edit': 'administrator',
  'rules-write': 'administrator',
  'site-leave': 'administrator',
  'site-forget': 'administrator',
  'clock-reset': 'administrator',
  'config-reload': 'administrator',
  'log-record': 'administrator',
};

/** The least role of who asks for this. */
export const neededRole = (operation: Operation): Role =>
  isChange(operation) ? NEEDS[operation.kind] : 'viewer';

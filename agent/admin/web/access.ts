/** Who may do what: three roles, and the least that each operation asks for. */

import type { Operation } from '../../core/operations.ts';

/** From the one who may least: each may what those before it may. */
export const ROLES = ['viewer', 'operator', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether somebody of this role may do what asks for `needed`. */
export const allows = (role: Role, needed: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** The least role for each operation. What a viewer may do changes nothing. */
export const NEEDS: Readonly<Record<Operation['kind'], Role>> = {
  status: 'viewer',
  'license-list': 'viewer',
  'license-show': 'viewer',
  'seat-list': 'viewer',
  'seat-queue': 'viewer',
  'user-list': 'viewer',
  'resource-list': 'viewer',
  'rules-show': 'viewer',
  'rules-text': 'viewer',
  explain: 'viewer',
  'seat-disconnect': 'operator',
  'user-assign': 'operator',
  'user-recall': 'operator',
  'license-add': 'administrator',
  'license-remove': 'administrator',
  'resource-add': 'administrator',
  'resource-activate': 'administrator',
  'resource-remove': 'administrator',
  'rules-reload': 'administrator',
  'rules-edit': 'administrator',
  'rules-write': 'administrator',
  'clock-reset': 'administrator',
  'config-reload': 'administrator',
};

export const isChange = ({ kind }: Operation): boolean => NEEDS[kind] !== 'viewer';

/** Who asks for an operation, and from where, for the log. */
export interface Actor {
  /** As the operating system or the password says. */
  readonly name: string;
  /** An address of the network, or `this computer`. */
  readonly from: string;
  readonly by: 'console' | 'command line';
}

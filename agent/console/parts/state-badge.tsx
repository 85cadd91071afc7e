/** The state of a license, in words and colour. */

import type { LicenseView } from '../../core/operations.ts';
import { say } from '../text.ts';

const TONES: Readonly<Record<LicenseView['state'], string>> = {
  active: 'good',
  expiring: 'warn',
  pending: 'plain',
  installed: 'warn',
  expired: 'bad',
  superseded: 'plain',
  'virtual-host': 'bad',
  'wrong-host': 'bad',
  emergency: 'warn',
  suspended: 'bad',
  revoked: 'bad',
  invalid: 'bad',
};

export const StateBadge = ({ state }: Pick<LicenseView, 'state'>) => (
  <span class={`badge ${TONES[state]}`}>{say('state', state)}</span>
);

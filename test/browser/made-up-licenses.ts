/** Licenses in several states: made up. */

import type { LicenseView, PoolView } from '../../agent/core/operations.ts';
import { licenseId } from '../../protocol/ids.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { LICENSE } from '../../scripts/vectors/fixed.ts';
import { plainLicenseView } from '../plain-license.ts';

export const DAY = 86_400;
export const parseLicenseId = (i: number) => licenseId(new Uint8Array(16).fill(i));
export const NOW = Math.floor(Date.now() / 1000);
export const at = (days: number) => epochSeconds(NOW + Math.round(days * DAY));

const pool = (
  name: string,
  licensed: number,
  lent: number,
  more: Partial<PoolView> = {},
): PoolView => ({
  class: name,
  seats: licensed,
  overdraft: 0,
  stages: [],
  licensed,
  shared: licensed,
  lent,
  ...more,
});

const license = (i: number, terms: Partial<LicenseView>): LicenseView => ({
  ...plainLicenseView(LICENSE),
  customer: 'Bauhaus Ltd',
  issued: at(-200),
  starts: at(-200),
  expires: at(165),
  ends: at(165),
  signer: 'Acme vendor key 7f3a',
  features: [],
  meters: [],
  ...terms,
  remedy: terms.refusal || terms.state === 'expiring' ? 'Do something.' : null,
  id: parseLicenseId(i),
  lent: terms.lent ?? terms.pools?.reduce((sum, one) => sum + one.lent, 0) ?? 0,
});

export const LICENSES: readonly LicenseView[] = [
  license(1, {
    product: 'acme-cad',
    pools: [pool('developer', 20, 17), pool('execution', 12, 12), pool('generic', 4, 1)],
  }),
  license(2, {
    product: 'acme-sim',
    pools: [
      pool('generic', 10_500, 9950, {
        stages: [
          { from: at(-20), until: at(40), seats: 10_500 },
          { from: at(40), until: at(80), seats: 12_000 },
        ],
        seats: 8000,
      }),
    ],
    features: ['solver', 'mesher', 'cloud'],
    meters: [{ name: 'runs', allowance: 5000, used: 3120 }],
    borrow: { seats: 20, longest: seconds(7 * DAY) },
    children: { most: 20, depth: 1 },
  }),
  license(3, { product: 'acme-view', type: 'server', lent: 20, expires: null, ends: null }),
  license(4, {
    product: 'acme-plan',
    type: 'named',
    pools: [pool('generic', 25, 9)],
    state: 'expiring',
    expires: at(12),
    ends: at(12),
  }),
  license(5, {
    product: 'acme-cam',
    pools: [pool('generic', 3, 0)],
    state: 'virtual-host',
    refusal: 'virtual-host',
    refusedHost: {
      verdict: 'virtual',
      by: 'license',
      evidence: [
        { id: 'cpu-hypervisor', weight: 100, value: 'KVMKVMKVM' },
        { id: 'dmi-product', weight: 100, value: 'Standard PC (Q35 + ICH9, 2009)' },
        { id: 'sensor-fan', weight: -10, value: 'no fan' },
      ],
      unreadable: ['/sys/firmware/dmi/tables'],
    },
  }),
];

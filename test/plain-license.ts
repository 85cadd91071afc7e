/** The terms of a license with nothing unusual about it, for tests to say what is. */

import { GENERIC_CLASS, type License, type PoolGrant } from '../protocol/license.ts';
import { epochSeconds, seconds } from '../protocol/units.ts';

export const plainPool = (seats: number, className = GENERIC_CLASS): PoolGrant => ({
  class: className,
  seats,
  overdraft: 0,
  stages: [],
});

export const plainLicense = (terms: Partial<License> = {}): Omit<License, 'id'> => ({
  type: 'floating',
  product: 'acme-cad',
  customer: 'Example Ltd',
  issued: epochSeconds(0),
  starts: epochSeconds(0),
  expires: null,
  trial: null,
  term: seconds(60),
  pools: [plainPool(1)],
  counting: 'process',
  features: [],
  versions: { oldest: null, newest: null },
  maintenance: null,
  resource: null,
  meters: [],
  borrow: null,
  supersedes: [],
  activation: 'none',
  hosts: { virtual: 'allow', container: 'allow', unknown: 'allow' },
  hostCode: null,
  ...terms,
});

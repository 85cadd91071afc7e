/** The terms of a license with nothing unusual about it, for tests to say what is. */

import type { LicenseView } from '../agent/core/licenses/license-view.ts';
import { licenseId } from '../protocol/ids.ts';
import {
  type ActivationTerms,
  GENERIC_CLASS,
  type License,
  type PoolGrant,
} from '../protocol/license.ts';
import { epochSeconds, seconds } from '../protocol/units.ts';

export const plainPool = (seats: number, className = GENERIC_CLASS): PoolGrant => ({
  class: className,
  seats,
  overdraft: 0,
  stages: [],
});

/** Asks for an activation, and nothing else of it. */
export const ACTIVATION_TERMS: ActivationTerms = {
  agents: 1,
  emergency: null,
  refresh: null,
  master: null,
};

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
  activation: null,
  hosts: { virtual: 'allow', container: 'allow', unknown: 'allow' },
  hostCode: null,
  children: null,
  ...terms,
});

/** It as an administrator sees it, active and without pools. */
export const plainLicenseView = (terms: Partial<License> = {}): LicenseView => ({
  ...plainLicense(terms),
  id: licenseId(new Uint8Array(16)),
  hostCode: null,
  state: 'active',
  refusal: null,
  refusedHost: null,
  otherHost: null,
  signer: 'key',
  isChild: false,
  ends: null,
  successor: null,
  activatedFor: null,
  activated: null,
  emergencyBefore: null,
  emergencyUntil: null,
  vendorSays: null,
  returning: null,
  returned: false,
  reason: '',
  remedy: null,
  nextChange: null,
  lent: 0,
  pools: [],
  meters: [],
});

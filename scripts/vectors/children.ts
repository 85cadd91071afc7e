/** Child licenses of the vectors: of the agent of keys.json, and of its child. */

import { agentSigningKeys } from '../../protocol/borrow-token.ts';
import { type ChildLicense, signChild } from '../../protocol/child-license.ts';
import { licenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { seconds } from '../../protocol/units.ts';
import { AGENT_SIGNING_KEYS, BOUND_LICENSE, day } from './activation-keys.ts';
import { AGENT_KEYS, fixedBytes, HOST_CODE, LICENSE_ID } from './fixed.ts';

const CHILD_SECRET = fixedBytes('child agent secret', 32);
/** The agent that has the first child license, and has children itself. */
export const CHILD_SIGNING_KEYS = agentSigningKeys(CHILD_SECRET, primitives);

/** A license that lets its agent have children and theirs. */
export const PARENT_LICENSE: Omit<License, 'id'> = {
  ...BOUND_LICENSE,
  children: { most: 20, depth: 2 },
};

/** Of the agent of keys.json, for another agent: two seats, and it may have children. */
export const CHILD: ChildLicense = {
  id: licenseId(fixedBytes('child id', 16)),
  of: licenseId(LICENSE_ID),
  number: 3,
  issued: day(2),
  state: 'active',
  agent: {
    signingKey: CHILD_SIGNING_KEYS.publicKey,
    boxKey: primitives.agreementKeys(CHILD_SECRET).publicKey,
  },
  account: 'Partner Ltd',
  parent: 'https://parent.example.com',
  longest: seconds(300),
  children: { most: 5, depth: 1 },
  hostCode: null,
  pools: [
    { class: 'developer', seats: 1, stages: [] },
    { class: 'generic', seats: 1, stages: [{ from: day(60), until: day(90), seats: 3 }] },
  ],
  expires: null,
  calls: { until: day(3), grace: seconds(7 * 86_400) },
};

/** Of that child, for the agent of keys.json. */
export const GRANDCHILD: ChildLicense = {
  ...CHILD,
  id: licenseId(fixedBytes('grandchild id', 16)),
  of: CHILD.id,
  agent: { signingKey: AGENT_SIGNING_KEYS.publicKey, boxKey: AGENT_KEYS.publicKey },
  account: 'Client Ltd',
  children: null,
  pools: [{ class: 'generic', seats: 1, stages: [] }],
};

/** Pre-activated for one computer, and never calls. */
export const OFFLINE_CHILD: ChildLicense = {
  ...CHILD,
  id: licenseId(fixedBytes('offline id', 16)),
  agent: null,
  parent: null,
  children: null,
  hostCode: HOST_CODE,
  expires: day(100),
  calls: null,
};

export const child = (changes: Partial<ChildLicense> = {}, keys = AGENT_SIGNING_KEYS): Uint8Array =>
  signChild({ ...CHILD, ...changes }, keys, primitives);

export const grandchild = (
  changes: Partial<ChildLicense> = {},
  keys = CHILD_SIGNING_KEYS,
): Uint8Array => signChild({ ...GRANDCHILD, ...changes }, keys, primitives);

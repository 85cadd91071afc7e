/** Proofs of child licenses, believed and not. */

import { signActivation, signEmergency } from '../../protocol/activation.ts';
import type { ChildLicense } from '../../protocol/child-license.ts';
import { licenseId } from '../../protocol/ids.ts';
import type { License } from '../../protocol/license.ts';
import { pack } from '../../protocol/msgpack.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { makeProof, type ProofFault } from '../../protocol/proof.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { AGENT_SIGNING_KEYS, day } from './activation-keys.ts';
import {
  CHILD,
  CHILD_SIGNING_KEYS,
  child,
  GRANDCHILD,
  grandchild,
  OFFLINE_CHILD,
  PARENT_LICENSE,
} from './children.ts';
import { ACTIVATION, EMERGENCY } from './documents.ts';
import { AGENT_KEYS, fixedBytes, LICENSE_ID, VENDOR_KEYS } from './fixed.ts';

/** A proof, who shows it and when. */
export interface Shown {
  readonly proof: Uint8Array;
  readonly wall?: EpochSeconds;
  readonly agentKey?: Uint8Array;
}

const CHILD_KEY = CHILD.agent?.boxKey ?? new Uint8Array();

/** The chain from the vendor's license, which differs so, to these. */
const chain = (children: readonly Uint8Array[], terms: Partial<License> = {}): Uint8Array => {
  const license = signLicense({ ...PARENT_LICENSE, ...terms }, LICENSE_ID, VENDOR_KEYS, primitives);
  const licenseHash = hashDocument(license, primitives);
  const activation = signActivation({ ...ACTIVATION, licenseHash }, VENDOR_KEYS, primitives);
  return makeProof(license, { activation, children });
};

const underEmergency = (): Uint8Array => {
  const license = signLicense(PARENT_LICENSE, LICENSE_ID, VENDOR_KEYS, primitives);
  const licenseHash = hashDocument(license, primitives);
  const activation = signEmergency({ ...EMERGENCY, licenseHash }, AGENT_SIGNING_KEYS, primitives);
  return makeProof(license, { activation, children: [child()] });
};

const unactivated = (): Uint8Array => {
  const license = signLicense(PARENT_LICENSE, LICENSE_ID, VENDOR_KEYS, primitives);
  return pack([license, child()]);
};

/** Shown by the child's agent. */
const byChild = (proof: Uint8Array, wall?: EpochSeconds): Shown => ({
  proof,
  agentKey: CHILD_KEY,
  ...(wall === undefined ? {} : { wall }),
});

/** One child of the child license's parent, which differs so. */
const only = (changes: Partial<ChildLicense>): Shown => byChild(chain([child(changes)]));

/** With the last bit turned round. */
const flipLast = (bytes: Uint8Array): Uint8Array =>
  bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);

const offline = (): Uint8Array => child(OFFLINE_CHILD);

export const BELIEVED_CHILDREN: Readonly<Record<string, Shown>> = {
  'a child license': byChild(chain([child()])),
  'a child license in its grace': byChild(chain([child()]), day(9)),
  'a child of a child': { proof: chain([child(), grandchild()]), agentKey: AGENT_KEYS.publicKey },
  'a child license for one computer, by any agent': {
    proof: chain([offline()]),
    agentKey: fixedBytes('any agent', 32),
    wall: day(99),
  },
};

export const DISBELIEVED_CHILDREN: readonly (readonly [string, ProofFault, Shown])[] = [
  ['a child license without an activation', 'not-activated', byChild(unactivated())],
  [
    'a child license by the child itself',
    'other-parent',
    byChild(chain([child({}, CHILD_SIGNING_KEYS)])),
  ],
  [
    'a child of a child by the first parent',
    'other-parent',
    { proof: chain([child(), grandchild({}, AGENT_SIGNING_KEYS)]) },
  ],
  ['a child license by the vendor', 'other-parent', byChild(chain([child({}, VENDOR_KEYS)]))],
  [
    'a child license of another license',
    'other-license',
    only({ of: licenseId(fixedBytes('first', 16)) }),
  ],
  ['a child of a child that is left out', 'other-license', { proof: chain([grandchild()]) }],
  [
    'children in the other order',
    'other-license',
    { proof: chain([grandchild(), child()]), agentKey: CHILD_KEY },
  ],
  ['a license without children', 'children-terms', byChild(chain([child()], { children: null }))],
  [
    'a child that may have children, of a parent whose may not',
    'children-terms',
    byChild(chain([child()], { children: { most: 20, depth: 1 } })),
  ],
  [
    'a child of a child that may have none',
    'children-terms',
    { proof: chain([child({ children: null }), grandchild()]) },
  ],
  [
    'a class that the parent has not',
    'children-terms',
    only({ pools: [{ class: 'execution', seats: 1, stages: [] }] }),
  ],
  [
    'more seats than the parent has',
    'children-terms',
    only({ pools: [{ class: 'developer', seats: 3, stages: [] }] }),
  ],
  [
    'a stage of more seats than the parent has',
    'children-terms',
    only({
      pools: [{ class: 'generic', seats: 1, stages: [{ from: day(1), until: null, seats: 4 }] }],
    }),
  ],
  ['a parent in an emergency', 'emergency-terms', byChild(underEmergency())],
  ['a child license that is active nowhere', 'not-activated', only({ agent: null })],
  ['a child license of another agent', 'other-agent', { proof: chain([child()]) }],
  ['a suspended child', 'child-suspended', only({ state: 'suspended' })],
  ['a removed child', 'child-suspended', only({ state: 'removed' })],
  [
    'a child of a suspended child',
    'child-suspended',
    { proof: chain([child({ state: 'suspended' }), grandchild()]) },
  ],
  ['a child that did not call, and its grace', 'child-expired', byChild(chain([child()]), day(11))],
  [
    'a child of one that did not call',
    'child-expired',
    {
      proof: chain([
        child(),
        grandchild({ calls: { until: day(40), grace: GRANDCHILD.calls?.grace ?? CHILD.longest } }),
      ]),
      wall: day(11),
    },
  ],
  ['a child license that has expired', 'child-expired', byChild(chain([offline()]), day(101))],
  [
    'five generations',
    'forged',
    { proof: chain([child(), grandchild(), grandchild(), grandchild(), grandchild()]) },
  ],
  ['a child license that was changed', 'forged', byChild(chain([flipLast(child())]))],
];

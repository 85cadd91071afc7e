/** Grants with the proofs behind them: which are worth the seat that was asked for, and which are not. */

import { bytesToHex } from '../../protocol/bytes.ts';
import type { Distrust } from '../../protocol/client/seat-events.ts';
import type { License } from '../../protocol/license.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import { makeProof } from '../../protocol/proof.ts';
import { partToValue, type SeatPart } from '../../protocol/replies.ts';
import { type SeatWish, wishToValue } from '../../protocol/requests.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { signLicense } from '../../protocol/signed-license.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { day } from './activation-keys.ts';
import {
  AGENT_KEYS,
  fixedBytes,
  HOST_CODE,
  type Json,
  LICENSE,
  poolOf,
  VENDOR_KEYS,
  type VectorFile,
  valueToJson,
  WISH,
} from './fixed.ts';

/** A part by its pool and seats, and the terms of its license: those of the usual one but for these. */
interface Lent {
  readonly pool: number | null;
  readonly seats?: number;
  readonly terms?: Partial<License>;
  /** The proof is another one than the part names. */
  readonly isSwapped?: boolean;
}

interface Grant {
  readonly wish?: Partial<SeatWish>;
  readonly parts: readonly Lent[];
}

const SERVER: Partial<License> = { type: 'server', pools: [] };
const STANDALONE: Partial<License> = { type: 'standalone', pools: [], hostCode: HOST_CODE };
const RANGE: Partial<License> = { versions: { oldest: '10', newest: '12' } };
const MAINTAINED: Partial<License> = { maintenance: day(100) };
const released = (days: number) => ({ released: epochSeconds(day(days)) });

const WORTH: Readonly<Record<string, Grant>> = {
  'a generic seat': { parts: [{ pool: 1 }] },
  'a seat of the class asked for': { wish: { class: 'developer' }, parts: [{ pool: 0 }] },
  'a generic seat for a class': { wish: { class: 'developer' }, parts: [{ pool: 1 }] },
  'five seats of two pools': {
    wish: { class: 'developer', weight: 5 },
    parts: [
      { pool: 0, seats: 2 },
      { pool: 1, seats: 3 },
    ],
  },
  'five seats of two licenses': {
    wish: { weight: 5 },
    parts: [
      { pool: 1, seats: 3 },
      { pool: 0, seats: 2, terms: { pools: [poolOf(2)] } },
    ],
  },
  'more seats than asked for, shared': { parts: [{ pool: 1, seats: 3 }] },
  'features that are covered': {
    wish: { features: ['render', 'export'] },
    parts: [{ pool: 1 }],
  },
  'a feature that a server license switches on': {
    wish: { features: ['export', 'simulate'] },
    parts: [{ pool: 1 }, { pool: null, terms: { ...SERVER, features: ['simulate'] } }],
  },
  'server licenses alone, together': {
    wish: { features: ['export', 'simulate'], weight: 7 },
    parts: [
      { pool: null, terms: SERVER },
      { pool: null, terms: { ...SERVER, features: ['simulate'] } },
    ],
  },
  'a license of the resource, in other letters': {
    wish: { resource: 'ORDERS' },
    parts: [{ pool: 1, terms: { resource: 'orders' } }],
  },
  'a license of any resource': {
    wish: { resource: 'orders' },
    parts: [{ pool: 1, terms: { resource: '*' } }],
  },
  'a version that is covered': {
    wish: { version: 'v12.9-beta' },
    parts: [{ pool: 1, terms: RANGE }],
  },
  'a version from before the maintenance ended': {
    wish: released(99),
    parts: [{ pool: 1, terms: MAINTAINED }],
  },
};

const WORTHLESS: readonly (readonly [string, Distrust, Grant])[] = [
  ['no part', 'not-proven', { parts: [] }],
  ['a proof of another hash', 'not-proven', { parts: [{ pool: 1, isSwapped: true }] }],
  ['another product', 'other-product', { wish: { product: 'acme-cam' }, parts: [{ pool: 1 }] }],
  ['a license of one computer', 'standalone', { parts: [{ pool: null, terms: STANDALONE }] }],
  ['no pool of a floating license', 'no-class', { parts: [{ pool: null }] }],
  ['a pool of a server license', 'no-class', { parts: [{ pool: 0, terms: SERVER }] }],
  ['a pool that the license has not', 'no-class', { parts: [{ pool: 2 }] }],
  ['a pool of another class', 'no-class', { wish: { class: 'tester' }, parts: [{ pool: 0 }] }],
  ['a class where none was asked for', 'no-class', { parts: [{ pool: 0 }] }],
  [
    'a resource where none was asked for',
    'other-resource',
    { parts: [{ pool: 1, terms: { resource: 'orders' } }] },
  ],
  [
    'any resource where none was asked for',
    'other-resource',
    { parts: [{ pool: 1, terms: { resource: '*' } }] },
  ],
  [
    'another resource',
    'other-resource',
    { wish: { resource: 'billing' }, parts: [{ pool: 1, terms: { resource: 'orders' } }] },
  ],
  ['no resource', 'other-resource', { wish: { resource: 'orders' }, parts: [{ pool: 1 }] }],
  [
    'a version that is not covered',
    'no-version',
    {
      wish: { version: '12.9.1-rc' },
      parts: [{ pool: 1, terms: { versions: { oldest: '13', newest: null } } }],
    },
  ],
  ['no version where it matters', 'no-version', { parts: [{ pool: 1, terms: RANGE }] }],
  ['no release date where it matters', 'no-version', { parts: [{ pool: 1, terms: MAINTAINED }] }],
  [
    'a version from after the maintenance',
    'no-maintenance',
    { wish: released(100), parts: [{ pool: 1, terms: MAINTAINED }] },
  ],
  [
    'fewer seats than asked for',
    'too-few',
    { wish: { weight: 4 }, parts: [{ pool: 1, seats: 3 }] },
  ],
  [
    'a feature that is not covered',
    'no-feature',
    { wish: { features: ['export', 'simulate'] }, parts: [{ pool: 1 }] },
  ],
  [
    'a feature that one of two licenses does not cover',
    'no-feature',
    {
      wish: { features: ['render'], weight: 2 },
      parts: [{ pool: 1 }, { pool: 0, terms: { pools: [poolOf(1)], features: [] } }],
    },
  ],
  [
    'a second part that is worth nothing',
    'other-product',
    { parts: [{ pool: 1 }, { pool: 1, terms: { product: 'acme-cam' } }] },
  ],
];

const proofOf = (terms: Partial<License> = {}): Uint8Array => {
  const id = fixedBytes(`license of ${JSON.stringify(Object.keys(terms))}`, 16);
  return makeProof(signLicense({ ...LICENSE, ...terms }, id, VENDOR_KEYS, primitives));
};

const toJson = ({ wish, parts }: Grant): Readonly<Record<string, Json>> => {
  const proofs = parts.map(({ terms }) => proofOf(terms));
  const lent = parts.map(({ pool, seats = 1, isSwapped }, i): SeatPart => {
    const named = isSwapped ? proofOf(SERVER) : (proofs[i] ?? new Uint8Array());
    return { document: hashDocument(named, primitives), pool, seats };
  });
  return {
    wish: valueToJson(wishToValue({ ...WISH, ...wish })),
    parts: valueToJson(lent.map(partToValue)),
    proofs: proofs.map(bytesToHex),
    vendorKey: bytesToHex(VENDOR_KEYS.publicKey),
    agentKey: bytesToHex(AGENT_KEYS.publicKey),
    wall: day(4),
  };
};

/** `grants.json`. */
export const grantVectors = (): VectorFile => ({
  about:
    'A wish, the parts of a grant, and the proof of each part. "fault" is why it is not worth the wish.',
  valid: Object.entries(WORTH).map(([name, grant]) => ({ name, ...toJson(grant) })),
  invalid: WORTHLESS.map(([reason, fault, grant]) => ({ reason, fault, ...toJson(grant) })),
});

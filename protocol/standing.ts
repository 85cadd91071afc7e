/**
 * What has become of a license at its vendor: suspended, resumed, revoked, or freed from an agent
 * whose computer is gone. protocol/README.md, section "Standing".
 */

import { Fields } from './fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from './ids.ts';
import { KEY_SIZE, LICENSE_ID_SIZE, SENTENCE_MAX } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { Primitives } from './primitives.ts';
import { assert, ok, type Result } from './result.ts';
import { type DocumentFault, type SigningKeys, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';
import { openVendorDocument, type VendorOrigin } from './vendor-document.ts';

/**
 * `active`: resumed; `suspended`: until further notice; `revoked`: for ever; `freed`: no more for one
 * agent. The place is the code; append-only.
 */
export const STANDING_STATES = ['active', 'suspended', 'revoked', 'freed'] as const;
export type StandingState = (typeof STANDING_STATES)[number];

export interface VendorStanding {
  readonly license: LicenseId;
  /**
   * From 1, in one row with the numbers of the license's activations: the higher one is later and
   * counts. One that is freed may lend again by an activation with a higher number.
   */
  readonly number: number;
  readonly state: StandingState;
  /** The Ed25519 key of the agent from which it is freed; `null` in the other states: for all. */
  readonly agent: Uint8Array | null;
  readonly issued: EpochSeconds;
  /** For people, up to 256 characters. */
  readonly reason: string;
}

export interface SignedStanding extends VendorOrigin {
  readonly standing: VendorStanding;
  readonly bytes: Uint8Array;
}

/** Signs a standing with the vendor's root key, or with one certified for standings. */
export const signStanding = (
  standing: VendorStanding,
  keys: SigningKeys,
  primitives: Primitives,
): Uint8Array => {
  assert(isSound(standing), 'a standing that nobody would read');
  const { license, number, state, agent, issued, reason } = standing;
  const code = STANDING_STATES.indexOf(state);
  const payload = pack([licenseIdToBytes(license), number, code, agent, issued, reason]);
  return signDocument('standing', payload, keys, primitives);
};

/** Reads a standing and checks its signature, and the chain to the vendor's root key. */
export const openStanding = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedStanding, DocumentFault> => {
  const opened = openVendorDocument('standing', bytes, primitives, parse);
  if (!opened.ok) return opened;
  const { content, ...origin } = opened.value;
  return ok({ ...origin, standing: content });
};

const parse = (payload: Uint8Array): VendorStanding | undefined => {
  const fields = new Fields(unpack(payload));
  const standing: VendorStanding = {
    license: licenseId(fields.bytes(LICENSE_ID_SIZE)),
    number: fields.uint(0xffff_ffff, 1),
    state: STANDING_STATES[fields.uint(STANDING_STATES.length - 1)] ?? 'active',
    agent: fields.optional((field) => field.bytes(KEY_SIZE)),
    issued: epochSeconds(fields.uint()),
    reason: fields.text(SENTENCE_MAX),
  };
  return fields.complete && isSound(standing) ? standing : undefined;
};

/** What the fields must say together. */
const isSound = ({ state, agent, number }: VendorStanding): boolean =>
  number > 0 && (state === 'freed') === (agent !== null);

/**
 * The activation: binds a license to one agent, by its keys and host. The vendor signs it; where the
 * license allows it, an agent gives itself one for an emergency. protocol/README.md, section
 * "Activation".
 */

import { equalBytes } from './bytes.ts';
import { Fields } from './fields.ts';
import { type LicenseId, licenseId, licenseIdToBytes } from './ids.ts';
import { HASH_SIZE, HOST_CODE_MAX, KEY_SIZE, LICENSE_ID_SIZE, NONCE_SIZE } from './limits.ts';
import { pack, unpack } from './msgpack.ts';
import type { KeyPair, Primitives } from './primitives.ts';
import { assert, err, ok, type Result } from './result.ts';
import { type DocumentFault, type SigningKeys, signDocument } from './signed-document.ts';
import { type EpochSeconds, epochSeconds } from './units.ts';
import { openVendorDocument, type VendorOrigin } from './vendor-document.ts';

/** An agent by its two public keys. */
export interface AgentKeys {
  /** Ed25519: what it signs with (`agentSigningKeys`). */
  readonly signingKey: Uint8Array;
  /** X25519: what its sessions are sealed with. */
  readonly boxKey: Uint8Array;
}

/** `vendor`: signed by the vendor; `emergency`: by the agent itself. The place is the code. */
const KINDS = ['vendor', 'emergency'] as const;

export interface Activation {
  readonly kind: (typeof KINDS)[number];
  readonly license: LicenseId;
  /** The hash of the license document: of this text of it, and of no other. */
  readonly licenseHash: Uint8Array;
  readonly agent: AgentKeys;
  /** What tells the agent's computer from others; opaque here, up to 145 bytes. */
  readonly host: Uint8Array;
  /**
   * From 1, counted by the vendor for each license, for its activations and standings together: of
   * two the higher one is the later. Zero for an emergency: whatever the vendor says is later.
   */
  readonly number: number;
  readonly issued: EpochSeconds;
  /** It ends then unless refreshed, later than `issued`; `null` for never. */
  readonly until: EpochSeconds | null;
  /** Of the request that it answers; `null` where there was none. */
  readonly nonce: Uint8Array | null;
}

export interface SignedActivation {
  readonly activation: Activation;
  /** The vendor that signed it; `null` for an emergency, which its agent signed. */
  readonly origin: VendorOrigin | null;
  readonly bytes: Uint8Array;
}

const encode = (activation: Activation): Uint8Array => {
  assert(isSound(activation), 'an activation that nobody would read');
  return pack([
    licenseIdToBytes(activation.license),
    activation.licenseHash,
    activation.agent.signingKey,
    activation.agent.boxKey,
    activation.host,
    activation.number,
    activation.issued,
    activation.until,
    activation.nonce,
    KINDS.indexOf(activation.kind),
  ]);
};

/** Signs an activation with the vendor's root key, or with one certified for activations. */
export const signActivation = (
  activation: Omit<Activation, 'kind'>,
  keys: SigningKeys,
  primitives: Primitives,
): Uint8Array =>
  signDocument('activation', encode({ ...activation, kind: 'vendor' }), keys, primitives);

/** An agent's own activation, signed with its `agentSigningKeys`. */
export const signEmergency = (
  activation: Omit<Activation, 'kind' | 'number' | 'nonce'>,
  keys: KeyPair,
  primitives: Primitives,
): Uint8Array => {
  const whole = { ...activation, kind: 'emergency', number: 0, nonce: null } as const;
  const { publicKey, secretKey } = keys;
  assert(equalBytes(activation.agent.signingKey, publicKey), 'an emergency of another agent');
  return signDocument('activation', encode(whole), { publicKey, secretKey }, primitives);
};

/** Reads an activation and checks who signed it: the vendor's chain, or the agent that it names. */
export const openActivation = (
  bytes: Uint8Array,
  primitives: Primitives,
): Result<SignedActivation, DocumentFault> => {
  const opened = openVendorDocument('activation', bytes, primitives, parse);
  if (!opened.ok) return opened;
  const { content: activation, vendor, certificate } = opened.value;
  if (activation.kind === 'vendor') {
    return ok({ activation, origin: { vendor, certificate }, bytes });
  }
  const isOwn = certificate === null && equalBytes(vendor, activation.agent.signingKey);
  return isOwn ? ok({ activation, origin: null, bytes }) : err('bad-signature');
};

const parse = (payload: Uint8Array): Activation | undefined => {
  const fields = new Fields(unpack(payload));
  const activation: Activation = {
    license: licenseId(fields.bytes(LICENSE_ID_SIZE)),
    licenseHash: fields.bytes(HASH_SIZE),
    agent: { signingKey: fields.bytes(KEY_SIZE), boxKey: fields.bytes(KEY_SIZE) },
    host: fields.bytesUpTo(HOST_CODE_MAX),
    number: fields.uint(),
    issued: epochSeconds(fields.uint()),
    until: fields.optional((field) => epochSeconds(field.uint())),
    nonce: fields.optional((field) => field.bytes(NONCE_SIZE)),
    kind: KINDS[fields.uint(KINDS.length - 1)] ?? 'vendor',
  };
  return fields.complete && isSound(activation) ? activation : undefined;
};

/** What the fields must say together. */
const isSound = ({ kind, number, issued, until, nonce }: Activation): boolean => {
  if (until !== null && until <= issued) return false;
  if (kind === 'vendor') return number > 0;
  return number === 0 && until !== null && nonce === null;
};

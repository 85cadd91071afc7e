/** The issuing key of the activation vectors, its certificate, and the agent's signing keys. */

import { agentSigningKeys } from '../../protocol/borrow-token.ts';
import { type Certificate, signCertificate } from '../../protocol/certificate.ts';
import type { License } from '../../protocol/license.ts';
import { nativePrimitives as primitives } from '../../protocol/node/native-primitives.ts';
import type { DocumentKind, SigningKeys } from '../../protocol/signed-document.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { AGENT_KEYS, fixedBytes, ISSUED, LICENSE, VENDOR_KEYS } from './fixed.ts';

/** A document with its kind and its name in the vectors. */
export interface NamedDocument {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly bytes: Uint8Array;
}

const DAY = 86_400;

/** So many days after the day of the vectors. */
export const day = (days: number) => epochSeconds(Math.round(ISSUED + days * DAY));

export const AGENT_SIGNING_KEYS = agentSigningKeys(AGENT_KEYS.secretKey, primitives);
export const ISSUER_KEYS = primitives.signingKeys(fixedBytes('issuer seed', 32));

export const CERTIFICATE: Certificate = {
  key: ISSUER_KEYS.publicKey,
  uses: ['licenses', 'activations', 'standings'],
  starts: day(-30),
  ends: day(335),
  number: 1,
};

/** The issuing key with a certificate that differs so from the usual one. */
export const certified = (changes: Partial<Certificate> = {}): SigningKeys => ({
  ...ISSUER_KEYS,
  certificate: signCertificate({ ...CERTIFICATE, ...changes }, VENDOR_KEYS, primitives),
});

/** A license that must be activated, may be so in an emergency, and is refreshed. */
export const BOUND_LICENSE: Omit<License, 'id'> = {
  ...LICENSE,
  activation: {
    agents: 1,
    emergency: { longest: seconds(5 * DAY), window: seconds(30 * DAY) },
    refresh: { every: seconds(90 * DAY), grace: seconds(14 * DAY) },
    master: null,
  },
};

/** A borrowed seat for tests: made by an agent's keys of a vendor's licenses, on one computer. */

import {
  agentSigningKeys,
  type BorrowToken,
  signBorrowToken,
} from '../../../protocol/borrow-token.ts';
import type { BorrowRecord } from '../../../protocol/client/borrow-record.ts';
import type { Borrowing } from '../../../protocol/client/borrowed-seat.ts';
import { makeHostCode } from '../../../protocol/host-code.ts';
import type { HostComponent } from '../../../protocol/host-component.ts';
import type { License } from '../../../protocol/license.ts';
import { nativePrimitives as primitives } from '../../../protocol/node/native-primitives.ts';
import { makeProof } from '../../../protocol/proof.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import { signLicense } from '../../../protocol/signed-license.ts';
import { epochSeconds } from '../../../protocol/units.ts';
import { ISSUED, LICENSE, LICENSE_ID, VENDOR_KEYS } from '../../../scripts/vectors/fixed.ts';

const AGENT_SECRET = new Uint8Array(32).fill(7);
export const AGENT_SIGNING_KEYS = agentSigningKeys(AGENT_SECRET, primitives);
const AGENT_KEY = primitives.agreementKeys(AGENT_SECRET).publicKey;
export const SESSION_SECRET = new Uint8Array(32).fill(9);

const DAY = 86_400;
export const FROM = epochSeconds(ISSUED + 10 * DAY);
export const UNTIL = epochSeconds(FROM + 7 * DAY);

const LAPTOP: readonly HostComponent[] = [
  { kind: 'machine-id', value: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' },
  { kind: 'mac', value: '3c5a37001122' },
  { kind: 'cpu', value: 'some processor' },
];
export const HOST_CODE = makeHostCode(LAPTOP, primitives.sha512);
/** The same system disk in another computer of the same model. */
export const OTHER_HOST_CODE = makeHostCode(
  LAPTOP.map((one) => (one.kind === 'mac' ? { ...one, value: '3c5a37334455' } : one)),
  primitives.sha512,
);

export const licenseProof = (changes: Partial<License> = {}): Uint8Array =>
  makeProof(signLicense({ ...LICENSE, ...changes }, LICENSE_ID, VENDOR_KEYS, primitives));

/** A token of one developer's seat of the license, unless said otherwise. */
export const tokenOf = (proof: Uint8Array, changes: Partial<BorrowToken> = {}): BorrowToken => ({
  clientKey: primitives.agreementKeys(SESSION_SECRET).publicKey,
  product: LICENSE.product,
  resource: null,
  parts: [{ document: hashDocument(proof, primitives), pool: 0, seats: 1 }],
  hostCode: HOST_CODE,
  from: FROM,
  until: UNTIL,
  agentName: 'licenses-1',
  agentKey: AGENT_KEY,
  ...changes,
});

export const borrowingOf = (proof: Uint8Array, changes: Partial<BorrowToken> = {}): Borrowing => ({
  token: signBorrowToken(tokenOf(proof, changes), AGENT_SIGNING_KEYS, primitives),
  signer: AGENT_SIGNING_KEYS.publicKey,
  proofs: [proof],
  askedAt: FROM,
  seenAt: FROM,
});

export const recordOf = (changes: Partial<BorrowRecord> = {}): BorrowRecord => ({
  state: 'borrowed',
  product: LICENSE.product,
  secret: SESSION_SECRET,
  resumes: 0,
  agent: {
    name: 'licenses-1',
    key: AGENT_KEY,
    endpoint: { address: '192.0.2.7', port: 24_711 },
  },
  borrowing: borrowingOf(licenseProof()),
  ...changes,
});

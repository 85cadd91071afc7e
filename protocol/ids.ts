/** Identities, each of its own type, and how people see them. */

import { base32ToBytes, bytesToBase32, bytesToHex } from './bytes.ts';
import { LICENSE_ID_SIZE } from './limits.ts';
import { assert } from './result.ts';

declare const id: unique symbol;
type Id<Name extends string> = string & { readonly [id]: Name };

/** 26 characters of base32: the 16 random bytes that the vendor gave a license. */
export type LicenseId = Id<'LicenseId'>;
/** 16 characters of base32: the start of a key's SHA-512. Names a key, is not enough to trust it. */
export type KeyId = Id<'KeyId'>;
/** 16 characters of base32: the start of the session key that holds the seat. */
export type LeaseId = Id<'LeaseId'>;
/** 64 hexadecimal digits: the start of a document's SHA-512. */
export type DocumentHash = Id<'DocumentHash'>;

export const licenseId = (bytes: Uint8Array): LicenseId => bytesToBase32(bytes) as LicenseId;

/** The 16 bytes of a license id. */
export const licenseIdToBytes = (id: LicenseId): Uint8Array => {
  const bytes = base32ToBytes(id);
  assert(bytes?.length === LICENSE_ID_SIZE, 'a license id that is none');
  return bytes;
};

export const keyId = (sha512: (bytes: Uint8Array) => Uint8Array, key: Uint8Array): KeyId =>
  bytesToBase32(sha512(key).subarray(0, 10)) as KeyId;

export const leaseId = (clientKey: Uint8Array): LeaseId =>
  bytesToBase32(clientKey.subarray(0, 10)) as LeaseId;

export const documentHash = (bytes: Uint8Array): DocumentHash => bytesToHex(bytes) as DocumentHash;

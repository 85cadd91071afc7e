/** The vendor's signing key as a file: made once, kept by the vendor, never sent anywhere. */

import { armor, dearmor } from '../../protocol/armor.ts';
import { bytesToBase64 } from '../../protocol/bytes.ts';
import { Fields } from '../../protocol/fields.ts';
import { type KeyId, keyId } from '../../protocol/ids.ts';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { pack, unpack } from '../../protocol/msgpack.ts';
import type { KeyPair, Primitives } from '../../protocol/primitives.ts';
import type { SigningKeys } from '../../protocol/signed-document.ts';

/** Who signs, and the root key behind it. */
export interface VendorSigner {
  readonly keys: SigningKeys;
  /** The public key that applications are built with. */
  readonly root: Uint8Array;
}

const KEY_VERSION = 1;
const KEY_NAME = 'usher-signing-key';

/** The key file's text. */
export const encodeVendorKey = (keys: KeyPair, primitives: Primitives): string =>
  armor('key', pack([KEY_NAME, KEY_VERSION, keys.secretKey]), primitives);

/** The key pair in a key file's text, or `undefined` when it holds none. */
export const decodeVendorKey = (text: string, primitives: Primitives): KeyPair | undefined => {
  const [block] = dearmor('key', text, primitives);
  if (block === undefined || !block.ok) return undefined;
  const fields = new Fields(unpack(block.value));
  const name = fields.text(32);
  const version = fields.uint();
  const seed = fields.bytes(KEY_SIZE);
  if (!fields.complete || name !== KEY_NAME || version !== KEY_VERSION) return undefined;
  return primitives.signingKeys(seed);
};

/** What the vendor builds into the client, and the short name people compare. */
export const describePublicKey = (
  publicKey: Uint8Array,
  primitives: Primitives,
): { readonly publicKey: string; readonly keyId: KeyId } => ({
  publicKey: bytesToBase64(publicKey),
  keyId: keyId(primitives.sha512, publicKey),
});

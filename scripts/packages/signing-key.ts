/** Signs as minisign does, with a key of `minisign -G -W`. */

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { minisignDigest, signedComment } from '../../agent/update/minisign.ts';

export interface SigningKey {
  /** 8 bytes. */
  readonly id: Uint8Array;
  /** 32 bytes each. */
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** What stands before an Ed25519 seed in DER, so that Node reads a raw one. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SECRET_FILE_SIZE = 158;

/** The key of a secret key file; throws with a sentence that never shows any of it. */
export const parseSigningKey = (text: string): SigningKey => {
  const bytes = Buffer.from(text.trim().split(/\r?\n/).at(-1) ?? '', 'base64');
  if (bytes.length !== SECRET_FILE_SIZE || bytes.subarray(0, 2).toString('latin1') !== 'Ed')
    throw new Error('The signing key is no secret key file of minisign.');
  if (bytes[2] !== 0 || bytes[3] !== 0)
    throw new Error('The signing key is locked with a password: make one with minisign -G -W.');
  const numbered = bytes.subarray(54);
  const [id, seed, publicKey] = [
    numbered.subarray(0, 8),
    numbered.subarray(8, 40),
    numbered.subarray(40, 72),
  ];
  const key = { id, seed, publicKey };
  if (!publicKeyOf(key).equals(publicKey)) throw new Error('The signing key is damaged.');
  return key;
};

const privateKey = ({ seed }: Pick<SigningKey, 'seed'>) =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });

const publicKeyOf = (key: Pick<SigningKey, 'seed'>): Buffer =>
  createPublicKey(privateKey(key)).export({ format: 'der', type: 'spki' }).subarray(-32);

/** The line that users trust: what `minisign -P` and `usher update --key` take. */
export const publicKeyLine = ({ id, publicKey }: SigningKey): string =>
  Buffer.concat([Buffer.from('Ed'), id, publicKey]).toString('base64');

/** The text of a `.minisig` for `content`. */
export const minisign = (key: SigningKey, content: Uint8Array, trustedComment: string): string => {
  const secret = privateKey(key);
  const signature = sign(null, minisignDigest(content), secret);
  const commentSignature = sign(null, signedComment(signature, trustedComment), secret);
  const whole = Buffer.concat([Buffer.from('ED'), key.id, signature]);
  return `${[
    'untrusted comment: signature of an Usher release',
    whole.toString('base64'),
    `trusted comment: ${trustedComment}`,
    commentSignature.toString('base64'),
  ].join('\n')}\n`;
};

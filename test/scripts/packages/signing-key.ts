/** A key as `minisign -G -W` writes it, made anew for each test. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';

export const makeSecretKeyFile = (): string => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const bytes = Buffer.concat([
    Buffer.from('Ed\0\0B2', 'latin1'),
    Buffer.alloc(48),
    randomBytes(8),
    seed,
    raw,
    Buffer.alloc(32),
  ]);
  return `untrusted comment: a key for a test\n${bytes.toString('base64')}\n`;
};

/** The keys with which a vendor signs, and their certificate, from files. */

import { dearmor } from '../../protocol/armor.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import {
  type CertifiedUse,
  openCertificate,
  type SignedCertificate,
} from '../../protocol/certificate.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { KeyPair } from '../../protocol/primitives.ts';
import type { EpochSeconds } from '../../protocol/units.ts';
import { bytesToText, readFileBytes } from '../edges/files.ts';
import { UsherError } from '../usher-error.ts';
import { decodeVendorKey, type VendorSigner } from '../vendor/vendor-key.ts';
import { renderDay } from './columns.ts';
import type { Arguments, Command } from './command.ts';

export const KEY_FLAGS = {
  key: { kind: 'text', value: 'FILE', summary: "the vendor's secret key [default: vendor.key]" },
  certificate: {
    kind: 'text',
    value: 'FILE',
    summary: 'the certificate of that key, when it is not the root key (`usher vendor certify`)',
  },
} as const satisfies Command['flags'];

/**
 * The keys of --key, with the certificate of --certificate where there is one: it must be theirs, for
 * this use and in force now. Codes: KEY_UNUSABLE, FILE_UNREADABLE, WRONG_USAGE.
 */
export const readSigner = async (
  args: Arguments,
  use: CertifiedUse,
  now: EpochSeconds,
): Promise<VendorSigner> => {
  const keys = await readSigningKey(args.text('key') ?? 'vendor.key');
  const file = args.text('certificate');
  if (file === undefined) return { keys, root: keys.publicKey };
  const { certificate, root, bytes } = await readCertificate(file);
  const refuse = (why: string) => new UsherError('WRONG_USAGE', `--certificate ${file}: ${why}`);
  if (!equalBytes(certificate.key, keys.publicKey)) throw refuse('It is of another key.');
  if (!certificate.uses.includes(use)) throw refuse(`It does not allow that key to sign ${use}.`);
  if (now < certificate.starts) throw refuse(`It begins on ${renderDay(certificate.starts)}.`);
  if (now >= certificate.ends) throw refuse(`It ended on ${renderDay(certificate.ends - 1)}.`);
  return { keys: { ...keys, certificate: bytes }, root };
};

const readCertificate = async (file: string): Promise<SignedCertificate> => {
  const [block] = dearmor('certificate', bytesToText(await readFileBytes(file)), nativePrimitives);
  const opened = block?.ok ? openCertificate(block.value, nativePrimitives) : undefined;
  if (opened?.ok) return opened.value;
  throw new UsherError(
    'WRONG_USAGE',
    `--certificate ${file}: It holds no certificate, or a damaged one.`,
  );
};

/** The keys in a file. Codes: KEY_UNUSABLE, and those of reading a file. */
export const readSigningKey = async (file: string): Promise<KeyPair> => {
  const keys = decodeVendorKey(bytesToText(await readKeyFile(file)), nativePrimitives);
  if (keys !== undefined) return keys;
  throw new UsherError(
    'KEY_UNUSABLE',
    `${file} holds no signing key: make one with \`usher vendor keygen\`.`,
  );
};

const readKeyFile = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFileBytes(file);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    const sentence = `${error.message} Name the vendor's secret key with --key, or make one with \`usher vendor keygen\`.`;
    throw new UsherError(error.code, sentence, error);
  }
};

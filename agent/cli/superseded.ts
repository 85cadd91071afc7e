/** The earlier licenses that a vendor names, by id or by file. */

import { dearmor } from '../../protocol/armor.ts';
import { base32ToBytes, equalBytes } from '../../protocol/bytes.ts';
import { type LicenseId, licenseId } from '../../protocol/ids.ts';
import { LICENSE_ID_SIZE } from '../../protocol/limits.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { openLicense, type SignedLicense } from '../../protocol/signed-license.ts';
import { LICENSE_FAULTS } from '../core/operations.ts';
import { UsherError } from '../usher-error.ts';
import { readLicenseFile } from './license-file.ts';

/**
 * Their ids. One from a file must be of the vendor with this root key and for `product`: the new license would
 * take its place nowhere else. Codes: WRONG_USAGE, FILE_UNREADABLE.
 */
export const readSuperseded = async (
  words: readonly string[],
  product: string | undefined,
  root: Uint8Array,
): Promise<readonly LicenseId[]> => {
  const ids: LicenseId[] = [];
  for (const word of words) {
    const bytes = base32ToBytes(word);
    if (word.length === 26 && bytes?.length === LICENSE_ID_SIZE) ids.push(licenseId(bytes));
    else ids.push(...(await readFile(word, product, root)));
  }
  return ids;
};

const readFile = async (
  file: string,
  product: string | undefined,
  root: Uint8Array,
): Promise<readonly LicenseId[]> => {
  const refuse = (why: string) => new UsherError('WRONG_USAGE', `--supersedes ${file}: ${why}`);
  const blocks = dearmor('license', await readLicenseFile(file), nativePrimitives);
  if (blocks.length === 0) throw refuse(LICENSE_FAULTS['no-block']);
  return blocks.map((block) => {
    const opened = block.ok ? openLicense(block.value, nativePrimitives) : block;
    if (!opened.ok) throw refuse(LICENSE_FAULTS[opened.error]);
    const { license, vendor }: SignedLicense = opened.value;
    if (!equalBytes(vendor, root)) throw refuse('It is signed with another key.');
    if (license.product !== product) throw refuse(`It is for another product, ${license.product}.`);
    return license.id;
  });
};

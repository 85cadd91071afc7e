/** A standalone license's file on its way into the settings. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { armor, dearmor } from '../../protocol/armor.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { hashDocument } from '../../protocol/signed-document.ts';
import { openLicense, type SignedLicense } from '../../protocol/signed-license.ts';
import { UsherError } from '../usher-error.ts';
import { attempt, licenseFolder } from './client-file.ts';

/**
 * The licenses in a file's text: all of one product, that named or the one there is. Codes:
 * BROKEN_DATA, WRONG_USAGE, REFUSED for one that is an agent's.
 */
export const licensesFor = (
  text: string,
  file: string,
  product: string | null,
): readonly SignedLicense[] => {
  const found = dearmor('license', text, nativePrimitives).map((block) => {
    const opened = block.ok ? openLicense(block.value, nativePrimitives) : block;
    if (opened.ok) return opened.value;
    throw new UsherError(
      'BROKEN_DATA',
      `${file} holds a license that cannot be read: ${FAULTS[opened.error]}.`,
    );
  });
  if (found.length === 0) throw new UsherError('BROKEN_DATA', `${file} holds no license.`);
  const products = [...new Set(found.map(({ license }) => license.product))];
  const [first] = products;
  if (product === null && products.length > 1) {
    throw new UsherError(
      'WRONG_USAGE',
      `${file} is for ${products.join(', ')}: choose with --product.`,
    );
  }
  const wanted = product ?? first;
  const fitting = found.filter(({ license }) => license.product === wanted);
  const other = fitting.find(({ license }) => license.type !== 'standalone');
  if (other !== undefined) {
    throw new UsherError(
      'REFUSED',
      `${file} holds a ${other.license.type} license: add it to an agent with \`usher license add\`.`,
    );
  }
  if (fitting.length > 0) return fitting;
  throw new UsherError('BROKEN_DATA', `${file} is for ${products.join(', ')}, not for ${wanted}.`);
};

const FAULTS = {
  truncated: 'it has no end',
  damaged: 'it was changed on the way',
  'too-long': 'it is too long',
  malformed: 'it is damaged',
  'other-kind': 'it is another kind of document',
  'newer-format': 'it is of a newer format, so update Usher',
  'bad-signature': 'it was changed since it was signed',
  'certificate-use': 'the key that signed it may not sign licenses',
  'certificate-date': 'the key that signed it was not valid on that day',
} as const;

/**
 * Keeps licenses of one product beside the settings, so that the original may go; returns the path.
 * Codes: NOT_PERMITTED, FOLDER_UNUSABLE.
 */
export const keepLicenses = (licenses: readonly SignedLicense[], settingsFile: string): string => {
  const folder = licenseFolder(settingsFile);
  const texts = licenses.map(({ bytes }) => armor('license', bytes, nativePrimitives));
  const [first] = licenses;
  const name = (first?.license.product ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const whole = Buffer.concat(licenses.map(({ bytes }) => bytes));
  const digest = bytesToHex(hashDocument(whole, nativePrimitives)).slice(0, 12);
  const path = join(folder, `${name}-${digest}.txt`);
  attempt(path, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, texts.join('\n'), { mode: 0o644, flush: true });
    renameSync(`${path}.${process.pid}`, path);
  });
  return path;
};

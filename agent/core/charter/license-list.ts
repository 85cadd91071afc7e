/** The licenses of a site as one text: each as its vendor has signed it, in the order of their ids. */

import { bytesToUtf8, concatBytes, utf8ToBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { openLicense } from '../../../protocol/signed-license.ts';
import { type HeldLicense, ofVendor } from '../licenses/any-license.ts';

/** Before each license its size, in bytes: 16 bits. */
const SIZE_SIZE = 2;

export const encodeLicenses = (licenses: Iterable<Pick<HeldLicense, 'license' | 'bytes'>>) => {
  const inOrder = [...licenses].sort((one, other) => (one.license.id < other.license.id ? -1 : 1));
  return concatBytes(
    ...inOrder.flatMap(({ bytes }) => [
      Uint8Array.of(bytes.length >> 8, bytes.length & 0xff),
      bytes,
    ]),
  );
};

/** What is no license that this version can read is left out. */
export const decodeLicenses = (
  text: Uint8Array,
  primitives: Primitives,
): ReadonlyMap<LicenseId, HeldLicense> => {
  const licenses = new Map<LicenseId, HeldLicense>();
  for (let at = 0; at + SIZE_SIZE <= text.length; ) {
    const size = ((text[at] ?? 0) << 8) | (text[at + 1] ?? 0);
    const opened = openLicense(text.slice(at + SIZE_SIZE, at + SIZE_SIZE + size), primitives);
    if (opened.ok) licenses.set(opened.value.license.id, ofVendor(opened.value));
    at += SIZE_SIZE + size;
  }
  return licenses;
};

export const encodeIds = (ids: Iterable<LicenseId>): Uint8Array =>
  utf8ToBytes([...ids].sort().join('\n'));

export const decodeIds = (bytes: Uint8Array): readonly LicenseId[] | undefined => {
  const text = bytesToUtf8(bytes);
  return text?.split('\n').filter((id): id is LicenseId => id !== '');
};

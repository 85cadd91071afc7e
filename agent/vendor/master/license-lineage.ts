/** Licenses and those whose place they take: on how many computers they are active, all together. */

import type { LicenseId } from '../../../protocol/ids.ts';
import { CALENDAR_TOLERANCE } from '../../../protocol/proof.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { IssuedLicense } from './issued-license.ts';
import type { MasterBook } from './master-book.ts';
import type { Place } from './place.ts';

/** No line of licenses is longer. */
const STEPS_MAX = 1000;

/** The license that has taken its place, at the end of the line; itself where none has. */
export const newestOf = (book: MasterBook, issued: IssuedLicense): IssuedLicense => {
  let newest = issued;
  for (let step = 0; step < STEPS_MAX && newest.successor !== null; step++) {
    newest = book.licenses.get(newest.successor) ?? newest;
  }
  return newest;
};

/** A license, and every one whose place it takes, near or far. */
export const lineOf = (book: MasterBook, issued: IssuedLicense): readonly LicenseId[] => {
  const line = new Set<LicenseId>([issued.signed.license.id]);
  for (const id of line) {
    if (line.size > STEPS_MAX) break;
    for (const earlier of book.licenses.get(id)?.signed.license.supersedes ?? []) line.add(earlier);
  }
  return [...line];
};

/** Whether a place is taken: an activation that ended, and that nobody can believe any more, is not. */
export const isTaken = ({ state, ends }: Place, now: EpochSeconds): boolean =>
  state === 'active' && (ends === null || now < ends + CALENDAR_TOLERANCE);

/** The places that are taken on a license or on those before it, but for those of one agent. */
export const takenPlaces = (
  book: MasterBook,
  issued: IssuedLicense,
  now: EpochSeconds,
  isOther: (place: Place) => boolean = () => true,
): readonly Place[] =>
  lineOf(book, issued).flatMap((id) =>
    book.placesOf(id).filter((place) => isTaken(place, now) && isOther(place)),
  );

/** Counts what agents give back: only by a receipt that fits the newest activation. */

import type { SignedRequest } from '../../../protocol/activation-request.ts';
import { equalBytes } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { openReceipt, type SignedReceipt } from '../../../protocol/return-receipt.ts';
import { hashDocument } from '../../../protocol/signed-document.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';
import type { AnswerSheet } from './answer-sheet.ts';
import type { Granting } from './granting.ts';
import type { MasterBook } from './master-book.ts';
import { type Place, placeKey } from './place.ts';

export interface ReturnDesk {
  readonly book: MasterBook;
  readonly granting: Granting;
  readonly primitives: Primitives;
}

/** Takes back what a request brings receipts for; what does not fit is refused by name. */
export const countReturns = (
  { book, granting, primitives }: ReturnDesk,
  { request, agent }: SignedRequest,
  receipts: readonly Uint8Array[],
  now: EpochSeconds,
  sheet: AnswerSheet,
): readonly LicenseId[] => {
  const opened = receipts.flatMap((bytes) => {
    const receipt = openReceipt(bytes, primitives);
    return receipt.ok && equalBytes(receipt.value.signer, agent.signingKey) ? [receipt.value] : [];
  });
  return request.wanted.flatMap(({ license }) => {
    const place = book.places.get(placeKey(license, agent.signingKey));
    const own = opened.filter(({ receipt }) => receipt.license === license);
    const fault = returnFault(place, own, primitives);
    if (fault === undefined && place !== undefined) {
      const isNew = place.state === 'active';
      const freed = isNew ? granting.free(place, 'returned', now, 'It was returned.') : place;
      if (freed.standing !== null) sheet.add([freed.standing]);
      return isNew ? [license] : [];
    }
    sheet.refuse(license, 'other', fault ?? NOT_HERE);
    // What was lost on the way: with it the agent can return it anew.
    if (place?.state === 'active') sheet.add([place.activation]);
    return [];
  });
};

const NOT_HERE = 'It was never activated for this agent: there is nothing to return.';
const NO_RECEIPT =
  'There is no receipt of this agent with the request: return the license on that computer first.';
const OTHER_RECEIPT =
  'The receipt is of an earlier activation than the last one, which comes with this answer: load it, then return the license again.';

const returnFault = (
  place: Place | undefined,
  receipts: readonly SignedReceipt[],
  primitives: Primitives,
): string | undefined => {
  if (place === undefined) return NOT_HERE;
  if (receipts.length === 0) return NO_RECEIPT;
  const hash = hashDocument(place.activation, primitives);
  const fits = receipts.some(({ receipt }) => equalBytes(receipt.activationHash, hash));
  return fits ? undefined : OTHER_RECEIPT;
};

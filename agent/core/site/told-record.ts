/**
 * That administrators were told of a death, and who tells its end: longer in the register than the card
 * of the dead one, for when that is back its card is not. Whoever tells the end leaves the rest of it as
 * it was written. A build that does not know of these records tells its own ends unasked, and no others.
 */

import { Fields } from '../../../protocol/fields.ts';
import { NAME_MAX } from '../../../protocol/limits.ts';
import { pack, unpack, type Value } from '../../../protocol/msgpack.ts';
import { assert } from '../../../protocol/result.ts';
import type { Revision } from './register.ts';
import { MEMBER_ID_SIZE, type MemberId, REVISION_SIZE } from './site-keys.ts';

const RECORD_VERSION = 1;
/** Where the one who tells the end writes. */
const END_PLACE = 4;

export interface ToldDeath {
  /** The revision at which the member was found dead, as on its card. */
  readonly since: Revision;
  /** The dead one's. */
  readonly name: string;
  readonly teller: MemberId;
  /** Who tells the end; `null` while nobody does. */
  readonly ender: MemberId | null;
}

export const encodeTold = ({ since, name, teller, ender }: ToldDeath): Uint8Array =>
  pack([RECORD_VERSION, String(since), name, teller, ender]);

/** Later versions may say more. */
export const decodeTold = (value: Uint8Array): ToldDeath | undefined => {
  const fields = new Fields(unpack(value));
  fields.uint();
  const told = {
    since: Number(fields.text(REVISION_SIZE, 1)),
    name: fields.text(NAME_MAX),
    teller: fields.text(MEMBER_ID_SIZE, 1),
    ender: fields.optional((member) => member.text(MEMBER_ID_SIZE, 1)),
  };
  return fields.valid && Number.isSafeInteger(told.since) ? told : undefined;
};

/** The record with who tells the end; it must be one that `decodeTold` reads. */
export const markEnd = (value: Uint8Array, ender: MemberId): Uint8Array => {
  const fields = unpack(value);
  assert(Array.isArray(fields), 'site: what was told is a list');
  const all: readonly Value[] = fields;
  return pack([...all.slice(0, END_PLACE), ender, ...all.slice(END_PLACE + 1)]);
};

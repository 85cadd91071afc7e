/**
 * What the members of a site know of each other: the card that each writes of itself, and what others
 * write on it when it is dead. Every card leaves them a place for that, so that the rest of it stays as
 * its member wrote it, whatever that says more in a later version.
 */

import { Fields } from '../../../protocol/fields.ts';
import { NAME_MAX, TERM_MAX } from '../../../protocol/limits.ts';
import { pack, unpack, type Value } from '../../../protocol/msgpack.ts';
import { assert } from '../../../protocol/result.ts';
import { type Seconds, seconds } from '../../../protocol/units.ts';
import type { Revision } from './register.ts';
import { MEMBER_ID_SIZE, type MemberId, REVISION_SIZE } from './site-keys.ts';

const RECORD_VERSION = 1;
const ADDRESSES_MAX = 16;
const ADDRESS_SIZE = 64;
const VERSION_SIZE = 32;
const PORT_MAX = 0xffff;
/** Where others write. */
const MARK_PLACE = 6;

export interface MemberCard {
  readonly name: string;
  readonly version: string;
  /** UDP; zero where it is not known yet. */
  readonly port: number;
  readonly addresses: readonly string[];
  /** The longest term that it lends for. */
  readonly longest: Seconds;
}

/** What others have written on the card of a dead member. Each change of it compares the card's revision. */
export interface DeathMark {
  /** The revision at which it was found dead: of all cards of one death the same. */
  readonly since: Revision;
  /** The member that tells its administrators of this death; `null` while none does. */
  readonly told: MemberId | null;
  readonly isForgotten: boolean;
}

export const encodeCard = ({ name, version, port, addresses, longest }: MemberCard): Uint8Array =>
  pack([
    RECORD_VERSION,
    name.slice(0, NAME_MAX),
    version.slice(0, VERSION_SIZE),
    port,
    addresses.filter(({ length }) => length <= ADDRESS_SIZE).slice(0, ADDRESSES_MAX),
    longest,
    null,
  ]);

const readCard = (fields: Fields): MemberCard => {
  fields.uint();
  return {
    name: fields.text(NAME_MAX),
    version: fields.text(VERSION_SIZE),
    port: fields.uint(PORT_MAX),
    addresses: fields.list(ADDRESSES_MAX, (field) => field.text(ADDRESS_SIZE)),
    longest: seconds(fields.uint(TERM_MAX)),
  };
};

/** The card in a value of the register; later versions may say more. */
export const decodeCard = (value: Uint8Array): MemberCard | undefined => {
  const fields = new Fields(unpack(value));
  const card = readCard(fields);
  return fields.valid ? card : undefined;
};

/** What is written on a dead member's card that was written at this revision. */
export const markOn = (value: Uint8Array, revision: Revision): DeathMark => {
  const fields = new Fields(unpack(value));
  readCard(fields);
  const mark = fields.appended((field) =>
    field.nested((inner) => ({
      since: Number(inner.text(REVISION_SIZE, 1)),
      told: inner.optional((member) => member.text(MEMBER_ID_SIZE, 1)),
      isForgotten: inner.flag(),
    })),
  );
  const isMarked = fields.valid && mark !== undefined && Number.isSafeInteger(mark.since);
  return isMarked ? mark : { since: revision, told: null, isForgotten: false };
};

/** The card with this mark on it; it must be one that `decodeCard` reads. */
export const markCard = (value: Uint8Array, mark: DeathMark): Uint8Array => {
  const fields = unpack(value);
  assert(Array.isArray(fields), 'site: a card is a list');
  const all: readonly Value[] = fields;
  const { since, told, isForgotten } = mark;
  return pack([
    ...all.slice(0, MARK_PLACE),
    [String(since), told, isForgotten],
    ...all.slice(MARK_PLACE + 1),
  ]);
};

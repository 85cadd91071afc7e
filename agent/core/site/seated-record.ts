/** Who has seats of the licenses for named users, and at which members, as the register keeps it. */

import { Fields } from '../../../protocol/fields.ts';
import { SEATS_MAX, TEXT_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { MEMBER_ID_SIZE, MEMBERS_MAX, type MemberId } from './site-keys.ts';

const RECORD_VERSION = 1;
/** Users of one record: what a value of the register holds. */
export const SEATED_MAX = 1000;

/** A user, in small letters. */
export interface Seated {
  readonly user: string;
  /** The most that he has at a member: they count once, wherever he is. */
  readonly seats: number;
  readonly members: readonly MemberId[];
}

export const encodeSeated = (all: readonly Seated[]): Uint8Array => {
  const members = [...new Set(all.flatMap((one) => one.members))].sort();
  const placesOf = (one: Seated) => one.members.map((member) => members.indexOf(member));
  return pack([RECORD_VERSION, members, all.map((one) => [one.user, one.seats, placesOf(one)])]);
};

/** The users in a value of the register, or `undefined` where it is none that this version reads. */
export const decodeSeated = (value: Uint8Array): readonly Seated[] | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const members = fields.list(MEMBERS_MAX, (field) => field.text(MEMBER_ID_SIZE, 1));
  const seated = fields.list(SEATED_MAX, (field) =>
    field.exactly((one) => ({
      user: one.text(TEXT_MAX, 1),
      seats: one.uint(SEATS_MAX),
      members: one.list(MEMBERS_MAX, (place) => members[place.uint()] ?? ''),
    })),
  );
  return fields.complete && version === RECORD_VERSION ? seated : undefined;
};

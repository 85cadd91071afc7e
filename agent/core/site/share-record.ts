/** How the seats of one pool are shared among the members, as the register keeps it. */

import { Fields } from '../../../protocol/fields.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { MEMBER_ID_SIZE, MEMBERS_MAX, type MemberId } from './site-keys.ts';

/** What one member has of a pool, or what is borrowed of it. */
export interface Share {
  readonly member: MemberId;
  /** Its block: it may lend so many, and nobody else may lend them. */
  readonly seats: number;
  /** Seats that somebody waits for at it, where none are left. */
  readonly wanted: number;
  /** Who began to want earlier has the lower one; zero while it wants none. */
  readonly since: number;
}

const RECORD_VERSION = 1;

/** Shares in the order of members; who has and wants nothing is left out. */
export const encodeShares = (shares: readonly Share[]): Uint8Array =>
  pack([
    RECORD_VERSION,
    shares
      .filter(({ seats, wanted }) => seats > 0 || wanted > 0)
      .map(({ member, seats, wanted, since }) => [member, seats, wanted, since]),
  ]);

/** The shares in a value of the register, or `undefined` where it is none that this version reads. */
export const decodeShares = (value: Uint8Array): readonly Share[] | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const shares = fields.list(MEMBERS_MAX + 1, (field) =>
    field.exactly((share) => ({
      member: share.text(MEMBER_ID_SIZE, 1),
      seats: share.uint(),
      wanted: share.uint(),
      since: share.uint(),
    })),
  );
  return fields.complete && version === RECORD_VERSION ? shares : undefined;
};

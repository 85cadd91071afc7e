/** The keys of the site's register, and who is named in them. */

import { bytesToHex } from '../../../protocol/bytes.ts';
import type { LicenseId } from '../../../protocol/ids.ts';

/** A member of the site: the start of its agent's key, in hexadecimal. */
export type MemberId = string;

/** Members of one site. */
export const MEMBERS_MAX = 32;
/** Characters of a member's id. */
export const MEMBER_ID_SIZE = 16;

/** Digits of a revision: etcd may be others', too, and have more than a number of MessagePack's has here. */
export const REVISION_SIZE = 16;

export const JOINED_PREFIX = 'joined/';
export const BEAT_PREFIX = 'beat/';
export const DEAD_PREFIX = 'dead/';
export const POOL_PREFIX = 'pool/';

export const memberIdOf = (agentKey: Uint8Array): MemberId =>
  bytesToHex(agentKey).slice(0, MEMBER_ID_SIZE);

/** A member's card, written when it joins: every change that it makes later compares it. */
export const joinedKey = (member: MemberId): string => JOINED_PREFIX + member;

/** Written by a member again and again: that it lives. */
export const beatKey = (member: MemberId): string => BEAT_PREFIX + member;

/** The card of a member that others have found dead, until it joins again. */
export const deadKey = (member: MemberId): string => DEAD_PREFIX + member;

export const TOLD_PREFIX = 'told/';

/** That administrators were told of a member's last death, and who tells its end. */
export const toldKey = (member: MemberId): string => TOLD_PREFIX + member;

/** How the seats of a class of a license are shared. */
export const poolKey = (license: LicenseId, className: string): string =>
  `${POOL_PREFIX}${encodeURIComponent(license)}/${encodeURIComponent(className)}`;

/** The site's secret: who joins first makes it. */
export const SECRET_KEY = 'secret';
export const METER_PREFIX = 'meter/';

/** How what may be drawn of a license's allowance is shared. */
export const meterShareKey = (license: LicenseId, meter: string): string =>
  `${METER_PREFIX}${encodeURIComponent(license)}/${encodeURIComponent(meter)}`;

/** How the register is kept: who joins first says it. */
export const FORMAT_KEY = 'format';

/** Which edition of the register this is: another one since it was found to have gone back. */
export const EDITION_KEY = 'edition';

export const MOVED_PREFIX = 'moved/';
/** How much of a reservation is taken up at whom. */
export const KEPT_PREFIX = 'kept/';
export const NAMED_PREFIX = 'named/';

/** Who has seats by name of a class of a product. */
export const namedKey = (product: string, className: string): string =>
  `${NAMED_PREFIX}${encodeURIComponent(product)}/${encodeURIComponent(className)}`;

/** Who has the seats of a pool that are borrowed: no member, and before all of them in order. */
export const BORROWED: MemberId = '*';
export const BORROWED_PREFIX = 'borrowed/';
/** Written with every change of a borrowed seat: who knows it as it is knows all of them. */
export const LOANS_KEY = 'loans';

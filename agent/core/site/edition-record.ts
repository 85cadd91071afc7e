/** The register's edition, as the register keeps it, and as a member keeps which it knew. */

import { Fields } from '../../../protocol/fields.ts';
import { TERM_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type Seconds, seconds } from '../../../protocol/units.ts';
import type { RegisterEntry, Revision } from './register.ts';
import { EDITION_KEY, MEMBER_ID_SIZE, type MemberId, REVISION_SIZE } from './site-keys.ts';

const RECORD_VERSION = 1;
const HASH_SIZE = 16;

export interface Edition {
  /** Each that a member begins has one more than it has seen. */
  readonly number: number;
  /** Who has begun it. */
  readonly member: MemberId;
  /** The longest term that anybody lent for before it, as far as that one knows. */
  readonly longest: Seconds;
}

/** Nobody has found the register gone back yet. */
export const FIRST_EDITION: Edition = { number: 0, member: '', longest: seconds(0) };

/** By which one edition is told from another. */
export type EditionName = Pick<Edition, 'number' | 'member'>;

export const isSameEdition = (one: EditionName, other: EditionName): boolean =>
  one.number === other.number && one.member === other.member;

/** Whether it was begun by somebody who had no part in the other: that one was of what was lost. */
export const isLaterEdition = (one: EditionName, other: EditionName): boolean =>
  one.number > other.number || (one.number === other.number && one.member !== other.member);

export const encodeEdition = ({ number, member, longest }: Edition): Uint8Array =>
  pack([RECORD_VERSION, number, member, longest]);

/** The edition that these entries tell of; later versions may say more of it. */
export const editionIn = (entries: readonly RegisterEntry[]): Edition => {
  const entry = entries.find(({ key }) => key === EDITION_KEY);
  if (entry === undefined) return FIRST_EDITION;
  const fields = new Fields(unpack(entry.value));
  fields.uint();
  return {
    number: fields.uint(),
    member: fields.text(MEMBER_ID_SIZE),
    longest: seconds(fields.uint(TERM_MAX)),
  };
};

/** What a member keeps in its store of the register that it knew last. */
export interface SiteMark {
  /** The hash of the site's secret. */
  readonly site: Uint8Array;
  /** It had written then that it lives. */
  readonly revision: Revision;
  readonly edition: EditionName;
}

export const hashToMark = (hash: Uint8Array): Uint8Array => hash.slice(0, HASH_SIZE);

export const encodeMark = ({ site, revision, edition }: SiteMark): Uint8Array =>
  pack([RECORD_VERSION, site, String(revision), edition.number, edition.member]);

export const decodeMark = (value: Uint8Array): SiteMark | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const mark = {
    site: fields.bytes(HASH_SIZE).slice(),
    revision: Number(fields.text(REVISION_SIZE, 1)),
    edition: { number: fields.uint(), member: fields.text(MEMBER_ID_SIZE) },
  };
  const isRead = fields.complete && version === RECORD_VERSION;
  return isRead && Number.isSafeInteger(mark.revision) ? mark : undefined;
};

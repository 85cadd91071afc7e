/**
 * What the members of a site have in common, as the register keeps it: each text in pieces, with a
 * head that says how long it is and who wrote it. All of it is written in one go, so that pieces of
 * another revision than their head's belong to another text.
 */

import { concatBytes } from '../../../protocol/bytes.ts';
import { Fields } from '../../../protocol/fields.ts';
import { NAME_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import {
  REGISTER_VALUE_MAX,
  type RegisterEntry,
  type RegisterWrite,
  type Revision,
} from '../site/register.ts';
import { MEMBER_ID_SIZE, type MemberId } from '../site/site-keys.ts';

/** The rules' file, the vendors' licenses, the console's passwords, the named users, the resources. */
export const CHARTER_KINDS = ['rules', 'licenses', 'sign-in', 'users', 'resources'] as const;
export type CharterKind = (typeof CHARTER_KINDS)[number];
/** Which the core keeps by itself: license-charter.ts, table-charter.ts. */
export const CORE_KINDS: readonly CharterKind[] = ['licenses', 'users', 'resources'];

export const SHARED_PREFIX = 'shared/';
/** Bytes of one text. One change carries all of it, and etcd takes 1.5 MiB at a time. */
export const CHARTER_TEXT_MAX = 1_048_576;
/** Characters of who has made a change. */
export const AUTHOR_MAX = 100;

const RECORD_VERSION = 1;
const PIECES_MAX = CHARTER_TEXT_MAX / REGISTER_VALUE_MAX;

export interface Author {
  readonly member: MemberId;
  /** The member's name. */
  readonly name: string;
  /** Who asked for it there; empty where nobody did. */
  readonly who: string;
}

export interface CharterText extends Author {
  readonly revision: Revision;
  readonly bytes: Uint8Array;
}

/** Its pieces have keys that begin so, too. */
export const sharedKey = (kind: CharterKind): string => SHARED_PREFIX + kind;

const pieceKey = (kind: CharterKind, i: number): string => `${sharedKey(kind)}/${i}`;

/** What puts this text into the place of any before it. */
export const writesOf = (
  kind: CharterKind,
  bytes: Uint8Array,
  { member, name, who }: Author,
): readonly RegisterWrite[] => {
  const count = Math.ceil(bytes.length / REGISTER_VALUE_MAX);
  const head = pack([RECORD_VERSION, bytes.length, member, name, who.slice(0, AUTHOR_MAX)]);
  const pieces = Array.from({ length: PIECES_MAX }, (_, i) => {
    const from = i * REGISTER_VALUE_MAX;
    const value = i < count ? bytes.slice(from, from + REGISTER_VALUE_MAX) : null;
    return { key: pieceKey(kind, i), value };
  });
  return [{ key: sharedKey(kind), value: head }, ...pieces];
};

/** The text among these entries: `null` without a head, `undefined` for what cannot be read. */
export const readCharter = (
  kind: CharterKind,
  entries: readonly RegisterEntry[],
): CharterText | null | undefined => {
  const head = entries.find(({ key }) => key === sharedKey(kind));
  if (head === undefined) return null;
  const fields = new Fields(unpack(head.value));
  const version = fields.uint();
  const size = fields.uint(CHARTER_TEXT_MAX);
  const author = {
    member: fields.text(MEMBER_ID_SIZE),
    name: fields.text(NAME_MAX),
    who: fields.text(AUTHOR_MAX),
  };
  if (!fields.valid || version !== RECORD_VERSION) return undefined;
  const pieces = Array.from({ length: Math.ceil(size / REGISTER_VALUE_MAX) }, (_, i) => {
    const key = pieceKey(kind, i);
    const found = entries.find((one) => one.key === key && one.revision === head.revision);
    return found?.value ?? new Uint8Array(0);
  });
  const bytes = concatBytes(...pieces);
  return bytes.length === size ? { ...author, revision: head.revision, bytes } : undefined;
};

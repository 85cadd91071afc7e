/** What commands on named users have in common. */

import { GENERIC_CLASS } from '../../protocol/license.ts';
import { TEXT_MAX } from '../../protocol/limits.ts';
import { OPERATION_LIMITS } from '../core/operations.ts';
import type { Flag, Invocation } from './command.ts';
import type { NameKind } from './name-list.ts';

export const USERS: NameKind = { noun: 'user', longest: TEXT_MAX, most: OPERATION_LIMITS.users };

export const USER_FLAGS = {
  product: {
    kind: 'text',
    value: 'NAME',
    summary: 'of this product [default: the only one that has named users]',
  },
  class: { kind: 'text', value: 'NAME', summary: 'of this class of seat [default: generic]' },
  from: {
    kind: 'text',
    value: 'FILE',
    summary:
      'the users in a file, one a line or in the first column of a CSV; - for standard input',
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Which seats are meant. */
export const readNamed = ({ args }: Invocation) => ({
  product: args.text('product') ?? null,
  class: args.text('class') ?? GENERIC_CLASS,
});

/** Names in a sentence, but not hundreds of them. */
const NAMES_SHOWN = 10;

export const nameUsers = (users: readonly string[]): string =>
  users.length <= NAMES_SHOWN ? users.join(', ') : `${users.length} users`;

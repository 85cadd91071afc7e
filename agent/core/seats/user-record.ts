/** One named user, as the store keeps it. */

import { Fields } from '../../../protocol/fields.ts';
import { foldCase } from '../../../protocol/fold-case.ts';
import { NAME_MAX, TEXT_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import { readSequence, sequenceToValue } from '../sequence.ts';
import { storeKey } from '../store-key.ts';
import type { Write } from '../write.ts';
import type { Named } from './named.ts';

export const USER_PREFIX = 'user/';

const RECORD_VERSION = 1;

export interface Assignment {
  /** As it was typed; capitals make no other user. */
  readonly user: string;
  readonly since: EpochSeconds;
  /** Who was assigned first has the lower one. */
  readonly sequence: number;
}

export const userKey = ({ product, class: className }: Named, user: string): string =>
  storeKey(USER_PREFIX, product, className, foldCase(user));

/** The write that makes the store know an assignment. */
export const userWrite = (named: Named, assignment: Assignment): Write => ({
  key: userKey(named, assignment.user),
  value: pack([
    RECORD_VERSION,
    named.product,
    named.class,
    assignment.user,
    assignment.since,
    sequenceToValue(assignment.sequence),
  ]),
});

/** A stored assignment, or `undefined` where it is none. */
export const readUser = (key: string, value: Uint8Array): (Named & Assignment) | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const one = {
    product: fields.text(NAME_MAX, 1),
    class: fields.text(NAME_MAX, 1),
    user: fields.text(TEXT_MAX, 1),
    since: epochSeconds(fields.uint()),
    sequence: readSequence(fields),
  };
  const fits = fields.complete && version === RECORD_VERSION;
  return fits && key === userKey(one, one.user) ? one : undefined;
};

/**
 * In which way the register is kept: members that read its records differently would lend one seat
 * twice, so nobody joins a site whose format is not its own. Members of two versions share a register
 * while the later one keeps to this:
 *
 * - A record that its author alone writes (cards, moves, loans, texts) may get fields at its end. Those
 *   of the version before read on without them, so they may say more, and forbid nothing that was allowed.
 *   One place on a card is not its member's: others write there when it is dead (member-card.ts). So has
 *   what was told of a death one for who tells its end (told-record.ts).
 * - A record that whoever changes it writes anew (shares of pools, of limits, of reservations and of
 *   allowances; users by name) stays as it is: who does not know a field would write it back without.
 *   Where it says more, or is of another version, nothing of it is lent, and nothing written over it.
 * - Keys of a new kind are neither read nor struck by the version before. Nothing that it may lend can
 *   depend on them.
 * - Times (site-times.ts) are part of it: who waits for less than others promise lends their seats.
 *
 * What breaks one of these raises the number: then all members are updated at once.
 */

import { Fields } from '../../../protocol/fields.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { RegisterEntry, Revision } from './register.ts';
import { FORMAT_KEY } from './site-keys.ts';

const FORMAT = 1;

export const FORMAT_VALUE = pack([FORMAT]);

/** The revision at which the format was written: 0 where nobody has joined yet, `undefined` where it is another. */
export const formatIn = (entries: readonly RegisterEntry[]): Revision | undefined => {
  const entry = entries.find(({ key }) => key === FORMAT_KEY);
  if (entry === undefined) return 0;
  return new Fields(unpack(entry.value)).uint() === FORMAT ? entry.revision : undefined;
};

/**
 * In which way the register is kept: members that read its records differently would lend one seat
 * twice, so nobody joins a site whose format is not its own. To be raised with every change of a record
 * that members of the version before would misread; what only says more needs none.
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

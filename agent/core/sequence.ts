/** A count that never starts again, in the store: whole numbers below 2⁵³ as two fields. */

import type { Fields } from '../../protocol/fields.ts';
import type { Value } from '../../protocol/msgpack.ts';

const HIGH_MAX = 0x1f_ffff;
const LOW_SIZE = 0x1_0000_0000;

export const sequenceToValue = (sequence: number): Value => [
  Math.floor(sequence / LOW_SIZE),
  sequence % LOW_SIZE,
];

export const readSequence = (fields: Fields): number =>
  fields.exactly((field) => field.uint(HIGH_MAX) * LOW_SIZE + field.uint());

/**
 * Waiters' sequences: the second of their coming, then a count, so that an order outlives a restart.
 * Together they stay below 2⁵³.
 */

import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';

const COUNT_SPAN = 2 ** 20;

export const waiterSequence = (arrived: number, count: number): number =>
  arrived * COUNT_SPAN + (count % COUNT_SPAN);

export const arrivedOf = (sequence: number): EpochSeconds =>
  epochSeconds(Math.floor(sequence / COUNT_SPAN));

export const countOf = (sequence: number): number => sequence % COUNT_SPAN;

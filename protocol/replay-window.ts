/**
 * Which numbers of a session have been seen: the highest, and a bit for each of the 32 below it
 * (the algorithm of RFC 4303, section 3.4.3, with one word). Plain numbers, so that a table of a
 * million sessions can keep them in columns.
 */

/** How far behind the highest a number may be and still be new. */
export const REPLAY_WINDOW = 32;

/** Whether `number` is new to a window with this highest number and these bits. */
export const isFresh = (highest: number, bits: number, number: number): boolean => {
  if (number > highest) return true;
  const behind = highest - number;
  return behind < REPLAY_WINDOW && ((bits >>> behind) & 1) === 0;
};

/** The window's bits after `number` has been seen; bit 0 stands for the new highest. */
export const markSeen = (highest: number, bits: number, number: number): number => {
  const ahead = number - highest;
  if (ahead <= 0) return (bits | (1 << -ahead)) >>> 0;
  return ahead >= REPLAY_WINDOW ? 1 : ((bits << ahead) | 1) >>> 0;
};

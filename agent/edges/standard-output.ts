/** Whether standard output is a terminal. */

import { isatty } from 'node:tty';

const STANDARD_OUTPUT = 1;

/** Asked of the descriptor: Node's stream of it takes a millisecond to open. */
export const isTerminal = (): boolean => isatty(STANDARD_OUTPUT);

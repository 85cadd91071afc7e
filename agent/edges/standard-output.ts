/** Whether standard output is a terminal, and of which size. */

import { isatty } from 'node:tty';

const STANDARD_OUTPUT = 1;

/** Asked of the descriptor: Node's stream of it takes a millisecond to open. */
export const isTerminal = (): boolean => isatty(STANDARD_OUTPUT);

interface Sized {
  readonly columns?: number;
  readonly rows?: number;
}

/** Of a terminal on a serial line, or another that nobody told its size: it says 0 by 0. */
const USUAL_ROWS = 24;

/** Without end where it is no terminal, or where nobody knows: it breaks what is too long itself. */
export const columnsOf = ({ columns }: Sized): number => columns || Number.POSITIVE_INFINITY;

/** Without end where it is no terminal. */
export const rowsOf = ({ rows }: Sized): number =>
  rows === 0 ? USUAL_ROWS : (rows ?? Number.POSITIVE_INFINITY);

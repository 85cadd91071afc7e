/** Whether standard output is a terminal, and of which size. */

import { isatty } from 'node:tty';

const STANDARD_OUTPUT = 1;

/** Asked of the descriptor: Node's stream of it takes a millisecond to open. */
export const isTerminal = (): boolean => isatty(STANDARD_OUTPUT);

interface Sized {
  readonly columns?: number;
  readonly rows?: number;
}

/** A terminal on a serial line, or one that nobody told its size, says 0 by 0. */
const USUAL = { columns: 80, rows: 24 } as const;

/** Without end where it is no terminal. */
export const columnsOf = ({ columns }: Sized): number =>
  columns === 0 ? USUAL.columns : (columns ?? Number.POSITIVE_INFINITY);

export const rowsOf = ({ rows }: Sized): number =>
  rows === 0 ? USUAL.rows : (rows ?? Number.POSITIVE_INFINITY);

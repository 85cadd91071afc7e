/** Whether standard output is a terminal. */

import { fstatSync } from 'node:fs';
import { platform } from 'node:process';

const STANDARD_OUTPUT = 1;

/** Node's stream of it takes a millisecond to open, and is opened only for what could be a terminal. */
export const isTerminal = (): boolean => {
  try {
    const couldBe = platform === 'win32' || fstatSync(STANDARD_OUTPUT).isCharacterDevice();
    return couldBe && process.stdout.isTTY === true;
  } catch {
    // It is closed.
    return false;
  }
};

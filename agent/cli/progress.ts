/** Says that something takes its time. */

import type { Terminal } from './command.ts';

const QUIET_MS = 1000;

/** The outcome of `work`; who waits longer than a second is told for what, each second. */
export const withPatience = async <T>(
  terminal: Terminal,
  what: string,
  work: Promise<T>,
): Promise<T> => {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds++;
    if (seconds === 1 || seconds % 5 === 0) terminal.err(`${what}: ${seconds} s …\n`);
  }, QUIET_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
};

/** Whether standard output goes to systemd's journal. */

import { fstatSync } from 'node:fs';

/** As systemd.exec(5) has it: the variable names the very file that standard output is. */
export const isJournal = (environment: Readonly<Record<string, string | undefined>>): boolean => {
  const named = environment['JOURNAL_STREAM'];
  if (named === undefined) return false;
  try {
    const { dev, ino } = fstatSync(1);
    return named === `${dev}:${ino}`;
  } catch {
    return false;
  }
};

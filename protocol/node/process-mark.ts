/** Says which process made a file, so that others can tell whether it still runs. */

import { readFileSync } from 'node:fs';

/**
 * A process's number and, where the system tells (Linux), when it began: numbers are used again,
 * the more so after a reboot.
 */
export const ownMark = (): string => `${process.pid} ${beginningOf(process.pid) ?? '-'}`;

/** Whether the process that made the mark runs; a mark that is none was made by nobody who does. */
export const isRunning = (mark: string): boolean => {
  const [, digits, beginning] = /^(\d{1,10}) (\S+)$/.exec(mark) ?? [];
  const pid = Number(digits);
  if (!(pid > 0) || !exists(pid)) return false;
  return beginning === '-' || beginning === (beginningOf(pid) ?? '-');
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The boot and the clock ticks after it (proc(5), field 22), or `undefined` where nothing says. */
const beginningOf = (pid: number): string | undefined => {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in brackets, may hold anything.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot}-${ticks}`;
  } catch {
    return undefined;
  }
};

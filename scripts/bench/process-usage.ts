/** What a process has used so far, as the system counts it. Linux only: `null` elsewhere. */

import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time that its threads have taken, finely; those that ended are left out. */
export const threadMilliseconds = (pid: number): number | null => {
  let nanoseconds = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      nanoseconds += Number(ran);
    }
  } catch {
    return null;
  }
  return nanoseconds / 1e6;
};

/** Milliseconds that all processors together have worked, for whomever: of hundredths of a second. */
export const systemMilliseconds = (): number => {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const [user, nice, system, , , interrupts, softly, stolen] = line
      .split(/ +/)
      .slice(1)
      .map(Number);
    return [user, nice, system, interrupts, softly, stolen].reduce<number>(
      (sum, one) => sum + (one ?? 0) * 10,
      0,
    );
  } catch {
    return Number.NaN;
  }
};

/** Milliseconds of processor time that this process's first thread, that of the event loop, has taken. */
export const loopMilliseconds = (): number => {
  try {
    const [ran] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(ran) / 1e6;
  } catch {
    return Number.NaN;
  }
};

/** Resident memory in bytes. */
export const residentBytes = (pid: number): number | null => statusBytes(pid, 'VmRSS');

/** Resident memory that is no page of a file. */
export const ownBytes = (pid: number): number | null => statusBytes(pid, 'RssAnon');

const statusBytes = (pid: number, name: 'VmRSS' | 'RssAnon'): number | null => {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readProc(pid, 'status') ?? '');
  return match === null ? null : Number(match[1]) * 1024;
};

/** How often its threads have slept so far, and so how often they were woken. */
export const wakeUps = (pid: number): number | null => {
  let sum = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      sum += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
    }
  } catch {
    return null;
  }
  return sum;
};

const readProc = (pid: number, file: string): string | null => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
};

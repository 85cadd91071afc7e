/** Finds out which program has a UDP port, to tell the administrator whom to stop. */

import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

/** One sentence about who holds a UDP port and what to do. */
export const describePortHolder = async (port: number): Promise<string> => {
  const holder = await findPortHolder(port);
  const who = holder ?? 'a program that this user may not see (look again as root)';
  return `UDP port ${port} is taken by ${who}. Stop it, or choose another port with --port.`;
};

/** `process 17 (name)`, or `undefined` where this user may not see it. */
export const findPortHolder = (port: number): Promise<string | undefined> =>
  platform() === 'win32' ? findOnWindows(port) : findOnLinux(port);

/** /proc/net/udp gives the socket's inode; the process that has it open is the holder. */
const findOnLinux = async (port: number): Promise<string | undefined> => {
  const inodes = [
    ...(await inodesOf('/proc/net/udp', port)),
    ...(await inodesOf('/proc/net/udp6', port)),
  ];
  if (inodes.length === 0) return undefined;
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const pid of await listOrNothing('/proc')) {
    if (/^\d+$/.test(pid) && (await hasOpen(pid, links))) {
      const name = (await readOrNothing(`/proc/${pid}/comm`)).trim();
      return `process ${pid} (${name})`;
    }
  }
  return undefined;
};

const inodesOf = async (table: string, port: number): Promise<readonly string[]> => {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return (await readOrNothing(table))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hexPort}`))
    .flatMap((columns) => columns[9] ?? []);
};

const hasOpen = async (pid: string, links: ReadonlySet<string>): Promise<boolean> => {
  for (const fd of await listOrNothing(`/proc/${pid}/fd`)) {
    const link = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
    if (links.has(link)) return true;
  }
  return false;
};

const findOnWindows = async (port: number): Promise<string | undefined> => {
  const options = { timeout: 5000, maxBuffer: 4 * 1024 * 1024, windowsHide: true };
  const table = await promisify(execFile)('netstat', ['-ano', '-p', 'UDP'], options).catch(() => ({
    stdout: '',
  }));
  const line = table.stdout.split('\n').find((one) => new RegExp(`:${port}\\s`).test(one));
  const pid = line?.trim().split(/\s+/).at(-1);
  return pid === undefined ? undefined : `process ${pid}`;
};

const listOrNothing = (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch(() => []);

const readOrNothing = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

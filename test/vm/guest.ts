/** Boots a guest once and runs a script in it; what the script prints comes back, check by check. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/build/run.ts';
import type { GuestMachine } from './guest-machines.ts';
import { type GuestRoot, packFolder } from './guest-root.ts';

/** What one check in the guest printed, and its exit code. */
export interface Check {
  readonly output: string;
  readonly code: number;
}

export interface GuestTask {
  /** Files to be found under /payload: name to path here. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of shell; `check NAME COMMAND…` runs one check. */
  readonly script: string;
}

/** Most time for one guest, from its start to its end; in software one takes about a minute. */
const BOOT_MS = 120_000;
const MEMORY_MB = 1024;

/**
 * Boots `machine`, does the task and powers off. Emulated guests stand still now and then on a busy
 * computer: one that does not come to its end is booted once more, and that is said. Rejects when it
 * does not then either.
 */
export const runInGuest = async (
  root: GuestRoot,
  machine: GuestMachine,
  task: GuestTask,
): Promise<ReadonlyMap<string, Check>> => {
  try {
    return await runOnce(root, machine, task);
  } catch (error) {
    console.log(`${error instanceof Error ? error.message : error}\nBooting it once more.`);
    return runOnce(root, machine, task);
  }
};

const runOnce = async (
  { kernel, archive }: GuestRoot,
  machine: GuestMachine,
  task: GuestTask,
): Promise<ReadonlyMap<string, Check>> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-guest-'));
  try {
    const initrd = join(folder, 'initrd');
    const output = join(folder, 'serial');
    await packTask(folder, task);
    await run('sh', ['-c', 'cat "$0" "$1" > "$2"', archive, join(folder, 'task.cpio'), initrd]);
    const finished = await boot([
      ...['-m', String(MEMORY_MB), '-smp', '2', '-accel', 'tcg,thread=multi', '-display', 'none'],
      ...['-no-reboot', '-monitor', 'none', '-serial', `file:${output}`, ...machine.qemu],
      ...['-kernel', kernel, '-initrd', initrd],
      ...['-append', `console=ttyS0 quiet panic=-1 reboot=t ${machine.append ?? ''}`],
    ]);
    const text = (await readFile(output, 'utf8')).replaceAll('\r', '');
    if (!finished || !text.includes('@@END'))
      throw new Error(`${machine.name} did not finish:\n${text.slice(-2000)}`);
    return readChecks(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const packTask = async (folder: string, { files, script }: GuestTask): Promise<void> => {
  const payload = join(folder, 'task', 'payload');
  await mkdir(payload, { recursive: true });
  for (const [name, path] of Object.entries(files)) await copyFile(path, join(payload, name));
  await writeFile(join(payload, 'run.sh'), `${CHECK}\n${script}\n`);
  await packFolder(join(folder, 'task'), join(folder, 'task.cpio'));
};

/** The shell function by which a guest tells of a check. */
export const CHECK = `check() {
  name=$1; shift; echo "@@CHECK $name"; "$@"; echo "@@CODE $?"
}`;

/** Whether the guest ended by itself in its time. */
const boot = async (words: readonly string[]): Promise<boolean> => {
  const qemu = spawn('qemu-system-x86_64', [...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  qemu.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const limit = setTimeout(() => qemu.kill('SIGKILL'), BOOT_MS);
  const [code, signal] = await once(qemu, 'close');
  clearTimeout(limit);
  if (signal !== null) return false;
  if (code !== 0) throw new Error(`qemu-system-x86_64 ended with ${code}: ${complaint}`);
  return true;
};

/** What a guest has told by `check`. */
export const readChecks = (text: string): ReadonlyMap<string, Check> => {
  const found = new Map<string, Check>();
  for (const [, name = '', output = '', code] of text.matchAll(
    /@@CHECK (.*)\n([\s\S]*?)@@CODE (\d+)/g,
  ))
    found.set(name, { output, code: Number(code) });
  return found;
};

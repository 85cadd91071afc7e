/** Puts a new program in the old one's place, and the old one back when the new one does not do. */

import { execFile } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, chown, copyFile, link, open, rename, rm, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

/** The service that runs the program, when one does. */
export interface SwappedService {
  /** Resolves when the service runs and says that it is ready; rejects when it does not. */
  restart(): Promise<void>;
}

export interface Swap {
  /** The program to replace. */
  readonly target: string;
  /** The new one. */
  readonly from: string;
  /** Of the new one, signed: SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** What the new one must say it is. */
  readonly version: string;
  readonly service: SwappedService | undefined;
  /** For each of starting and coming up. */
  readonly patienceMs: number;
}

const START_BYTES_MAX = 4096;

/**
 * Replaces the program in one step of the file system, so that there is one at every moment. Codes:
 * FILE_UNREADABLE, NOT_PERMITTED or FOLDER_UNUSABLE for the target's folder, REFUSED when the new
 * program is not what was signed, does not start, or does not come up as the service; then the old
 * one is in its place and runs.
 */
export const swapBinary = async (swap: Swap): Promise<void> => {
  const beside = (prefix: string): string =>
    join(dirname(swap.target), `${prefix}-${basename(swap.target)}`);
  const [fresh, old] = [beside('new'), beside('old')];
  try {
    await placeFresh(swap, fresh);
    await startsAs(swap, fresh);
    await replace(swap.target, fresh, old);
  } finally {
    await rm(fresh, { force: true }).catch(() => {});
  }
  await comeUp(swap, old);
  // A system that locks what runs keeps it until the next update.
  await rm(old, { force: true }).catch(() => {});
};

/** A copy of our own is what is checked and what is used: nobody changes it in between. */
const placeFresh = async ({ target, from, sha256 }: Swap, fresh: string): Promise<void> => {
  const digest = createHash('sha256');
  try {
    await demandFile(from);
    const { mode, uid, gid } = await stat(target);
    await rm(fresh, { force: true });
    await copyHashed(from, fresh, digest);
    await chmod(fresh, (mode & 0o777) | 0o100);
    if (process.getuid?.() === 0) await chown(fresh, uid, gid);
  } catch (error) {
    throw unplaced(error, target);
  }
  if (digest.digest('hex') === sha256) return;
  throw new UsherError(
    'REFUSED',
    `${from} is not the program that was signed: it was changed or is not whole. Nothing was changed here.`,
  );
};

/** A device has no end, and a pipe may have none. Code: FILE_UNREADABLE. */
export const demandFile = async (from: string): Promise<void> => {
  const found = await stat(from).catch((error: unknown) => {
    throw unreadable(from, systemReason(error), error);
  });
  if (found.isFile()) return;
  throw unreadable(from, found.isDirectory() ? 'it is a folder' : 'it is no file');
};

const unreadable = (from: string, why: string, cause?: unknown): UsherError =>
  new UsherError('FILE_UNREADABLE', `Cannot read ${from}: ${why}.`, cause);

const copyHashed = async (from: string, to: string, digest: Hash): Promise<void> => {
  await using file = await open(to, 'wx', 0o700);
  // Begun last: nothing may be waited for between its error and who hears of it.
  const source = createReadStream(from);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      digest.update(chunk);
      await file.writeFile(chunk);
    }
  } catch (error) {
    if (source.errored === null) throw error;
    throw unreadable(from, systemReason(error), error);
  }
  await file.sync();
};

const unplaced = (error: unknown, target: string): UsherError => {
  if (error instanceof UsherError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  return new UsherError(
    ['EACCES', 'EPERM'].includes(code) ? 'NOT_PERMITTED' : 'FOLDER_UNUSABLE',
    `Cannot replace ${target}: ${systemReason(error)}. Nothing was changed.`,
    error,
  );
};

const startsAs = async ({ version, patienceMs }: Swap, fresh: string): Promise<void> => {
  const said = await promisify(execFile)(fresh, ['--version'], {
    timeout: patienceMs,
    maxBuffer: START_BYTES_MAX,
    killSignal: 'SIGKILL',
  }).then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      throw new UsherError(
        'REFUSED',
        `The new program does not start here (${reasonOf(error)}). Nothing was changed.`,
        error,
      );
    },
  );
  if (/^usher (\S+)/.exec(said)?.[1] === version) return;
  throw new UsherError(
    'REFUSED',
    `The new program should be ${version} and says it is "${said.trim().slice(0, 60)}". Nothing was changed.`,
  );
};

const reasonOf = (error: unknown): string => {
  const { killed, code, signal, stderr } = error as NodeJS.ErrnoException & {
    readonly killed?: boolean;
    readonly signal?: string;
    readonly stderr?: string;
  };
  if (killed === true) return 'it does not come to an end';
  const [line = ''] = (stderr ?? '').trim().split('\n');
  if (typeof code === 'string') return systemReason(error);
  return line === '' ? `it ended with ${code ?? signal}` : line.slice(0, 200);
};

const replace = async (target: string, fresh: string, old: string): Promise<void> => {
  try {
    await rm(old, { force: true });
    if (platform() === 'win32') {
      // There a program that runs can be renamed and nothing else.
      await rename(target, old);
      await rename(fresh, target).catch(async (error: unknown) => {
        await rename(old, target);
        throw error;
      });
    } else {
      await link(target, old).catch(() => copyFile(target, old));
      await rename(fresh, target);
    }
  } catch (error) {
    throw unplaced(error, target);
  }
};

const comeUp = async (
  { target, service, version, patienceMs }: Swap,
  old: string,
): Promise<void> => {
  if (service === undefined) return;
  const fault = await within(service.restart(), patienceMs);
  if (fault === undefined) return;
  if (platform() === 'win32') await rename(target, `${old}.failed`).catch(() => {});
  await rename(old, target);
  const stillDown = await within(service.restart(), patienceMs);
  const outcome =
    stillDown === undefined
      ? 'The program from before is back and runs.'
      : `The program from before is back, but does not come up either: ${stillDown}`;
  throw new UsherError('REFUSED', `The service did not come up as ${version}: ${fault} ${outcome}`);
};

/** Why it did not come about in time, or `undefined` when it did. */
const within = async (work: Promise<void>, patienceMs: number): Promise<string | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    const sentence = `it was not ready within ${Math.round(patienceMs / 1000)} seconds.`;
    timer = setTimeout(() => resolve(sentence), patienceMs);
  });
  const done = work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
};

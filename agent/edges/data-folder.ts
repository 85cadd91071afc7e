/** The agent's folder: what lies where in it, and whose it is. */

import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { systemReason } from '../system-reason.ts';
import { UsherError } from '../usher-error.ts';

/** What tells a folder that is kept from those kept before and after it: `2027-01-31-235959`. */
export const suffixOf = (date: Date): string =>
  date.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');

/** Any of these in a folder says that an agent has used it. */
const OUR_NAMES: readonly string[] = [
  'store',
  'agent.key',
  'agent.seal',
  'usher.conf',
  'rules.conf',
];

/** A Unix socket's path must fit into sockaddr_un. */
const SOCKET_PATH_MAX = 107;

export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get store(): string {
    return join(this.path, 'store');
  }

  /** The administrator's rules of lending. */
  get rules(): string {
    return join(this.path, 'rules.conf');
  }

  /** The rules that were in force last. */
  get lastGoodRules(): string {
    return `${this.rules}.last-good`;
  }

  /** A backup that takes the place of what is here. */
  get restoring(): string {
    return join(this.path, 'restoring');
  }

  /** The agent's key (agent-key.ts). */
  get key(): string {
    return join(this.path, 'agent.key');
  }

  /** What the system has sealed for this computer (host-seal.ts). */
  get seal(): string {
    return join(this.path, 'agent.seal');
  }

  /** The agent's own log; older ones lie beside it. */
  get log(): string {
    return join(this.path, 'logs', 'usher.log');
  }

  /** Calls to masters, where they are written down (call-log.ts). */
  get callLog(): string {
    return join(this.path, 'logs', 'calls.log');
  }

  get addons(): string {
    return join(this.path, 'addons');
  }

  /** The local endpoint: only who may enter the folder, or open the pipe, may speak to the agent. */
  get controlPath(): string {
    if (platform() === 'win32') {
      const name = createHash('sha256').update(this.path.toLowerCase()).digest('hex').slice(0, 16);
      return `\\\\.\\pipe\\usher-${name}`;
    }
    const path = join(this.path, 'control.sock');
    if (Buffer.byteLength(path) > SOCKET_PATH_MAX) {
      throw new UsherError(
        'FOLDER_UNUSABLE',
        `The data folder's path is too long for a local socket: choose one under ${SOCKET_PATH_MAX - 13} bytes.`,
      );
    }
    return path;
  }

  /** Makes the folder, readable by its owner alone. Code: FOLDER_UNUSABLE. */
  async prepare(): Promise<void> {
    try {
      if (!(await makeFolder(this.path))) await this.#closeToOthers();
    } catch (error) {
      throw this.unusable(error);
    }
  }

  /** Somebody's mistyped `--data /home` must not close a folder that holds other things. */
  async #closeToOthers(): Promise<void> {
    if (platform() === 'win32') return;
    if (((await stat(this.path)).mode & 0o077) === 0) return;
    const names = await readdir(this.path);
    const isOurs = names.length === 0 || names.some((name) => OUR_NAMES.includes(name));
    if (!isOurs) throw new Error('others can read it and it holds other things');
    await chmod(this.path, 0o700);
  }

  /** Whether anything was ever kept in it. Code: FOLDER_UNUSABLE. */
  async isUsed(): Promise<boolean> {
    const names = await readdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw this.unusable(error);
    });
    return names.some((name) => OUR_NAMES.includes(name));
  }

  /** A mistyped folder is neither made nor called sound. Code: FOLDER_UNUSABLE. */
  async demandUsed(): Promise<void> {
    if (await this.isUsed()) return;
    throw new UsherError(
      'FOLDER_UNUSABLE',
      `No agent has ever kept anything in ${this.path}: name its data folder with --data.`,
    );
  }

  /** What went wrong with the folder, for whoever started the agent. */
  unusable(error: unknown): UsherError {
    if (error instanceof UsherError) return error;
    return new UsherError(
      'FOLDER_UNUSABLE',
      `The data folder ${this.path} cannot be used: ${systemReason(error)}. Mend that, or choose another with --data.`,
      error,
    );
  }

  get #pidFile(): string {
    return join(this.path, 'agent.pid');
  }

  /** Writes down who runs on this folder. */
  async claim(pid: number): Promise<void> {
    try {
      await writeFile(this.#pidFile, `${pid}\n`, { mode: 0o600 });
      if (platform() !== 'win32') await this.#removeControl();
    } catch (error) {
      throw this.unusable(error);
    }
  }

  /** Not by `rm`, of which Node first loads what removes whole trees. */
  async #removeControl(): Promise<void> {
    await unlink(this.controlPath).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  async unclaim(): Promise<void> {
    await rm(this.#pidFile, { force: true });
  }

  /** The process that runs on this folder, or ran and did not end in order. */
  async holder(): Promise<string | undefined> {
    const text = await readFile(this.#pidFile, 'utf8').catch(() => '');
    return /^\d+/.exec(text)?.[0];
  }
}

/**
 * Makes a folder, for its owner alone, and those above it; false when it is there already. Node's own `recursive` never
 * comes back from a file system that makes no folders, such as /proc.
 */
export const makeFolder = async (path: string, belowIsMissing = false): Promise<boolean> => {
  try {
    await mkdir(path, { mode: belowIsMissing ? 0o755 : 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      // Made just now, so what is missing is not above it.
      if (!(await makeFolder(dirname(path), true))) throw error;
      await mkdir(path, { mode: belowIsMissing ? 0o755 : 0o700 });
      return true;
    }
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    throw error;
  }
};

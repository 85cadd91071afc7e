/** A disk of a few megabytes in place of a site's data folder; only root on Linux has one. */

import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Site } from './site.ts';

export const run = promisify(execFile);

export const isLinuxRoot = platform() === 'linux' && process.getuid?.() === 0;

export class SmallDisk implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `how`: more of what mount(8) calls options, such as `noexec`. */
  static async mount(site: Site, ...how: readonly string[]): Promise<SmallDisk> {
    await mkdir(site.data, { mode: 0o700 });
    const options = ['size=8m', 'mode=700', ...how].join(',');
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', site.data]);
    return new SmallDisk(site.data);
  }

  async fill(): Promise<void> {
    const script = 'head -c 16M /dev/zero > "$1/usher.conf.ballast" 2> /dev/null || true';
    await run('sh', ['-c', script, 'sh', this.#folder]);
  }

  empty(): Promise<void> {
    return rm(join(this.#folder, 'usher.conf.ballast'));
  }

  /** From now on it may only be read, or written again. */
  async remount(how: 'ro' | 'rw'): Promise<void> {
    await run('mount', ['-o', `remount,${how}`, this.#folder]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('umount', ['-l', this.#folder]);
  }
}

/**
 * Wine 10 in a Debian root of its own, made once and kept outside the tree: Node 24 needs that
 * version. A program's output goes into a file, because Node under Wine cannot write to a pipe.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheFolder } from '../../scripts/build/tool-cache.ts';

const RELEASE = 'trixie';
const MAKING_MS = 600_000;
const RUNNING_MS = 120_000;

export interface WineRun {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The root with Wine in it, or why there is none. */
export const openWineRoot = (): string => {
  const root = join(defaultCacheFolder(process.env), `debian-${RELEASE}-wine`);
  if (existsSync(root)) return root;
  if (process.getuid?.() !== 0) throw new Error('making a root for Wine needs the rights of root');
  if (spawnSync('which', ['debootstrap']).status !== 0) throw new Error('there is no debootstrap');
  mkdirSync(defaultCacheFolder(process.env), { recursive: true });
  const making = mkdtempSync(`${root}-`);
  const words = ['--variant=minbase', '--include=wine', RELEASE, making];
  const made = spawnSync('debootstrap', words, { stdio: 'ignore', timeout: MAKING_MS });
  if (made.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    throw new Error(`debootstrap ended with ${made.status ?? made.signal}`);
  }
  renameSync(making, root);
  return root;
};

/** A Windows of its own, until it is disposed of. */
export class Wine implements Disposable {
  readonly #root: string;
  /** A folder that both sides see; under `Z:` within. */
  readonly folder: string;

  constructor(root: string) {
    this.#root = root;
    this.folder = mkdtempSync(join(root, 'tmp', 'usher-wine-'));
  }

  /**
   * Keeps Windows up between programs, for services to run on; without it, it goes with the last
   * program that a person started. The first program has made the folder that this needs.
   */
  stayUp(): void {
    mkdirSync(join(this.folder, 'prefix'), { recursive: true });
    const done = this.#inside('sh', '-c', 'exec wineserver --persistent', this.#here);
    if (done.status !== 0) throw new Error(`wineserver ended with ${done.status ?? done.signal}`);
  }

  /** Where a file of drive C lies: `ProgramData/Usher`. */
  onDriveC(path: string): string {
    return join(this.folder, 'prefix', 'drive_c', path);
  }

  /** Runs a program of the folder to its end, with its output in a file. */
  run(program: string, ...words: readonly string[]): WineRun {
    const command = 'cd "$0" && exec wine "$@" >out 2>err';
    const done = this.#inside('sh', '-c', command, this.#here, program, ...words);
    const read = (name: string): string => readFileSync(join(this.folder, name), 'utf8');
    return { status: done.status, out: read('out'), err: read('err') };
  }

  [Symbol.dispose](): void {
    this.#inside('wineserver', '--kill', '--wait');
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #here(): string {
    return this.folder.slice(this.#root.length);
  }

  #inside(...words: readonly string[]): ReturnType<typeof spawnSync> {
    const environment = [
      'PATH=/usr/bin:/bin:/usr/sbin:/sbin:/usr/lib/wine',
      ...[`HOME=${this.#here}`, `WINEPREFIX=${this.#here}/prefix`],
      ...['WINEDEBUG=-all', 'LANG=C.UTF-8'],
    ];
    // Wine finds itself by /proc and the firmware by /sys; both go with this name space.
    const enter =
      'mount -t proc proc "$0/proc" && mount -t sysfs sysfs "$0/sys" && exec env -i "$@"';
    const inside = [...environment, '/usr/sbin/chroot', this.#root, ...words];
    return spawnSync('unshare', ['--mount', 'sh', '-c', enter, this.#root, ...inside], {
      stdio: 'ignore',
      timeout: RUNNING_MS,
    });
  }
}

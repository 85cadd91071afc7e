/** A bare Debian to install into, and releases to install: the one just built and one before it. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { bareDebian } from '../../scripts/build/bare-debian.ts';
import { bundle } from '../../scripts/build/bundle.ts';
import { makeExecutable } from '../../scripts/build/executable.ts';
import { buildPage } from '../../scripts/build/page.ts';
import { parseTargets } from '../../scripts/build/targets.ts';
import { defaultCacheFolder, openToolCache } from '../../scripts/build/tool-cache.ts';
import { linuxFiles } from '../../scripts/packages/linux-files.ts';
import { makeLinuxPackages } from '../../scripts/packages/make-linux-packages.ts';

const tree = process.cwd();

/** Where `npm run build -- packages` has put the release that is tried. */
export const RELEASE = join(tree, 'build', 'out', 'release');
export const OLD_VERSION = '0.0.9';
export const VERSION = (
  JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as { readonly version: string }
).version;

export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** A copy of the root that is thrown away; no service starts in it. */
export class DebianRoot {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'usher-root-'));
    host('cp', '-a', '--reflink=auto', `${bareDebian()}/.`, this.path);
    const policy = join(this.path, 'usr', 'sbin', 'policy-rc.d');
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    mkdirSync(join(this.path, 'release'));
    // Where a program learns its own path.
    host('mount', '-t', 'proc', 'proc', join(this.path, 'proc'));
  }

  /** Copies a file to /release and returns its path inside. */
  bring(file: string, name = basename(file)): string {
    copyFileSync(file, join(this.path, 'release', name));
    return `/release/${name}`;
  }

  /** Runs a command inside, as root. */
  try(...words: readonly string[]): Ended {
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const around = ['-i', `PATH=${path}`, 'DEBIAN_FRONTEND=noninteractive', 'HOME=/root'];
    const done = spawnSync('env', [...around, '/usr/sbin/chroot', this.path, ...words], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { code: done.status ?? -1, text: `${done.stdout}${done.stderr}` };
  }

  /** The same; it must succeed. */
  run(...words: readonly string[]): string {
    const { code, text } = this.try(...words);
    assert.is(code, 0, `${words.join(' ')}: ${text}`);
    return text;
  }

  /** Every file that is no log, cache or book of a package manager. */
  files(): readonly string[] {
    const books = ['/proc', '/sys', '/dev', '/tmp', '/release', '/var/log', '/var/cache', '/root'];
    const kept = [
      '/var/lib/dpkg',
      '/var/lib/apt',
      '/var/lib/rpm',
      '/var/lib/systemd/deb-systemd-helper-enabled',
    ];
    const pruned = [...books, ...kept].flatMap((path) => ['-path', path, '-prune', '-o']);
    return this.run('find', '/', '-xdev', ...pruned, '-print')
      .trim()
      .split('\n')
      .sort();
  }

  [Symbol.dispose](): void {
    host('umount', join(this.path, 'proc'));
    rmSync(this.path, { recursive: true, force: true });
  }
}

export const host = (program: string, ...args: readonly string[]): string => {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  assert.is(done.status, 0, `${program} ${args.join(' ')}: ${done.stderr}${done.stdout}`);
  return done.stdout;
};

/** Builds the release before: the same source under a lower version. Returns its folder. */
export const buildOld = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-old-'));
  const bundleFile = join(folder, 'usher.cjs');
  const entry = join(tree, 'build', 'out', 'js', 'agent', 'main.js');
  const facts = { version: OLD_VERSION, commit: 'before', updateKey: '', level: '' };
  const page = await buildPage(tree);
  await bundle({ root: tree, entry, outfile: bundleFile, page, ...facts });
  const targets = parseTargets(['linux-x64']);
  const [target] = targets.ok ? targets.value : [];
  if (target === undefined) throw new Error('there is no target linux-x64');
  const tools = await openToolCache(defaultCacheFolder(process.env), tree);
  const noticesFile = join(tree, 'build', 'out', 'licenses.txt');
  const order = { root: tree, folder, tools, target, bundleFile, noticesFile };
  const { file } = await makeExecutable({ ...order, version: OLD_VERSION });
  copyFileSync(file, join(folder, `usher-${OLD_VERSION}-linux-x64`));
  const files = await linuxFiles(tree, readFileSync(noticesFile), OLD_VERSION, 0);
  const packages = { files, binary: file, version: OLD_VERSION, time: 0, folder };
  await makeLinuxPackages({ ...packages, architecture: 'x64', kinds: ['deb', 'rpm'] });
  return folder;
};

/** What the guests' tests have in common: what they bring, and what they read of what was told. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/build/run.ts';
import type { Check } from '../vm/guest.ts';
import { openSystemdRoot } from './systemd-root.ts';

export const BINARY = join(process.cwd(), 'build', 'out', 'usher-linux-x64');

export type Checks = ReadonlyMap<string, Check>;

/** Shell functions that every script begins with. The client's files are gone after a reboot. */
export const FUNCTIONS = `
export USHER_INTERFACES=lo HOME=/run/client XDG_STATE_HOME=/run/client; mkdir -p $HOME
# Starts somebody who holds a seat, and returns when he works.
work() {
  usher run --product acme --patience 120 -- sh -c 'echo at work; exec sleep 1000' \\
    >/run/client/said 2>&1 & worker=$!
  for i in $(seq 1200); do grep -q 'at work' /run/client/said && break; sleep 0.1; done
}
still() { kill -0 $worker && cat /run/client/said; }
# Every file but those of the kernel, of this test and of what others remember.
files() {
  find / -xdev \\( -path /payload -o -path /run -o -path /var/log -o -path /var/lib/systemd \\
    -o -path /tmp -o -path /var/tmp -o -path /var/cache -o -path /var/lib/dpkg \\) -prune \\
    -o -printf '%p\\n' | sort
}
`;

/** Signs a license for virtual machines as well; returns its file in the folder. */
export const makeLicense = async (folder: string): Promise<string> => {
  const [key, license] = [join(folder, 'vendor.key'), join(folder, 'license.txt')];
  const usher = (...words: readonly string[]) => run(BINARY, words, { env: { HOME: folder } });
  await usher('vendor', 'keygen', '--out', key);
  const terms = ['--product', 'acme', '--customer', 'ACME', '--seats', '2', '--no-activation'];
  await usher('vendor', 'issue', '--key', key, ...terms, '--allow-virtual', '--out', license);
  return license;
};

/** What a check has printed; it must have ended with this code. */
export const outputOf = (checks: Checks, name: string, code = 0): string => {
  const check = checks.get(name) ?? { output: 'it was never run', code: -1 };
  assert.is(check.code, code, `${name}: ${check.output}`);
  return check.output;
};

/** The seats in a check's JSON. */
export const seatIds = (checks: Checks, name: string): readonly string[] =>
  (JSON.parse(outputOf(checks, name)) as readonly { readonly id: string }[]).map(({ id }) => id);

/** The worker's command goes on, and it was told nothing since it began. */
export const assertUndisturbed = (checks: Checks, name: string): void => {
  const said = outputOf(checks, name).split('\n');
  assert.is(said.at(-2), 'at work', said.join('\n'));
};

/** What guests boot from; where there is none, or `file` is missing, says why no test is run. */
export const openGuest = async (file: string): Promise<string | undefined> => {
  const isHost = process.platform === 'linux' && process.arch === 'x64' && process.getuid?.() === 0;
  try {
    if (!isHost) throw new Error('it takes root on an x64 Linux');
    if (!existsSync(file)) throw new Error(`there is no ${file}`);
    await run('which', [
      'qemu-system-x86_64',
      'debootstrap',
      'busybox',
      'mke2fs',
      'depmod',
      'cpio',
    ]);
    return await openSystemdRoot();
  } catch (error) {
    return void console.log(
      `No guest was booted: ${error instanceof Error ? error.message : error}`,
    );
  }
};

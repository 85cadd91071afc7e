/** Boots a Debian with systemd, has it do what a test brings, and reads what that has told. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/build/run.ts';
import { CHECK, type Check, readChecks } from '../vm/guest.ts';

export interface SystemdTask {
  /** Files to be found under /payload: name to path here. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of shell, after each boot; `check NAME COMMAND…` runs one check, `finish` ends the guest. */
  readonly script: string;
}

/** Most time from the start to the end; on a quiet computer it takes about two minutes. */
const LIMIT_MS = 900_000;
const PAYLOAD_SIZE = '1G';

/** Boots, does the task and powers off. Rejects when it does not come to its end. */
export const runUnderSystemd = async (
  home: string,
  { files, script }: SystemdTask,
): Promise<ReadonlyMap<string, Check>> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-systemd-'));
  try {
    const payload = join(folder, 'payload');
    await mkdir(payload);
    for (const [name, path] of Object.entries(files)) await copyFile(path, join(payload, name));
    await writeFile(join(payload, 'run.sh'), `${CHECK}\n${FINISH}\n${script}\n`);
    const disk = join(folder, 'payload.img');
    await run('mke2fs', ['-q', '-t', 'ext4', '-d', payload, disk, PAYLOAD_SIZE]);
    await rm(payload, { recursive: true });
    const serial = join(folder, 'serial');
    await boot(home, folder, disk, serial);
    const text = (await readFile(serial, 'utf8')).replaceAll('\r', '');
    if (!text.includes('@@END')) {
      const console = await readFile(join(folder, 'console'), 'utf8');
      throw new Error(`The guest did not finish:\n${text.slice(-3000)}\n${console.slice(-1000)}`);
    }
    return readChecks(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const FINISH = 'finish() { echo "@@END"; sync; systemctl poweroff; }';

const boot = async (home: string, folder: string, payload: string, serial: string) => {
  // Nothing is written to the disk that is kept.
  const disk = `file=${join(home, 'disk.img')},if=virtio,format=raw,snapshot=on,cache=unsafe`;
  const append =
    'root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 mitigations=off nopti no5lvl nowatchdog';
  const words = [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1536', '-nodefaults'],
    ...['-display', 'none', '-kernel', join(home, 'vmlinuz'), '-initrd', join(home, 'initrd')],
    ...['-append', append, '-device', 'virtio-rng-pci', '-drive', disk],
    ...['-drive', `file=${payload},if=virtio,format=raw,cache=unsafe`],
    ...['-serial', `file:${join(folder, 'console')}`, '-serial', `file:${serial}`],
  ];
  const qemu = spawn('qemu-system-x86_64', words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  const limit = setTimeout(() => qemu.kill('SIGKILL'), LIMIT_MS);
  await once(qemu, 'close');
  clearTimeout(limit);
};

/**
 * A Debian with systemd that boots: made once from Debian's packages, kept outside the tree under the
 * version of its recipe, and never changed by what boots from it.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/build/run.ts';
import { defaultCacheFolder, fillWhole } from '../../scripts/build/tool-cache.ts';
import { CHECK, type Check, readChecks } from '../vm/guest.ts';

/** Another number for another recipe. */
const NAME = 'systemd-bookworm-1';
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'udev', 'kmod', 'initramfs-tools', 'iproute2', 'procps'],
  'linux-image-cloud-amd64',
];
const IMAGE_SIZE = '2G';

/** Runs what the test brings on the second disk, after each boot until it says that it is done. */
const PAYLOAD_UNIT = `[Unit]
Description=What the test brings
After=multi-user.target
[Service]
ExecStart=/bin/bash -c 'mkdir -p /payload; [ -e /payload/run.sh ] || tar xf /dev/vdb -C /payload; exec bash /payload/run.sh >/dev/ttyS1 2>&1'
[Install]
WantedBy=multi-user.target
`;

/** The folder with kernel, initial root and disk, made when it is missing; needs root and debootstrap. */
export const openSystemdRoot = async (): Promise<string> => {
  const cache = defaultCacheFolder(process.env);
  await mkdir(cache, { recursive: true });
  const home = join(cache, NAME);
  if (!existsSync(home)) {
    console.log('Making a Debian with systemd, once; it takes some minutes.');
    await fillWhole(home, makeRoot);
  }
  return home;
};

const makeRoot = async (partial: string): Promise<void> => {
  const root = join(partial, 'root');
  const include = `--include=${PACKAGES.join(',')}`;
  await run('debootstrap', ['--variant=minbase', include, 'bookworm', root]);
  const units = join(root, 'etc', 'systemd', 'system');
  await writeFile(join(units, 'payload.service'), PAYLOAD_UNIT);
  await symlink('../payload.service', join(units, 'multi-user.target.wants', 'payload.service'));
  await rm(join(root, 'var', 'cache', 'apt', 'archives'), { recursive: true });
  const boot = join(root, 'boot');
  for (const name of await readdir(boot)) {
    if (name.startsWith('vmlinuz-')) await copyFile(join(boot, name), join(partial, 'vmlinuz'));
    if (name.startsWith('initrd')) await copyFile(join(boot, name), join(partial, 'initrd'));
  }
  const image = join(partial, 'disk.img');
  await run('mke2fs', ['-q', '-t', 'ext4', '-d', root, '-L', 'root', image, IMAGE_SIZE]);
  await rm(root, { recursive: true });
};

export interface SystemdTask {
  /** Files to be found under /payload: name to path here. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of shell; `check NAME COMMAND…` runs one check, `finish` ends the guest. */
  readonly script: string;
}

/** Most time from the start to the end, two boots in software on a busy computer included. */
const LIMIT_MS = 480_000;

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
    await run('tar', ['-cf', join(folder, 'payload.tar'), '-C', payload, '.']);
    await rm(payload, { recursive: true });
    const serial = join(folder, 'serial');
    await boot(home, folder, serial);
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

const boot = async (home: string, folder: string, serial: string): Promise<void> => {
  // Nothing is written to the disk that is kept.
  const disk = `file=${join(home, 'disk.img')},if=virtio,format=raw,snapshot=on,cache=unsafe`;
  const tar = `file=${join(folder, 'payload.tar')},if=virtio,format=raw,readonly=on`;
  const words = [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1536', '-nodefaults'],
    ...['-display', 'none', '-kernel', join(home, 'vmlinuz'), '-initrd', join(home, 'initrd')],
    ...['-append', 'root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 mitigations=off'],
    ...['-drive', disk, '-drive', tar, '-device', 'virtio-rng-pci'],
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

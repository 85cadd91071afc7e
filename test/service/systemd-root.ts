/**
 * A Debian with systemd that boots: made once from Debian's packages, kept outside the tree under the
 * version of its recipe, and never changed by what boots from it.
 */

import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../scripts/build/run.ts';
import { defaultCacheFolder, fillWhole } from '../../scripts/build/tool-cache.ts';
import { packFolder } from '../vm/guest-root.ts';

/** Another number for another recipe. */
const NAME = 'systemd-bookworm-2';
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'udev', 'kmod', 'iproute2', 'procps', 'nftables'],
  'linux-image-cloud-amd64',
];
const IMAGE_SIZE = '2G';

/** What a server has running and no test looks at: each costs seconds in an emulated computer. */
const LEFT_OUT = [
  ...['e2scrub_reap.service', 'e2scrub_all.timer', 'apt-daily.timer', 'apt-daily-upgrade.timer'],
  ...['dpkg-db-backup.timer', 'fstrim.timer', 'systemd-logind.service', 'getty.target'],
  ...['systemd-update-utmp.service', 'systemd-update-utmp-runlevel.service'],
  ...['systemd-pstore.service', 'modprobe@efi_pstore.service', 'modprobe@drm.service'],
  ...['modprobe@fuse.service', 'modprobe@loop.service', 'modprobe@dm_mod.service'],
];

/** What the kernel loads to come to its disk, below `kernel/` of the modules. */
const DRIVERS = [
  ...['drivers/virtio', 'drivers/block/virtio_blk.ko', 'fs/ext4', 'fs/jbd2', 'fs/mbcache.ko'],
  ...['lib', 'crypto/crc32c_generic.ko', 'crypto/crc16.ko'],
];

/** From the disk to systemd, without looking for anything that an emulated computer has not. */
const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t devtmpfs dev /dev
modprobe crc32c_generic; modprobe virtio_pci; modprobe virtio_blk; modprobe ext4
until [ -b /dev/vda ]; do sleep 0.05; done
mount -t ext4 /dev/vda /root
umount /proc; mount --move /dev /root/dev
exec switch_root /root /sbin/init
`;

/** Runs what the test brings on the second disk, after each boot until it says that it is done. */
const PAYLOAD_UNIT = `[Unit]
Description=What the test brings
After=multi-user.target
[Service]
ExecStart=/bin/bash -c 'mkdir -p /payload; mount /dev/vdb /payload; exec bash /payload/run.sh >/dev/ttyS1 2>&1'
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
  for (const unit of LEFT_OUT) {
    await rm(join(units, unit), { force: true });
    await symlink('/dev/null', join(units, unit));
  }
  await rm(join(root, 'var', 'cache', 'apt', 'archives'), { recursive: true });
  const boot = join(root, 'boot');
  const kernel = (await readdir(boot)).find((name) => name.startsWith('vmlinuz-')) ?? '';
  await copyFile(join(boot, kernel), join(partial, 'vmlinuz'));
  await makeInitialRoot(partial, root, kernel.replace('vmlinuz-', ''));
  const image = join(partial, 'disk.img');
  await run('mke2fs', ['-q', '-t', 'ext4', '-d', root, '-L', 'root', image, IMAGE_SIZE]);
  await rm(root, { recursive: true });
};

const makeInitialRoot = async (partial: string, root: string, version: string): Promise<void> => {
  const initial = join(partial, 'initial');
  for (const folder of ['bin', 'dev', 'proc', 'root', 'sbin'])
    await mkdir(join(initial, folder), { recursive: true });
  await copyFile((await run('which', ['busybox'])).trim(), join(initial, 'bin', 'busybox'));
  const modules = join('lib', 'modules', version);
  for (const driver of DRIVERS) {
    const from = join(root, modules, 'kernel', driver);
    const to = join(initial, modules, 'kernel', driver);
    await mkdir(dirname(to), { recursive: true });
    if (existsSync(from)) await cp(from, to, { recursive: true });
  }
  for (const name of ['modules.builtin', 'modules.order'])
    await copyFile(join(root, modules, name), join(initial, modules, name));
  await run('depmod', ['-b', initial, version]);
  await writeFile(join(initial, 'init'), INIT, { mode: 0o755 });
  await packFolder(initial, join(partial, 'initrd'));
  await rm(initial, { recursive: true });
};

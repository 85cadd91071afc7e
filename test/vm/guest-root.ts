/**
 * What a guest boots from: a Debian kernel as its package ships it, and a small root in memory with
 * busybox, the drivers of emulated and of disguised devices, and the libraries that the binary needs.
 * Made once from Debian's packages and kept outside the tree, under the kernel's version.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../scripts/build/run.ts';
import { defaultCacheFolder, fillWhole } from '../../scripts/build/tool-cache.ts';

export interface GuestRoot {
  readonly kernel: string;
  /** The root as a cpio archive; what a test adds is appended to it. */
  readonly archive: string;
}

/** Drivers that a distribution would load for such machines, below `kernel/` of the modules. */
const DRIVERS = [
  ...['drivers/virtio', 'drivers/block/virtio_blk.ko', 'drivers/net/virtio_net.ko'],
  ...['drivers/net/net_failover.ko', 'net/core', 'drivers/net/ethernet/intel/e1000'],
  ...['drivers/net/ethernet/intel/e1000e', 'drivers/ata', 'drivers/scsi/scsi_mod.ko'],
  ...['drivers/scsi/scsi_common.ko', 'drivers/scsi/sd_mod.ko', 'drivers/scsi/sr_mod.ko'],
  ...['drivers/cdrom', 'block', 'lib', 'drivers/firmware', 'drivers/pps', 'drivers/ptp'],
  ...['drivers/input/mouse', 'drivers/input/keyboard', 'drivers/hid', 'drivers/usb/core'],
  ...['drivers/usb/common', 'drivers/usb/host', 'drivers/i2c/busses/i2c-i801.ko'],
  ...['drivers/i2c/busses/i2c-piix4.ko', 'drivers/i2c/i2c-smbus.ko', 'drivers/mfd/lpc_ich.ko'],
  ...['drivers/acpi', 'drivers/thermal', 'drivers/hwmon/coretemp.ko', 'drivers/powercap'],
];

/** Where the guests' kernel and root are, made when they are missing; else why they cannot be. */
export const openGuestRoot = async (binary: string): Promise<GuestRoot | string> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is no x64 Linux';
  const tools = ['qemu-system-x86_64', 'busybox', 'cpio', 'depmod', 'apt-get', 'dpkg-deb', 'ldd'];
  const missing = tools.filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  const cache = defaultCacheFolder(process.env);
  await mkdir(cache, { recursive: true });
  const kernelPackage = await newestKernel();
  const known = (await readdir(cache)).filter((name) => /^guest-[^.]*[\d.]+-\d+-amd64$/.test(name));
  const home = join(cache, kernelPackage?.replace('linux-image', 'guest') ?? known.at(-1) ?? '');
  if (!existsSync(join(home, 'root.cpio'))) {
    if (kernelPackage === undefined) return 'Debian’s packages are not known here';
    try {
      await fillWhole(home, (partial) => makeRoot(partial, kernelPackage, binary));
    } catch (error) {
      return `the guest could not be made: ${error instanceof Error ? error.message : error}`;
    }
  }
  return { kernel: join(home, 'vmlinuz'), archive: join(home, 'root.cpio') };
};

/** The package that `linux-image-amd64` stands for. */
const newestKernel = async (): Promise<string | undefined> => {
  const ask = async (): Promise<string | undefined> => {
    const text = await run('apt-cache', ['depends', 'linux-image-amd64']).catch(() => '');
    return /Depends: (linux-image-\S+)/.exec(text)?.[1];
  };
  const known = await ask();
  if (known !== undefined || process.getuid?.() !== 0) return known;
  await run('apt-get', ['update', '-qq']).catch(() => '');
  return ask();
};

const makeRoot = async (partial: string, kernelPackage: string, binary: string): Promise<void> => {
  const unpacked = join(partial, 'unpacked');
  const root = join(partial, 'root');
  await run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', kernelPackage], {
    cwd: partial,
  });
  const archive = (await readdir(partial)).find((name) => name.endsWith('.deb')) ?? '';
  await run('dpkg-deb', ['-x', archive, unpacked], { cwd: partial });
  const version = kernelPackage.replace('linux-image-', '');
  for (const folder of ['bin', 'dev', 'proc', 'sys', 'tmp', 'etc', 'run', 'lib64', 'sbin'])
    await mkdir(join(root, folder), { recursive: true });
  await copyFile((await run('which', ['busybox'])).trim(), join(root, 'bin', 'busybox'));
  await copyDrivers(
    join(unpacked, 'lib', 'modules', version),
    join(root, 'lib', 'modules', version),
  );
  await run('depmod', ['-b', root, version]);
  await copyLibraries(binary, root);
  await writeFile(join(root, 'init'), INIT, { mode: 0o755 });
  await packFolder(root, join(partial, 'root.cpio'));
  await rename(join(unpacked, 'boot', `vmlinuz-${version}`), join(partial, 'vmlinuz'));
  for (const name of [archive, 'unpacked', 'root'])
    await rm(join(partial, name), { recursive: true });
};

const copyDrivers = async (from: string, to: string): Promise<void> => {
  for (const driver of DRIVERS) {
    const source = join(from, 'kernel', driver);
    if (!existsSync(source)) continue;
    const target = join(to, 'kernel', driver);
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target, { recursive: true });
  }
  for (const name of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'])
    await copyFile(join(from, name), join(to, name));
};

/** The loader and the libraries that the binary names, where it looks for them. */
const copyLibraries = async (binary: string, root: string): Promise<void> => {
  for (const [path] of (await run('ldd', [binary])).matchAll(/\/\S+/g)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
};

/** Packs a folder as the kernel takes it. */
export const packFolder = async (folder: string, archive: string): Promise<void> => {
  await run('sh', ['-c', 'find . | cpio -o -H newc --quiet > "$0"', archive], { cwd: folder });
};

/** Loads what the hardware asks for, as a distribution does, then runs what the test has added. */
const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/sbin HOME=/tmp
mount -t proc proc /proc; mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null; mount -t tmpfs run /run; mount -t tmpfs tmp /tmp
chmod 1777 /tmp /run
echo 'root:x:0:0::/tmp:/bin/sh' >/etc/passwd
echo 'nobody:x:65534:65534::/tmp:/bin/sh' >>/etc/passwd
echo 3 >/proc/sys/kernel/printk
for pass in 1 2; do
  find /sys/devices -name modalias | xargs cat | sort -u | xargs -n 40 modprobe -a -q 2>/dev/null
done
for module in dmi_sysfs qemu_fw_cfg sd_mod; do modprobe -q $module; done
ip link set lo up; ip addr add 127.0.0.1/8 dev lo 2>/dev/null
stty -onlcr -echo </dev/ttyS0
sh /payload/run.sh >/dev/ttyS0 2>/dev/ttyS0 </dev/null
echo "@@END" >/dev/ttyS0
sleep 0.2; echo o >/proc/sysrq-trigger; poweroff -f
`;

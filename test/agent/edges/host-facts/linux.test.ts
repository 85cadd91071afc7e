import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type HostFacts, parseHostFacts } from '../../../../agent/core/host/host-facts.ts';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';
import { readLinuxFacts } from '../../../../agent/edges/host-facts/linux.ts';
import { fakeTree } from './fake-tree.ts';

const read = (
  contents: Readonly<Record<string, string>>,
  arch = 'x64',
  environment: Readonly<Record<string, string>> = {},
): HostFacts => {
  using tree = fakeTree(contents);
  return readLinuxFacts({ root: tree.root, arch, environment });
};

const DMI = {
  '/sys/class/dmi/id/sys_vendor': 'Dell Inc.\n',
  '/sys/class/dmi/id/product_name': 'OptiPlex 7080\n',
  '/sys/class/dmi/id/board_vendor': 'Dell Inc.\n',
  '/sys/class/dmi/id/bios_vendor': 'Dell Inc.\n',
  '/sys/class/dmi/id/product_serial': 'SECRET1\n',
  '/sys/class/dmi/id/chassis_asset_tag': 'Room 12, Mrs Example\n',
  '/sys/class/dmi/id/modalias': 'dmi:bvnDellInc.:svnDellInc.:pnOptiPlex7080:rvnDellInc.:\n',
};
const CPU = {
  '/proc/cpuinfo': [
    'processor\t: 0',
    'vendor_id\t: GenuineIntel',
    'cpu family\t: 6',
    'model\t\t: 165',
    'model name\t: Intel(R) Core(TM) i7-10700 CPU @ 2.90GHz',
    'microcode\t: 0xf8',
    'flags\t\t: fpu vme vmx',
    '',
  ].join('\n'),
};
const PCI = {
  '/sys/bus/pci/devices/0000:00:00.0/uevent':
    'PCI_CLASS=60000\nPCI_ID=8086:9B43\nPCI_SUBSYS_ID=1028:09A4\nPCI_SLOT_NAME=0000:00:00.0\n',
  '/sys/bus/pci/devices/0000:00:02.0/uevent':
    'DRIVER=i915\nPCI_CLASS=30000\nPCI_ID=8086:9BC5\nPCI_SUBSYS_ID=1028:09A4\n',
  '/proc/bus/pci/devices': '0000\t80869b43\t0\t0\n0010\t80869bc5\t10\t0\ti915\n',
};
const MACHINE = {
  ...DMI,
  ...CPU,
  ...PCI,
  '/sys/class/hwmon/hwmon0/name': 'coretemp\n',
  '/sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
  '/sys/class/thermal/cooling_device0/type': 'Processor\n',
  '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc hpet acpi_pm \n',
  '/sys/firmware/acpi/tables/DSDT': 'x',
  '/sys/bus/acpi/devices/PNP0A08:00/': '',
  '/sys/bus/acpi/devices/device:01/': '',
  '/proc/version': 'Linux version 6.1.0 (jane@work.example) (gcc 12) #1 SMP Debian 6.1.1\n',
  '/proc/bus/input/devices':
    'I: Bus=0003 Vendor=413c\nN: Name="Dell KB216"\n\nI: Bus=0005 Vendor=05ac\nN: Name="Jane’s mouse"\n',
};

test('a real machine is read and judged so', () => {
  const facts = read(MACHINE);
  assert.equal(facts.pci, [
    '0000:00:00.0 060000 8086:9b43 1028:09a4 -',
    '0000:00:02.0 030000 8086:9bc5 1028:09a4 i915',
  ]);
  assert.equal(facts.pci_copy, ['8086:9b43', '8086:9bc5']);
  assert.is(facts.cpu?.model, 'Intel(R) Core(TM) i7-10700 CPU @ 2.90GHz');
  assert.is(facts.cpu?.hypervisor_flag, false);
  assert.equal(facts.thermal_zones, ['thermal_zone0 x86_pkg_temp']);
  assert.equal(facts.acpi_hids, ['PNP0A08']);
  assert.is(facts.unreadable, undefined);
  const { verdict, evidence } = judgeHost(facts);
  assert.is(verdict, 'physical', JSON.stringify(evidence));
});

test('what is read is what a recorded file may hold', () => {
  const facts = read(MACHINE);
  assert.equal(parseHostFacts(JSON.parse(JSON.stringify(facts))), { ok: true, value: facts });
});

test('nothing that names a person or a unit is read', () => {
  const text = JSON.stringify(read(MACHINE, 'x64', { USER: 'jane', HOME: '/home/jane' }));
  for (const secret of ['SECRET1', 'Mrs Example', 'jane', 'Jane'])
    assert.not.ok(text.includes(secret), secret);
});

test('a masked /sys is unknown and says what to open', () => {
  const facts = read(CPU);
  assert.equal(facts.unreadable, ['/sys/class/dmi', '/sys/bus/pci']);
  assert.is(judgeHost(facts).verdict, 'unknown');
});

test('an empty tree is unknown, on either kind of processor', () => {
  assert.is(judgeHost(read({})).verdict, 'unknown');
  assert.is(judgeHost(read({}, 'arm64')).verdict, 'unknown');
});

test('a pipe in place of a file does not hold the reader', () => {
  using tree = fakeTree(MACHINE);
  const pipe = `${tree.root}/sys/class/dmi/id/product_family`;
  execFileSync('mkfifo', [pipe]);
  const facts = readLinuxFacts({ root: tree.root, arch: 'x64', environment: {} });
  assert.is(facts.dmi?.product_family, undefined);
});

test('arm64 boards are named by their device tree', () => {
  const facts = read(
    {
      '/proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
      '/proc/device-tree/compatible': 'raspberrypi,4-model-b\0brcm,bcm2711\0',
      '/proc/device-tree/soc/': '',
      '/proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp asimd\n\nModel\t\t: Raspberry Pi 4\n',
    },
    'arm64',
  );
  assert.is(facts.device_tree?.model, 'Raspberry Pi 4 Model B Rev 1.4');
  assert.equal(facts.device_tree?.compatible, ['raspberrypi,4-model-b', 'brcm,bcm2711']);
  assert.is(judgeHost(facts).verdict, 'physical');
});

test('an arm64 guest of QEMU is told by its tree and its virtio', () => {
  const facts = read(
    {
      '/proc/device-tree/model': 'linux,dummy-virt\0',
      '/proc/device-tree/fw-cfg@9020000/': '',
      '/sys/bus/virtio/devices/virtio0': '-> ../../../devices/platform/a003e00.virtio_mmio/virtio0',
    },
    'arm64',
  );
  assert.equal(facts.virtio, ['- mmio']);
  assert.is(judgeHost(facts).verdict, 'virtual');
});

test('root reads who made the ACPI tables', () => {
  const head = 'DSDT\x10\x20\0\0\x01\x7f';
  const facts = read({
    ...MACHINE,
    '/sys/firmware/acpi/tables/DSDT': `${head}BOCHS BXPC    \x01\0`,
  });
  assert.equal(facts.acpi_oems, ['DSDT BOCHS_ BXPC____']);
  assert.is(judgeHost(facts).hypervisor, 'qemu');
});

test('dom0 is told from a Xen guest', () => {
  const xen = {
    ...MACHINE,
    '/sys/hypervisor/type': 'xen\n',
    '/proc/cpuinfo': CPU['/proc/cpuinfo'].replace(' vmx', ' hypervisor'),
  };
  const features = '/sys/hypervisor/properties/features';
  assert.is(judgeHost(read({ ...xen, [features]: '000228f0\n' })).verdict, 'physical');
  assert.is(judgeHost(read({ ...xen, [features]: '00002705\n' })).verdict, 'virtual');
  assert.is(
    judgeHost(read({ ...xen, '/proc/xen/capabilities': 'control_d\n' })).verdict,
    'physical',
  );
});

test('the disguised guest is caught: its door, its clock, its buses', () => {
  const guest = { ...MACHINE, '/proc/ioports': '0000-0000 : PCI Bus\n  0000-0000 : fw_cfg_io\n' };
  assert.is(judgeHost(read(guest)).hypervisor, 'qemu');
  assert.is(
    judgeHost(read({ ...MACHINE, '/sys/firmware/qemu_fw_cfg/rev': '3' })).verdict,
    'virtual',
  );
});

test('a function that one list forgets is tampering', () => {
  const forged = { ...MACHINE, '/proc/bus/pci/devices': '0000\t80869b43\t0\n' };
  assert.is(judgeHost(read(forged)).verdict, 'unknown');
});

const mounts = (...lines: readonly string[]): Readonly<Record<string, string>> => ({
  '/proc/self/mountinfo': `${lines.join('\n')}\n`,
});

test('mounts over kernel files are seen, the kernel’s own are not', () => {
  const usual = [
    '22 1 0:21 / /proc rw - proc proc rw',
    '23 1 0:22 / /sys ro,nosuid - sysfs sysfs rw',
    '24 23 0:23 / /sys/firmware/efi/efivars rw - efivarfs efivarfs rw',
    '25 23 0:22 /firmware /sys/firmware ro - sysfs sysfs rw',
  ];
  assert.is(read({ ...MACHINE, ...mounts(...usual) }).covered, undefined);
  const forged = read({
    ...MACHINE,
    ...mounts(
      ...usual,
      '30 22 8:1 /tmp/fake /proc/cpuinfo rw - ext4 /dev/sda1 rw',
      '31 23 0:22 /kernel/empty /sys/bus/pci rw - sysfs sysfs rw',
    ),
  });
  assert.equal(forged.covered, ['/proc/cpuinfo', '/sys/bus/pci']);
  const bare = read({ ...MACHINE, ...mounts(...usual, '32 1 0:40 / /sys rw - tmpfs none rw') });
  assert.equal(bare.covered, ['/sys']);
  assert.is(judgeHost(forged).verdict, 'unknown');
});

test('Docker is told by its mounts, and its ids are not kept', () => {
  const id = '3f8c6a9e7b1d5f4c2a0e8d6b4f2c1a9e7d5b3f1c0a8e6d4b2f0c9a7e5d3b1f8c';
  const facts = read({
    ...MACHINE,
    ...mounts(
      '40 1 0:50 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/ABC:/home/jane/x',
      `41 40 8:1 /var/lib/docker/containers/${id}/hosts /etc/hosts rw - ext4 /dev/sda1 rw`,
    ),
  });
  assert.not.ok(JSON.stringify(facts).includes(id));
  assert.not.ok(JSON.stringify(facts).includes('jane'));
  const judged = judgeHost(facts);
  assert.is(judged.container, 'docker');
  assert.is(judged.host, 'physical');
});

test('a pod is told by the agent’s own environment', () => {
  const facts = read(MACHINE, 'x64', { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOME: '/root' });
  assert.is(facts.container?.pid1_environment, 'KUBERNETES_SERVICE_HOST=…');
  assert.is(judgeHost(facts).container, 'kubernetes');
});

test('systemd’s note of a container is read', () => {
  const facts = read({ ...MACHINE, '/run/systemd/container': 'lxc\n' });
  assert.is(judgeHost(facts).container, 'lxc');
});

test.run();

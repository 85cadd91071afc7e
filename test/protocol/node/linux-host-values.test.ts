import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHostComponents } from '../../../protocol/host-component.ts';
import { linuxHostValues } from '../../../protocol/node/linux-host-values.ts';
import { fakeTree } from '../../agent/edges/host-facts/fake-tree.ts';

type Tree = Readonly<Record<string, string>>;

/** `kind value` of each component. */
const read = (contents: Tree, closed: readonly string[] = []): readonly string[] => {
  using tree = fakeTree(contents);
  for (const path of closed) chmodSync(join(tree.root, path), 0o400);
  return toHostComponents(linuxHostValues(tree.root)).map(({ kind, value }) => `${kind} ${value}`);
};

const LAPTOP: Tree = {
  '/etc/machine-id': '8f2c1f5f0b5e4d7f9b1d4c3a2e1f0a9b\n',
  '/var/lib/dbus/machine-id': 'other\n',
  '/sys/class/dmi/id/sys_vendor': 'LENOVO\n',
  '/sys/class/dmi/id/product_name': 'Default string\n',
  '/sys/class/dmi/id/board_name': '20XW\n',
  '/sys/class/dmi/id/product_uuid': '4c4c4544-0042-3510-8053-b7c04f573533\n',
  '/proc/cpuinfo': 'processor\t: 0\nmodel\t\t: 165\nmodel name\t: Intel(R) Core(TM) i7\n',
  '/sys/block/nvme0n1/device/serial': 'S4EVNX0R123456  \n',
  '/sys/block/nvme0n1/wwid': 'eui.0025385b71b1b1b1\n',
  '/sys/block/sda': '-> ../devices/pci0000:00/0000:00:14.0/usb1/1-1/host0/block/sda',
  '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/host0/block/sda/device/wwid': 'naa.500a0751\n',
  '/sys/block/sdb/device/wwid': 't10.ATA Samsung SSD 860 S3Z9\n',
  '/sys/block/sdb/removable': '0\n',
  '/sys/block/sdc/device/wwid': 'naa.5000c500\n',
  '/sys/block/sdc/removable': '1\n',
  '/sys/block/sdd': '-> ../devices/platform/host5/session1/target5:0:0/block/sdd',
  '/sys/devices/platform/host5/session1/target5:0:0/block/sdd/device/wwid': 'naa.600140\n',
  '/sys/block/mmcblk0/device/serial': '0x1234abcd\n',
  '/sys/block/mmcblk0/device/type': 'SD\n',
  '/sys/block/loop0/serial': 'loop-1\n',
  '/sys/block/dm-0/device/serial': 'dm-1\n',
  '/sys/class/net/eth0/device/': '',
  '/sys/class/net/eth0/address': 'f0:1f:af:12:34:56\n',
  '/sys/class/net/eth0/addr_assign_type': '0\n',
  '/sys/class/net/wlan0/device/': '',
  '/sys/class/net/wlan0/address': 'f2:11:22:33:44:55\n',
  '/sys/class/net/wlan0/addr_assign_type': '3\n',
  '/sys/class/net/wlan0/phy80211/macaddress': 'f4:46:37:aa:bb:cc\n',
  '/sys/class/net/eth1/device/': '',
  '/sys/class/net/eth1/address': 'f0:1f:af:12:34:56\n',
  '/sys/class/net/eth1/addr_assign_type': '2\n',
  '/sys/class/net/eth1/bonding_slave/perm_hwaddr': 'f0:1f:af:65:43:21\n',
};
const EXPECTED = [
  'machine-id 8f2c1f5f0b5e4d7f9b1d4c3a2e1f0a9b',
  'board lenovo, 20xw',
  'disk s4evnx0r123456',
  'disk t10.ata samsung ssd 860 s3z9',
  'mac f01faf123456',
  'mac f01faf654321',
  'mac f44637aabbcc',
  'cpu intel(r) core(tm) i7',
];

test('a laptop: fixed disks by number, built-in ports by permanent address', () => {
  assert.equal([...read(LAPTOP)].sort(), [...EXPECTED].sort());
});

test('a port that is plugged in, made up, or a slice of another does not count', () => {
  const more: Tree = {
    '/sys/class/net/usb0/address': '00:e0:4c:11:22:33\n',
    '/sys/class/net/usb0/device/subsystem': '-> ../../../../bus/usb',
    '/sys/class/net/dock0/device/removable': 'removable\n',
    '/sys/class/net/dock0/address': '00:e0:4c:11:22:34\n',
    '/sys/class/net/vf0/device/physfn/': '',
    '/sys/class/net/vf0/address': '00:1b:21:11:22:34\n',
    '/sys/class/net/set0/device/': '',
    '/sys/class/net/set0/address': '00:1b:21:11:22:35\n',
    '/sys/class/net/set0/addr_assign_type': '3\n',
    '/sys/class/net/tun0/address': '00:1b:21:11:22:36\n',
    '/sys/class/net/docker0/address': '02:42:ac:11:00:01\n',
    '/sys/class/net/kvm0/device/': '',
    '/sys/class/net/kvm0/address': '52:54:00:12:34:56\n',
  };
  assert.equal(read({ ...LAPTOP, ...more }), read(LAPTOP));
});

test('what only root may read does not count, so that every user has the same', () => {
  const serial = '/sys/block/nvme0n1/device/serial';
  const found = read(LAPTOP, [serial, '/etc/machine-id']);
  assert.ok(found.includes('disk eui.0025385b71b1b1b1'), 'the next place is asked');
  assert.not.ok(found.some((one) => one.includes('s4evnx0r')));
  assert.ok(found.includes('machine-id other'));
});

test('a board with a device tree has its own number', () => {
  const board: Tree = {
    '/proc/device-tree/serial-number': '10000000a1b2c3d4\0',
    '/proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
    '/proc/cpuinfo': 'processor\t: 0\n\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B\n',
  };
  assert.equal(read(board), [
    'system 10000000a1b2c3d4',
    'board raspberry pi 4 model b rev 1.4',
    'cpu raspberry pi 4 model b',
  ]);
});

test('an empty computer has nothing', () => {
  assert.equal(read({ '/etc/machine-id': 'uninitialized\n' }), []);
});

test.run();

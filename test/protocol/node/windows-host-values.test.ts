import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHostComponents } from '../../../protocol/host-component.ts';
import { windowsHostValues } from '../../../protocol/node/windows-host-values.ts';

const key = (path: string, values: Readonly<Record<string, string>>): string =>
  [
    '',
    `HKEY_LOCAL_MACHINE\\${path}`,
    ...Object.entries(values).map(([name, value]) => `    ${name}    REG_SZ    ${value}`),
  ].join('\r\n');

const SCSI = 'HARDWARE\\DEVICEMAP\\Scsi';
const disk = (port: number, driver: string, values: Readonly<Record<string, string>>): string =>
  [
    key(`${SCSI}\\Scsi Port ${port}`, { Driver: driver }),
    key(`${SCSI}\\Scsi Port ${port}\\Scsi Bus 0\\Target Id 0\\Logical Unit Id 0`, values),
  ].join('\r\n');

test('the registry tells installation, hardware, model and fixed disks', () => {
  const found = windowsHostValues({
    guid: key('SOFTWARE\\Microsoft\\Cryptography', { MachineGuid: '1b2c-AA' }),
    config: key('SYSTEM\\HardwareConfig', { LastConfig: '{4C4C4544-0042-3510-8053-B7C04F573533}' }),
    bios: key('HARDWARE\\DESCRIPTION\\System\\BIOS', {
      SystemManufacturer: 'Dell Inc.',
      SystemProductName: 'OptiPlex 7080',
      BaseBoardProduct: 'To be filled by O.E.M.',
    }),
    disks: [
      disk(0, 'stornvme', { Type: 'DiskPeripheral', SerialNumber: '0025_38B1_71B1_B1B1.' }),
      disk(1, 'storahci', { Type: 'CdRomPeripheral', SerialNumber: 'CD1234' }),
      disk(2, 'UASPStor', { Type: 'DiskPeripheral', SerialNumber: 'STICK1' }),
      disk(10, 'storahci', { Type: 'DiskPeripheral', SerialNumber: 'S3Z9NB0K' }),
    ].join('\r\n'),
  });
  assert.equal(toHostComponents(found), [
    { kind: 'machine-id', value: '1b2c-aa' },
    { kind: 'system', value: '4c4c4544-0042-3510-8053-b7c04f573533' },
    { kind: 'board', value: 'dell inc., optiplex 7080' },
    { kind: 'disk', value: '0025_38b1_71b1_b1b1.' },
    { kind: 'disk', value: 's3z9nb0k' },
  ]);
});

test('a registry without answers tells nothing', () => {
  assert.equal(toHostComponents(windowsHostValues({})), []);
});

test.run();

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHostFacts } from '../../../../agent/core/host/host-facts.ts';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';
import {
  REGISTRY_QUESTIONS,
  registryToFacts,
} from '../../../../agent/edges/host-facts/windows-facts.ts';
import { parseRegistry } from '../../../../protocol/node/windows-registry.ts';

const key = (path: string, values: Readonly<Record<string, string>> = {}): string =>
  [
    '',
    `HKEY_LOCAL_MACHINE\\${path}`,
    ...Object.entries(values).map(([name, value]) => `    ${name}    REG_SZ    ${value}`),
    '',
  ].join('\r\n');

const BIOS = 'HARDWARE\\DESCRIPTION\\System\\BIOS';
const ENUM = 'SYSTEM\\CurrentControlSet\\Enum';

const laptop = new Map([
  [
    'bios',
    key(BIOS, {
      SystemManufacturer: 'LENOVO',
      SystemProductName: '20W0CTO1WW',
      BIOSVendor: 'LENOVO',
    }),
  ],
  [
    'copy',
    key('SYSTEM\\CurrentControlSet\\Control\\SystemInformation', {
      SystemManufacturer: 'LENOVO',
      SystemProductName: '20W0CTO1WW',
    }),
  ],
  [
    'cpu',
    key('HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0', {
      ProcessorNameString: '11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz',
      VendorIdentifier: 'GenuineIntel',
    }),
  ],
  ['acpi:DSDT', key('HARDWARE\\ACPI\\DSDT\\LENOVO')],
  [
    'present:PCI',
    key(`${ENUM}\\PCI\\VEN_8086&DEV_9A14&SUBSYS_508017AA&REV_01\\3&11583659&0&00\\Control`),
  ],
]);

const judge = (more: readonly (readonly [string, string])[]) => {
  const facts = registryToFacts(new Map([...laptop, ...more]), 'x64');
  return { facts, judged: judgeHost(facts) };
};

test('the registry’s printed form is read', () => {
  const keys = parseRegistry(
    [
      'HKEY_LOCAL_MACHINE\\A\\B',
      '    Name    REG_SZ    two  words ',
      '    Many    REG_MULTI_SZ    one\\0two',
      '    Number    REG_DWORD    0x1',
      '    Blob    REG_BINARY    00FF',
      '    Empty    REG_SZ    ',
      '',
      'End of search: 1 match(es) found.',
    ].join('\r\n'),
  );
  assert.equal(keys, [
    {
      path: 'HKEY_LOCAL_MACHINE\\A\\B',
      values: { Name: 'two  words', Many: 'one\0two', Number: '0x1', Empty: '' },
    },
  ]);
  assert.equal(parseRegistry('ERROR: The system was unable to find the key.'), []);
});

test('a laptop is real, whatever of Hyper-V it carries', () => {
  const { facts, judged } = judge([
    ['present:ACPI', key(`${ENUM}\\ACPI\\VMBUS\\0\\Control`)],
    ['present:SCSI', key(`${ENUM}\\SCSI\\Disk&Ven_Msft&Prod_Virtual_Disk\\2&1f4adffe&0\\Control`)],
  ]);
  assert.is(judged.verdict, 'physical', JSON.stringify(judged.evidence));
  assert.equal(facts.dmi?.product_name, '20W0CTO1WW');
  assert.equal(parseHostFacts(JSON.parse(JSON.stringify(facts))), { ok: true, value: facts });
});

test('a remembered device is a ghost, a present one evidence', () => {
  const device = 'VEN_1AF4&DEV_1002&SUBSYS_00051AF4&REV_00';
  const ghost = judge([['known:PCI', key(`${ENUM}\\PCI\\${device}`)]]);
  assert.equal(ghost.facts.ghost_devices, [`PCI\\${device}`]);
  assert.is(ghost.judged.verdict, 'physical');
  const present = judge([
    ['known:PCI', key(`${ENUM}\\PCI\\${device}`)],
    ['present:PCI', key(`${ENUM}\\PCI\\${device}\\3&13c0b0c5&0&28\\Control`)],
  ]);
  assert.equal(present.facts.ghost_devices, []);
  assert.is(present.judged.verdict, 'virtual');
});

test('a driver’s own list of devices counts as present', () => {
  const { judged } = judge([
    [
      'driver:disk',
      key('SYSTEM\\CurrentControlSet\\Services\\disk\\Enum', {
        '0': 'SCSI\\Disk&Ven_VBOX&Prod_HARDDISK\\4&2617aeae&0&000000',
        Count: '0x1',
      }),
    ],
    ['acpi:DSDT', key('HARDWARE\\ACPI\\DSDT\\VBOX__')],
  ]);
  assert.is(judged.verdict, 'virtual');
  assert.is(judged.hypervisor, 'virtualbox');
});

test('the firmware’s version tells who made its tables', () => {
  const path = 'HARDWARE\\DESCRIPTION\\System';
  const judged = (version: string) =>
    judge([['system', key(path, { SystemBiosVersion: version })]]).judged;
  assert.is(judged('LENOVO - 1600').verdict, 'physical');
  assert.is(judged('VBOX   - 1').hypervisor, 'virtualbox');
  assert.is(judged('BOCHS  - 1').hypervisor, 'qemu');
  assert.is(judged('PRLS   - 1').hypervisor, 'parallels');
});

test('the last part of an instance, which can be a serial number, is not kept', () => {
  const { facts } = judge([
    ['present:USB', key(`${ENUM}\\USB\\VID_0781&PID_5567\\SERIAL4711\\Control`)],
  ]);
  assert.ok(facts.devices?.includes('USB\\VID_0781&PID_5567'));
  assert.not.ok(JSON.stringify(facts).includes('SERIAL4711'));
});

test('a Hyper-V guest is told by its maker and model', () => {
  const bios = key(BIOS, {
    SystemManufacturer: 'Microsoft Corporation',
    SystemProductName: 'Virtual Machine',
  });
  assert.is(judge([['bios', bios]]).judged.verdict, 'virtual');
});

test('a second copy of the maker that was edited is tampering', () => {
  const copy = key('SYSTEM\\CurrentControlSet\\Control\\SystemInformation', {
    SystemManufacturer: 'QEMU',
  });
  assert.is(judge([['copy', copy]]).judged.verdict, 'virtual');
  const other = copy.replace('QEMU', 'Acme');
  assert.is(judge([['copy', other]]).judged.verdict, 'unknown');
});

test('blank strings of the maker are not known', () => {
  const bios = key(BIOS, { SystemManufacturer: '', SystemProductName: '' });
  const facts = registryToFacts(new Map([['bios', bios]]), 'x64');
  assert.is(facts.dmi, undefined);
  assert.is(judgeHost(facts).verdict, 'unknown');
});

test('a registry that answers nothing is unknown', () => {
  const { verdict } = judgeHost(registryToFacts(new Map(), 'x64'));
  assert.is(verdict, 'unknown');
});

test('questions have names of their own', () => {
  const names = REGISTRY_QUESTIONS.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
});

test.run();

import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HostFacts, parseHostFacts } from '../../../../agent/core/host/host-facts.ts';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';
import { readTableMaker, readTableNames } from '../../../../agent/edges/host-facts/acpi-table.ts';
import { smbiosToFacts } from '../../../../agent/edges/host-facts/smbios-table.ts';
import { joinFirmware } from '../../../../agent/edges/host-facts/windows-facts.ts';
import { readFirmwareTable } from '../../../../agent/edges/host-facts/windows-firmware.ts';
import { acpiBytes, machineStructures, smbiosBytes } from './firmware-bytes.ts';

const HP = ['HP', 'EliteBook 840'] as const;
const HYPERV = ['Microsoft Corporation', 'Virtual Machine'] as const;

const smbios = suite('windows firmware: SMBIOS');

smbios('strings, types and the VM bit are read', () => {
  const facts = smbiosToFacts(smbiosBytes(machineStructures(HP, false)));
  assert.equal(facts.smbios_types, [0, 1, 2, 3, 4]);
  assert.is(facts.smbios_vm_bit, false);
  assert.is(facts.dmi_table?.sys_vendor, 'HP');
  assert.is(facts.dmi_table?.product_family, 'Family');
  assert.is(facts.dmi_table?.bios_date, '03/21/2024');
  assert.is(facts.dmi_table?.cpu_version, 'Some CPU @ 3.00GHz');
  assert.is(facts.dmi_table?.chassis_type, '10', 'without the bit that tells of a lock');
  assert.ok(parseHostFacts(facts).ok);
});

smbios('serial numbers and owners’ tags are not', () => {
  const text = JSON.stringify(smbiosToFacts(smbiosBytes(machineStructures(HP, false))));
  assert.not.match(text, /SERIAL|Ann/);
});

smbios('the VM bit is read where the structure is long enough for it', () => {
  assert.is(smbiosToFacts(smbiosBytes(machineStructures(HP, true))).smbios_vm_bit, true);
  const old = smbiosToFacts(smbiosBytes([{ type: 0, length: 0x12 }]));
  assert.is(old.smbios_vm_bit, undefined);
});

smbios('a torn table gives what is whole, and no bytes break it', () => {
  const whole = smbiosBytes(machineStructures(HP, false));
  for (let length = 0; length <= whole.length; length++) smbiosToFacts(whole.subarray(0, length));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const facts = smbiosToFacts(bytes);
      assert.ok(parseHostFacts(facts).ok);
    }),
  );
});

smbios.run();

const acpi = suite('windows firmware: ACPI');

acpi('names and makers are read', () => {
  const list = new TextEncoder().encode('FACPWAETFACP\0\0\0\0AP');
  assert.equal(readTableNames(list), ['FACP', 'WAET']);
  assert.is(readTableMaker(acpiBytes('FACP', 'VBOX', 'VBOXFACP')), 'FACP VBOX__ VBOXFACP');
  assert.is(readTableMaker(acpiBytes('FACP', 'VBOX', 'VBOXFACP').subarray(1)), undefined);
  assert.is(readTableMaker(new Uint8Array(36)), undefined);
});

acpi('off Windows there is nothing to read and nothing is loaded', () => {
  if (process.platform !== 'win32') assert.is(readFirmwareTable('RSMB'), undefined);
});

acpi.run();

const joined = suite('windows firmware: joined with the registry');

const registry = ([sys_vendor, product_name]: readonly [string, string]): HostFacts => ({
  platform: 'win32',
  arch: 'x64',
  dmi: { sys_vendor, product_name },
  dmi_copy: { sys_vendor, product_name },
  cpu: { hypervisor_flag: true, hypervisor_signature: 'Microsoft Hv' },
  acpi_oems: ['DSDT HPQOEM SLIC-MPC'],
});

const firmware = (
  names: readonly [string, string],
  vmBit: boolean,
  ...makers: readonly string[]
): HostFacts => ({
  ...smbiosToFacts(smbiosBytes(machineStructures(names, vmBit))),
  acpi_tables: makers.map((maker) => maker.slice(0, 4)),
  acpi_oems: makers,
});

joined('real hardware with Hyper-V, VBS or WSL on it stays real', () => {
  const facts = joinFirmware(registry(HP), firmware(HP, false, 'FACP HPQOEM 8549____'));
  assert.is(judgeHost(facts).verdict, 'physical', JSON.stringify(judgeHost(facts).evidence));
});

joined('a guest is found in the firmware when the registry was edited', () => {
  const facts = joinFirmware(registry(HP), firmware(HYPERV, true, 'FACP VRTUAL MICROSFT'));
  const { verdict, evidence } = judgeHost(facts);
  assert.is(verdict, 'virtual');
  const ids = evidence.map(({ id }) => id);
  assert.ok(ids.includes('dmi-copies-differ'), ids.join());
  assert.ok(ids.some((id) => id.startsWith('dmi-table')) && ids.includes('acpi-maker'), ids.join());
});

joined('where the registry names no machine the firmware does', () => {
  const blank = { platform: 'win32', arch: 'x64', unreadable: ['HARDWARE\\…'] };
  const facts = joinFirmware(blank, firmware(HP, false));
  assert.is(facts.unreadable, undefined);
  assert.is(facts.dmi?.sys_vendor, 'HP');
  assert.equal(joinFirmware(blank, {}), blank);
});

joined.run();

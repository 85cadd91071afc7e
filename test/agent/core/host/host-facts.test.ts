import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ITEMS_MAX, TEXT_MAX } from '../../../../agent/core/host/fact-shape.ts';
import { parseHostFacts } from '../../../../agent/core/host/host-facts.ts';
import { PHYSICAL } from './fixtures/physical-machines.ts';
import { VIRTUAL } from './fixtures/virtual-machines.ts';

const refused = (value: unknown): string => {
  const parsed = parseHostFacts(value);
  return parsed.ok ? '' : parsed.error;
};

test('facts survive being written and read again', () => {
  for (const { facts } of [...PHYSICAL, ...VIRTUAL])
    assert.equal(parseHostFacts(JSON.parse(JSON.stringify(facts))), { ok: true, value: facts });
});

test('unknown keys are ignored, null counts as absent', () => {
  const parsed = parseHostFacts({ dmi: { sys_vendor: null, serial: 7 }, colour: 'red', cpu: null });
  assert.equal(parsed, { ok: true, value: { dmi: {} } });
});

test('every form that recorders write is read', () => {
  const parsed = parseHostFacts({
    dmi: { chassis_type: 3 },
    clocksource: { cur: 'tsc', avail: 'tsc kvm-clock' },
    disks: [{ d: 'vda', vendor: '0x1af4', rot: '1' }, 'QEMU DVD-ROM'],
    tpm: false,
    cpufreq: 'intel_pstate',
    smbios_types: [0, 1],
  });
  assert.equal(parsed, {
    ok: true,
    value: {
      dmi: { chassis_type: '3' },
      clocksource: ['cur=tsc', 'avail=tsc kvm-clock'],
      disks: ['vda 0x1af4 1', 'QEMU DVD-ROM'],
      tpm: [],
      cpufreq: ['intel_pstate'],
      smbios_types: [0, 1],
    },
  });
});

test('a wrong type gives one sentence that names the key', () => {
  assert.is(refused(7), 'Hardware facts must be an object, but are a number.');
  assert.is(refused([]), 'Hardware facts must be an object, but are a list.');
  assert.is(refused({ dmi: 'Dell' }), '"dmi" must be an object, but is text.');
  assert.is(refused({ dmi: { sys_vendor: 5 } }), '"dmi.sys_vendor" must be text, but is a number.');
  assert.is(
    refused({ cpu: { hypervisor_flag: 'yes' } }),
    '"cpu.hypervisor_flag" must be true or false, but is text.',
  );
  assert.is(refused({ pci: [true] }), '"pci[0]" must be text, but is a boolean.');
  assert.is(refused({ smbios_types: ['4'] }), '"smbios_types[0]" must be a number, but is text.');
});

test('size is bounded', () => {
  assert.match(refused({ osrelease: 'x'.repeat(TEXT_MAX + 1) }), /"osrelease" is longer than/);
  assert.match(refused({ pci: Array(ITEMS_MAX + 1).fill('') }), /"pci" has more than/);
});

test('names that objects inherit are not facts', () => {
  const parsed = parseHostFacts(JSON.parse('{"__proto__": {"platform": "linux"}}'));
  assert.equal(parsed, { ok: true, value: {} });
});

test.run();

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';
import { CONTAINERS, NO_CONTAINERS } from './fixtures/container-machines.ts';
import { PHYSICAL } from './fixtures/physical-machines.ts';
import { UNKNOWN } from './fixtures/unknown-machines.ts';
import { VIRTUAL } from './fixtures/virtual-machines.ts';
import { WINDOWS_PHYSICAL, WINDOWS_VIRTUAL } from './fixtures/windows-machines.ts';

const shown = (facts: object): string => JSON.stringify(judgeHost(facts).evidence, null, 1);

for (const { name, facts } of [...PHYSICAL, ...WINDOWS_PHYSICAL])
  test(`real: ${name}`, () => {
    const { verdict, host } = judgeHost(facts);
    assert.is(verdict, 'physical', shown(facts));
    assert.is(host, 'physical');
  });

for (const { name, facts, says } of UNKNOWN)
  test(`unknown: ${name}`, () => {
    const { verdict, evidence } = judgeHost(facts);
    assert.is(verdict, 'unknown', shown(facts));
    if (says !== undefined)
      assert.ok(
        evidence.some(({ id }) => id === says),
        shown(facts),
      );
  });

for (const { name, facts, hypervisor } of [...VIRTUAL, ...WINDOWS_VIRTUAL])
  test(`virtual: ${name}`, () => {
    const judged = judgeHost(facts);
    assert.is(judged.verdict, 'virtual', shown(facts));
    assert.ok(judged.score >= 100, `score ${judged.score}`);
    if (hypervisor !== undefined) assert.is(judged.hypervisor, hypervisor, shown(facts));
  });

for (const { name, facts, container, host } of CONTAINERS)
  test(`container: ${name}`, () => {
    const judged = judgeHost(facts);
    assert.is(judged.verdict, 'container');
    assert.is(judged.container, container, shown(facts));
    assert.is(judged.host, host, shown(facts));
  });

for (const { name, facts } of NO_CONTAINERS)
  test(`no container: ${name}`, () => {
    assert.is(judgeHost(facts).verdict, 'physical', shown(facts));
    assert.is(judgeHost(facts).container, undefined);
  });

test('weak findings never decide, however many', () => {
  const { verdict, score } = judgeHost({
    platform: 'linux',
    dmi: { sys_vendor: 'Acme', product_name: 'Box', chassis_type: '1' },
    mac_prefixes: ['52:54:00', '00:0c:29'],
    pm_profile: '0',
    cpu_vulnerabilities: { itlb_multihit: 'KVM: Mitigation: VMX unsupported' },
  });
  assert.is(verdict, 'physical');
  assert.ok(score < 100);
});

test('what speaks for real hardware cancels medium findings, never a strong one', () => {
  const medium = {
    platform: 'linux',
    dmi: { sys_vendor: 'Dell Inc.', product_name: 'OptiPlex 7070' },
    acpi_tables: ['WAET'],
    cpu: { model: 'Intel(R) Core(TM) i7-9700 CPU @ 3.00GHz', microcode: '0x1' },
    pci: ['0000:00:00.0 060000 8086:29c0 1028:0926 -'],
  };
  const sensors = { hwmon: ['hwmon0 coretemp'], thermal_zones: ['thermal_zone1 x86_pkg_temp'] };
  assert.is(judgeHost(medium).verdict, 'virtual');
  assert.is(judgeHost({ ...medium, ...sensors }).verdict, 'physical');
  assert.is(judgeHost({ ...medium, ...sensors, acpi_hids: ['QEMU0002'] }).verdict, 'virtual');
});

test('two medium findings of two families leave it open', () => {
  const facts = { platform: 'linux', acpi_tables: ['WAET'], cpu: { microcode: '0x1' } };
  assert.is(judgeHost(facts).verdict, 'unknown');
});

test('many functions of one emulator count once', () => {
  const pci = Array.from(
    { length: 40 },
    (_, slot) => `0000:00:${slot}.0 060400 15ad:07a0 15ad:07a0`,
  );
  assert.is(judgeHost({ platform: 'linux', pci }).evidence.length, 2);
});

test.run();

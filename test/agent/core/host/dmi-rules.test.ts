import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleFor } from '../../../../agent/core/host/dmi-rules.ts';

test('spaces and case do not matter, some recorders drop them', () => {
  for (const product_name of [
    'Virtual Machine',
    'VirtualMachine',
    'VIRTUAL MACHINE',
    ' Virtual Machine ',
  ])
    assert.is(ruleFor({ product_name })?.names, 'hyperv', product_name);
});

test('every field of a rule must match', () => {
  assert.is(ruleFor({ sys_vendor: 'Nutanix', product_name: 'AHV' })?.names, 'nutanix');
  assert.is(ruleFor({ sys_vendor: 'Nutanix', product_name: 'NX-3060' }), undefined);
  assert.is(ruleFor({ sys_vendor: 'Nutanix' }), undefined);
});

test('words of hypervisors inside other words do not match', () => {
  for (const product_name of ['XENIA 14', 'P5K-VM', 'WAVE-694', 'CloudProXXXX', 'Flybook VM'])
    assert.is(ruleFor({ product_name }), undefined, product_name);
  for (const board_name of ['002KVM', '0TTHVM', 'AHV', 'P5GD1-HVM'])
    assert.is(ruleFor({ board_name }), undefined, board_name);
});

test('a cloud that rents bare machines under one name is told by the hypervisor bit', () => {
  const dmi = { product_name: 'Alibaba Cloud ECS' };
  assert.is(ruleFor(dmi)?.names, 'alibaba');
  assert.is(ruleFor(dmi, true)?.names, 'alibaba');
  assert.is(ruleFor(dmi, false), undefined);
});

test('VMware’s BIOS is told from the real boards of its version by its date', () => {
  const bios = { bios_vendor: 'Phoenix Technologies LTD', bios_version: '6.00' };
  assert.is(ruleFor({ ...bios, bios_date: '11/12/2020' })?.names, 'vmware');
  assert.is(ruleFor({ ...bios, bios_date: '07/12/2007' }), undefined);
  assert.is(
    ruleFor({ ...bios, bios_vendor: 'Phoenix Technologies, LTD', bios_date: '11/12/2020' }),
    undefined,
  );
});

test.run();

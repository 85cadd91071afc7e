import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectMachines, measureMachines } from '../../scripts/bench/verdict.ts';

test('without a collection our own fixtures are judged, and the figure says so', () => {
  const { machines, source } = collectMachines('/there/is/no/such.jsonl');
  assert.ok(machines.length > 20);
  const [wrong, caught] = measureMachines(machines, source);
  assert.is(wrong?.value, 0);
  assert.is(caught?.value, 100);
  assert.is(caught?.details?.['from'], 'the fixtures of our own tests');
});

test('what is wrong is counted', () => {
  const qemu = { dmi: { sys_vendor: 'QEMU', product_name: 'Standard PC' } };
  const dell = { dmi: { sys_vendor: 'Dell Inc.', product_name: 'XPS 13' } };
  const machines = [
    { label: 'physical', facts: qemu },
    { label: 'physical', facts: dell },
    { label: 'virtual', facts: dell },
    { label: 'virtual', facts: qemu },
  ];
  const [wrong, caught] = measureMachines(machines, 'here');
  assert.is(wrong?.value, 1);
  assert.is(caught?.value, 50);
  assert.is(caught?.details?.['called real'], 1);
});

test.run();

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostFacts } from '../../../../agent/core/host/host-facts.ts';
import { renderHostReport } from '../../../../agent/core/host/host-report.ts';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';

const report = (facts: HostFacts): readonly string[] =>
  renderHostReport(judgeHost(facts), facts).split('\n');

test('the verdict comes first, in one sentence', () => {
  const dmi = { sys_vendor: 'QEMU', product_name: 'Standard PC (Q35 + ICH9, 2009)' };
  assert.is(report({ platform: 'linux', dmi })[0], 'This computer is a virtual machine (qemu).');
  assert.is(
    report({ dmi: { sys_vendor: 'Dell Inc.', product_name: 'XPS 13' } })[0],
    'This computer is real hardware.',
  );
  assert.match(report({})[0] ?? '', /cannot be told/);
  assert.is(
    report({ dmi, container: { files: ['/.dockerenv'] } })[0],
    'This program runs in a container (docker); the computer beneath is a virtual machine (qemu).',
  );
});

test('an open verdict says what to open', () => {
  const [, advice] = report({ platform: 'linux', unreadable: ['/sys/class/dmi', '/sys/bus/pci'] });
  assert.is(advice, 'Allow this program to read: /sys/class/dmi, /sys/bus/pci.');
});

test('evidence stands in columns', () => {
  const lines = report({ platform: 'linux', cpu: { hypervisor_flag: true } });
  const head = lines.findIndex((line) => line.startsWith('EVIDENCE'));
  assert.match(lines[head + 1] ?? '', /^cpu-flag {2,}\+100 {2}hypervisor$/);
});

test('control characters of firmware do not reach the terminal', () => {
  const text = report({ dmi: { sys_vendor: 'QEMU\u001b[31m', product_name: 'x\ny' } }).join('\n');
  assert.not.ok(text.includes('\u001b'));
  assert.not.match(text, /x\ny/);
});

test.run();

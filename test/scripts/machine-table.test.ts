import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHostFacts } from '../../agent/core/host/host-facts.ts';
import { judgeHost } from '../../agent/core/host/host-verdict.ts';
import { judgeMachines, renderConfusion } from '../../scripts/machine-table.ts';

test('the table names what was judged wrong', () => {
  const judged = judgeMachines(
    [
      { label: 'physical', source: 'a', facts: { dmi: { sys_vendor: 'Dell Inc.' } } },
      { label: 'physical', source: 'b', facts: { dmi: { sys_vendor: 'QEMU' } } },
      {
        label: 'virtual',
        hypervisor: 'spoofed',
        source: 'c',
        facts: { dmi: { sys_vendor: 'HP' } },
      },
    ],
    (facts) => {
      const parsed = parseHostFacts(facts);
      if (!parsed.ok) throw new Error(parsed.error);
      return judgeHost(parsed.value);
    },
  );
  const text = renderConfusion(judged, 10);
  assert.match(text, /physical +1 +1 +0 +0/);
  assert.match(
    text,
    /Real machines called virtual: 1\n {2}- {2}b {2}virtual {2}dmi-sys_vendor=QEMU/,
  );
  assert.match(text, /Virtual machines not called virtual: 1\n {2}spoofed {2}c {2}physical/);
});

test.run();

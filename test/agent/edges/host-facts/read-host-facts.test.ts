import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHostFacts } from '../../../../agent/core/host/host-facts.ts';
import { renderHostReport } from '../../../../agent/core/host/host-report.ts';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';
import { parseLoaderDiagnostics } from '../../../../agent/edges/host-facts/loader-diagnostics.ts';
import { readHostFacts } from '../../../../agent/edges/host-facts/read-host-facts.ts';

test('this machine is read, judged and reported', async () => {
  const facts = await readHostFacts();
  assert.equal(parseHostFacts(JSON.parse(JSON.stringify(facts))), { ok: true, value: facts });
  assert.match(renderHostReport(judgeHost(facts), facts), /^(This|It cannot) .*\.\n/);
});

test('the loader’s diagnostics give the processor’s own bit', () => {
  const line = (value: string): string => `x86.cpu_features.features[0x0].cpuid[0x2]=0x${value}`;
  assert.is(parseLoaderDiagnostics(`a=1\n${line('fffa3203')}\nb=2`), true);
  assert.is(parseLoaderDiagnostics(line('7ffafbbf')), false);
  assert.is(parseLoaderDiagnostics(line('4')), false);
  assert.is(parseLoaderDiagnostics('no such line'), undefined);
});

test.run();

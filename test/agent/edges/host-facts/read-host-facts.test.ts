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

test('reading and judging takes under 50 ms on Linux', async () => {
  if (process.platform !== 'linux') return;
  await readHostFacts();
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const start = performance.now();
    judgeHost(await readHostFacts());
    times.push(performance.now() - start);
  }
  assert.ok(Math.min(...times) < 50, `took ${times.map((time) => time.toFixed(1)).join(', ')} ms`);
});

test('the loader’s diagnostics give the processor’s own bit', () => {
  const line = (value: string): string => `x86.cpu_features.features[0x0].cpuid[0x2]=0x${value}`;
  assert.is(parseLoaderDiagnostics(`a=1\n${line('fffa3203')}\nb=2`), true);
  assert.is(parseLoaderDiagnostics(line('7ffafbbf')), false);
  assert.is(parseLoaderDiagnostics(line('4')), false);
  assert.is(parseLoaderDiagnostics('no such line'), undefined);
});

test.run();

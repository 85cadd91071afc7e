/**
 * The verdict over a file of labelled machines. The file is no part of the project: without it the
 * test says so and proves nothing.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHostFacts } from '../../../../agent/core/host/host-facts.ts';
import { judgeHost } from '../../../../agent/core/host/host-verdict.ts';
import { judgeMachines, type Machine, renderConfusion } from '../../../../scripts/machine-table.ts';

/** The repository's root, from the compiled test in build/out/js/test/agent/core/host. */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../..');
const FILE = join(ROOT, '../shared/data/machines.jsonl');

if (!existsSync(FILE))
  console.log(`Not tested: the labelled machines are not here (looked for ${FILE}).`);
else
  test('no real machine is called virtual, 99 of 100 virtual ones are', () => {
    const machines = readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Machine => JSON.parse(line));
    const judged = judgeMachines(machines, (facts) => {
      const parsed = parseHostFacts(facts);
      if (!parsed.ok) throw new Error(parsed.error);
      return judgeHost(parsed.value);
    });
    const table = renderConfusion(judged, 20);
    const of = (label: string) => judged.filter(({ machine }) => machine.label === label);
    const virtual = (label: string): number =>
      of(label).filter(({ verdict }) => verdict.host === 'virtual').length;
    assert.ok(of('physical').length > 0 && of('virtual').length > 0, table);
    assert.is(virtual('physical'), 0, table);
    assert.ok(virtual('virtual') >= 0.99 * of('virtual').length, table);
  });

test.run();

/** The reverse: recorded facts of real machines through the packaged binary, in one run. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/build/run.ts';
import { PHYSICAL } from '../agent/core/host/fixtures/physical-machines.ts';
import { WINDOWS_PHYSICAL } from '../agent/core/host/fixtures/windows-machines.ts';

const BINARY = join(process.cwd(), 'build', 'out', 'usher-linux-x64');
/** No part of the project: judged where somebody has put it beside the repository. */
const COLLECTION = join(process.cwd(), '..', 'shared', 'data', 'machines.jsonl');

const recorded = (): readonly string[] => {
  if (!existsSync(COLLECTION)) {
    console.log(`Only our own fixtures are judged: there is no ${COLLECTION}.`);
    return [];
  }
  const lines = readFileSync(COLLECTION, 'utf8').split('\n');
  return lines.filter((line) => line !== '' && JSON.parse(line).label === 'physical');
};

interface Told {
  readonly verdict: string;
  readonly host: string;
  readonly evidence: readonly unknown[];
}

const judgeAll = async (lines: readonly string[]): Promise<readonly Told[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-facts-'));
  try {
    const file = join(folder, 'facts.jsonl');
    writeFileSync(file, `${lines.join('\n')}\n`);
    const told = await run(BINARY, ['hardware', '--facts', file, '--json']);
    return told
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (!existsSync(BINARY)) console.log(`No facts were judged: there is no ${BINARY}.`);
else
  test('no recorded real machine is called virtual by the packaged binary', async () => {
    const own = [...PHYSICAL, ...WINDOWS_PHYSICAL].map(({ facts }) => JSON.stringify(facts));
    const lines = [...own, ...recorded()];
    const told = await judgeAll(lines);
    assert.is(told.length, lines.length);
    for (const [i, one] of told.entries()) {
      assert.is.not(one.host, 'virtual', `${lines[i]}\n${JSON.stringify(one)}`);
      if (i < own.length) assert.is(one.verdict, 'physical', lines[i]);
    }
  });

test.run();

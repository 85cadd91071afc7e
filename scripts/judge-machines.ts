/**
 * Judges a file of labelled machines, one JSON object a line (`label`, `hypervisor`, `source`,
 * `facts`), and prints who was judged how.
 *
 *     node build/out/js/scripts/judge-machines.js FILE.jsonl [--all]
 */

import { readFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { parseHostFacts } from '../agent/core/host/host-facts.ts';
import { judgeHost } from '../agent/core/host/host-verdict.ts';
import { judgeMachines, type Machine, renderConfusion } from './machine-table.ts';

const [file, option] = argv.slice(2);
if (file === undefined) {
  console.error('Usage: judge-machines FILE.jsonl [--all]');
  exit(2);
}
const machines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line): Machine => JSON.parse(line));
const table = judgeMachines(machines, (facts) => {
  const parsed = parseHostFacts(facts);
  if (!parsed.ok) throw new Error(parsed.error);
  return judgeHost(parsed.value);
});
console.log(renderConfusion(table, option === '--all' ? Number.POSITIVE_INFINITY : 40));

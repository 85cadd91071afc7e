/** The inputs that are kept: one file for each target, one input a line, in base64. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of one kept input, and of all that a target keeps. */
const INPUT_MAX = 2048;
const FILE_MAX = 48 * 1024;

const fileOf = (target: string): string => join('test', 'fuzz', 'corpus', `${target}.txt`);

export const readCorpus = (target: string): readonly Uint8Array[] => {
  if (!existsSync(fileOf(target))) return [];
  return readFileSync(fileOf(target), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => new Uint8Array(Buffer.from(line, 'base64')));
};

/** Keeps the shortest inputs, as many as fit. */
export const writeCorpus = (target: string, inputs: readonly Uint8Array[]): number => {
  const short = inputs.filter(({ length }) => length <= INPUT_MAX);
  const sorted = short.toSorted((one, other) => one.length - other.length);
  const lines: string[] = [];
  let size = 0;
  for (const input of sorted) {
    const line = Buffer.from(input).toString('base64');
    size += line.length + 1;
    if (size > FILE_MAX) break;
    lines.push(line);
  }
  writeFileSync(fileOf(target), `${[...new Set(lines)].join('\n')}\n`);
  return lines.length;
};

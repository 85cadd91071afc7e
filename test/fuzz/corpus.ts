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

/** Keeps what was kept before, and the shortest of what was gained, as many as fit; how many there are. */
export const writeCorpus = (
  target: string,
  kept: readonly Uint8Array[],
  gained: readonly Uint8Array[],
): number => {
  const short = gained
    .filter(({ length }) => length <= INPUT_MAX)
    .sort((one, other) => one.length - other.length);
  const lines = new Set<string>();
  let size = 0;
  for (const input of [...kept, ...short]) {
    const line = Buffer.from(input).toString('base64');
    if (lines.has(line)) continue;
    size += line.length + 1;
    if (size > FILE_MAX) break;
    lines.add(line);
  }
  writeFileSync(fileOf(target), `${[...lines].join('\n')}\n`);
  return lines.size;
};

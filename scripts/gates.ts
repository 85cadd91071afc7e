/** The checks that stand before the tests, each a command that fails when its promise is broken. */

import { join } from 'node:path';

export interface Gate {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const tool = (file: string): string => join('node_modules', ...file.split('/'));

/** Every gate, quickest first. Types are checked by the compiler before any of this runs. */
export const GATES: readonly Gate[] = [
  {
    name: 'formatting and purity',
    command: process.execPath,
    args: [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  },
  {
    name: 'types of the console’s page',
    command: process.execPath,
    args: [tool('typescript/bin/tsc'), '-p', join('agent', 'console')],
  },
  {
    name: 'import directions',
    command: process.execPath,
    args: [
      tool('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'agent',
      'protocol',
      'scripts',
      'test',
    ],
  },
  { name: 'dead code', command: process.execPath, args: [tool('knip/bin/knip.js')] },
];

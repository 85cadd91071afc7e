/** Each gate is shown something that it must reject: a check that cannot fail is no check. */

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GATES } from '../../scripts/gates.ts';

const ROOT = process.cwd();

/** A copy of the tree's rules with one planted file beside what it imports. */
const plant = (path: string, text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-gate-'));
  for (const file of [
    '.dependency-cruiser.cjs',
    'biome.jsonc',
    'knip.jsonc',
    'package.json',
    'tsconfig.json',
    '.gitignore',
  ]) {
    cpSync(join(ROOT, file), join(folder, file));
  }
  for (const part of ['agent', 'protocol', 'scripts', 'test', 'build/pkg']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  spawnSync('git', ['init', '-q'], { cwd: folder });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return folder;
};

const gateNamed = (name: string) => {
  const gate = GATES.find((one) => one.name === name);
  if (gate === undefined) throw new Error(`no gate ${name}`);
  return gate;
};

const runIn = (
  folder: string,
  name: string,
): { readonly status: number | null; readonly output: string } => {
  const { command, args } = gateNamed(name);
  const done = spawnSync(command, [...args], { cwd: folder, encoding: 'utf8' });
  return { status: done.status, output: `${done.stdout}${done.stderr}` };
};

const rejects = (name: string, path: string, text: string, word: RegExp): void => {
  const folder = plant(path, text);
  try {
    const { status, output } = runIn(folder, name);
    assert.is.not(status, 0, `${name} let ${path} pass`);
    assert.match(output, word);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('purity: a clock in the core is rejected', () => {
  rejects(
    'formatting and purity',
    'agent/core/planted.ts',
    'export const planted = (): number => Date.now();\n',
    /reads no clock/,
  );
});

test('purity: a Node builtin in the protocol is rejected', () => {
  rejects(
    'formatting and purity',
    'protocol/planted.ts',
    "import { hostname } from 'node:os';\n\nexport const planted = hostname();\n",
    /No Node builtin/,
  );
});

test('formatting: an unformatted file is rejected', () => {
  rejects(
    'formatting and purity',
    'agent/planted.ts',
    'export const  planted=1',
    /planted\.ts format/,
  );
});

test('length: a file of more than 300 lines is rejected', () => {
  const lines = Array.from({ length: 301 }, (_, i) => `export const planted${i} = ${i};\n`);
  rejects('formatting and purity', 'agent/planted.ts', lines.join(''), /noExcessiveLinesPerFile/);
});

test('imports: the core does not know its edges', () => {
  rejects(
    'import directions',
    'agent/core/planted.ts',
    "import { LevelStore } from '../edges/level-store.ts';\n\nexport const planted = LevelStore;\n",
    /core-knows-the-protocol-only/,
  );
});

test('imports: the protocol does not know the agent', () => {
  rejects(
    'import directions',
    'protocol/planted.ts',
    "import { Agent } from '../agent/core/agent.ts';\n\nexport const planted = Agent;\n",
    /protocol-knows-nobody/,
  );
});

test('imports: a second importer of dgram is rejected', () => {
  rejects(
    'import directions',
    'agent/edges/planted.ts',
    "import { createSocket } from 'node:dgram';\n\nexport const planted = createSocket;\n",
    /imports-nodedgram/,
  );
});

test('imports: a second importer of msgpackr is rejected', () => {
  rejects(
    'import directions',
    'protocol/planted.ts',
    "import { Packr } from 'msgpackr/index-no-eval';\n\nexport const planted = Packr;\n",
    /imports-nodemodulesmsgpackr/,
  );
});

test('imports: the page in the browser knows no edge of the agent', () => {
  rejects(
    'import directions',
    'agent/console/planted.ts',
    "import { RulesFile } from '../edges/rules-file.ts';\n\nexport const planted = RulesFile;\n",
    /page-runs-in-a-browser/,
  );
});

test('types: the page is checked too', () => {
  rejects(
    'types of the console’s page',
    'agent/console/planted.ts',
    'export const planted: number = document.title;\n',
    /planted\.ts.*TS2322/,
  );
});

test('dead code: a file that nobody imports is rejected', () => {
  rejects('dead code', 'agent/core/planted.ts', 'export const planted = 1;\n', /planted\.ts/);
});

test('types: the compiler is strict about what may be absent', () => {
  const options = JSON.parse(readFileSync(resolve(ROOT, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: Record<string, unknown>;
  };
  for (const name of ['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes']) {
    assert.is(options.compilerOptions[name], true, name);
  }
});

test.run();

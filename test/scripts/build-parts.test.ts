import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  acrossParts,
  exportsOf,
  flatEntry,
  lateFiles,
  lazyEntry,
  type Part,
  partsOf,
  picksIn,
} from '../../scripts/build/parts.ts';

type Inputs = Parameters<typeof partsOf>[0];

/** Files that each import the named others, `~` before a name meaning `import()`. */
const inputsOf = (files: Readonly<Record<string, readonly string[]>>): Inputs =>
  Object.fromEntries(
    Object.entries(files).map(([file, imports]) => [
      file,
      {
        bytes: 1,
        imports: imports.map((name) => ({
          path: name.replace('~', ''),
          kind: name.startsWith('~') ? ('dynamic-import' as const) : ('import-statement' as const),
        })),
      },
    ]),
  );

const FILES = inputsOf({
  'main.js': ['serve.js', '~commands.js'],
  'serve.js': ['~a/edges/store-keeper.js', '~a/open-doors.js', 'shared.js'],
  'shared.js': [],
  'a/edges/store-keeper.js': ['level.js'],
  'level.js': [],
  'a/open-doors.js': ['door.js', 'shared.js', '~alarm.js'],
  'door.js': [],
  'commands.js': ['door.js', 'shared.js', '~restore.js'],
  'restore.js': ['alarm.js'],
  'alarm.js': [],
});

const parts = suite('build: parts');

parts('what a start runs is in the first, with the store; what follows in the second', () => {
  assert.equal(Object.fromEntries(partsOf(FILES, 'main.js')), {
    'main.js': 'start',
    'serve.js': 'start',
    'shared.js': 'start',
    'a/edges/store-keeper.js': 'start',
    'level.js': 'start',
    'a/open-doors.js': 'doors',
    'door.js': 'doors',
    'commands.js': 'rest',
    'restore.js': 'rest',
    'alarm.js': 'rest',
  });
});

parts('what import() leads to is handed out, but within the rest', () => {
  const late = lateFiles(FILES, partsOf(FILES, 'main.js'));
  assert.equal([...late].sort(), [
    'a/edges/store-keeper.js',
    'a/open-doors.js',
    'alarm.js',
    'commands.js',
  ]);
});

parts('a pick is found where a line ends within it', () => {
  const text =
    'var a=usherPick("x/lo\\\nng.js","one"),b=usherPick(\n"x/long.js",\n"two");usherPick("y.js","three")';
  assert.equal(
    [...picksIn(text)].map(([file, names]) => [file, [...names]]),
    [
      ['x/long.js', ['one', 'two']],
      ['y.js', ['three']],
    ],
  );
});

parts.run();

const joined = suite<{ root: string }>('build: parts that take from each other');

joined.before.each(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), 'usher-parts-test-'));
});
joined.after.each(({ root }) => rm(root, { recursive: true }));

const HOMES = new Map<string, Part>([
  ['one.js', 'start'],
  ['two.js', 'rest'],
]);

const make = async (root: string, part: Part, contents: string): Promise<string> => {
  const exports = await exportsOf(root, ['one.js', 'two.js']);
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: 'cjs',
    logLevel: 'silent',
    plugins: [acrossParts({ root, part, parts: HOMES, exports })],
  });
  return outputFiles[0]?.text ?? '';
};

joined('a module is run once, and what it exports is the same in all', async ({ root }) => {
  await writeFile(
    join(root, 'one.js'),
    'export const made = { by: "one" }; export const other = 1;',
  );
  await writeFile(
    join(root, 'two.js'),
    'import { made } from "./one.js"; export const found = made;',
  );
  const rest = await make(root, 'rest', lazyEntry(['two.js']));
  const wanted = picksIn(rest);
  assert.equal([...wanted.keys()], ['one.js']);
  const start = await make(root, 'start', flatEntry(wanted, undefined));
  const run = (
    text: string,
    pick: unknown,
  ): { share: (file: string) => Record<string, unknown> } => {
    const module = { exports: {} };
    new Function('module', 'exports', 'usherPick', text)(module, module.exports, pick);
    return module.exports as { share: (file: string) => Record<string, unknown> };
  };
  const first = run(start, () => assert.unreachable());
  const second = run(rest, (file: string, name: string) => first.share(file)[name]);
  assert.equal(second.share('two.js')['found'], { by: 'one' });
  assert.is(second.share('two.js')['found'], first.share('one.js')['made']);
});

joined.run();

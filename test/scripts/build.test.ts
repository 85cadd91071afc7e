import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsIn, packagesIn } from '../../scripts/build/bundle.ts';
import { assetsFor, parseTargets, targetNames } from '../../scripts/build/targets.ts';
import {
  checkIntegrity,
  defaultCacheFolder,
  fillWhole,
  sweepPartials,
} from '../../scripts/build/tool-cache.ts';

const targetsOf = (...names: readonly string[]) => {
  const parsed = parseTargets(names);
  assert.ok(parsed.ok);
  return parsed.ok ? parsed.value : [];
};

const targets = suite('build: targets');

targets('no name means all of them', () => {
  assert.equal(
    targetsOf().map(({ name }) => name),
    [...targetNames],
  );
});

targets('names are taken in their order, each once', () => {
  assert.equal(
    targetsOf('win-x64', 'linux-x64', 'win-x64').map(({ output }) => output),
    ['usher-win-x64.exe', 'usher-linux-x64'],
  );
});

targets('an unknown name gets a sentence that names the known ones', () => {
  assert.equal(parseTargets(['linux-x64', 'plan9']), {
    ok: false,
    error: 'There is no target “plan9”: name linux-x64, win-x64, linux-arm64 or none for all.',
  });
});

targets('one addon is staged for each, and never a musl one', () => {
  const staged = targetsOf().map((target) =>
    assetsFor(target, '/tree').map(({ file }) => file.split(/[\\/]/).slice(-2).join('/')),
  );
  assert.equal(staged, [
    ['linux-x64/classic-level.node'],
    ['win32-x64/classic-level.node'],
    ['linux-arm64/classic-level.armv8.node'],
  ]);
});

targets.run();

type Inputs = Parameters<typeof packagesIn>[0]['inputs'];
type Import = Inputs[string]['imports'][number];

/** A metafile of files that each import the named others, `~` before a name meaning `import()`. */
const metafileOf = (files: Readonly<Record<string, readonly string[]>>): { inputs: Inputs } => ({
  inputs: Object.fromEntries(
    Object.entries(files).map(([file, imports]) => [
      file,
      { bytes: 1, imports: imports.map(toImport) },
    ]),
  ),
});
const toImport = (name: string): Import =>
  name.startsWith('~')
    ? { path: name.slice(1), kind: 'dynamic-import' }
    : { path: name, kind: 'import-statement' };

const noLock = { packages: {} };
const binding = 'node_modules/classic-level/binding.js';

const contents = suite('build: what may be in the bundle');

contents('packages are named once, with their scope, and by the innermost folder', () => {
  const metafile = metafileOf({
    'main.js': [],
    'node_modules/level/index.js': [],
    'node_modules/level/other.js': [],
    'node_modules/@scope/name/index.js': [],
    'node_modules/outer/node_modules/inner/index.js': [],
  });
  assert.equal(packagesIn(metafile), ['@scope/name', 'inner', 'level']);
});

contents('a development dependency is a fault', () => {
  const metafile = metafileOf({ 'main.js': [], 'node_modules/uvu/index.js': [] });
  const lock = { packages: { 'node_modules/uvu': { dev: true } } };
  assert.equal(faultsIn(metafile, lock), [
    'uvu is a development dependency and would ship in the binary.',
  ]);
  assert.equal(faultsIn(metafile, noLock), []);
});

contents('msgpackr with its native part is a fault', () => {
  const [fault] = faultsIn(metafileOf({ 'node_modules/msgpackr-extract/index.js': [] }), noLock);
  assert.match(fault ?? '', 'import msgpackr/index-no-eval');
});

contents('an addon that loads at start is a fault', () => {
  const faults = faultsIn(
    metafileOf({ 'main.js': ['store.js'], 'store.js': [binding], [binding]: [] }),
    noLock,
  );
  assert.is(faults.length, 1);
  assert.match(faults[0] ?? '', 'through import() only');
});

contents('an addon behind import() is none', () => {
  const metafile = metafileOf({
    'main.js': ['other.js', '~store.js'],
    'other.js': ['main.js'],
    'store.js': [binding],
    [binding]: [],
  });
  assert.equal(faultsIn(metafile, noLock), []);
});

contents('a file that is left outside is a fault, a part of Node is none', () => {
  const outside = ['node:fs', 'events', './late.ts'].map(
    (path): Import => ({ path, kind: 'dynamic-import', external: true }),
  );
  const faults = faultsIn({ inputs: { 'main.js': { bytes: 1, imports: outside } } }, noLock);
  assert.equal(faults, ['./late.ts is asked for and would not be in the binary.']);
});

contents.run();

const cache = suite<{ folder: string }>('build: the cache of tools');

cache.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'usher-build-test-'));
});
cache.after.each(({ folder }) => rm(folder, { recursive: true }));

cache('its folder is where the environment says', () => {
  assert.is(defaultCacheFolder({ USHER_BUILD_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.is(defaultCacheFolder({ XDG_CACHE_HOME: '/b' }), join('/b', 'usher-build'));
  assert.is(basename(defaultCacheFolder({})), 'usher-build');
});

cache('a changed archive is refused', async ({ folder }) => {
  const file = join(folder, 'archive.tgz');
  await writeFile(file, '');
  const ofNothing =
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';
  await checkIntegrity(file, ofNothing);
  await writeFile(file, 'x');
  await checkIntegrity(file, ofNothing).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, 'is not what was pinned'),
  );
});

cache('what fails half-way leaves nothing', async ({ folder }) => {
  const failing = fillWhole(join(folder, 'thing'), async (partial) => {
    await writeFile(join(partial, 'half'), '');
    throw new Error('killed');
  });
  await failing.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'killed'),
  );
  assert.equal(await readdir(folder), []);
});

cache('of two that make the same thing one wins and both succeed', async ({ folder }) => {
  const make = (name: string) =>
    fillWhole(join(folder, 'thing'), (partial) => writeFile(join(partial, 'name'), name));
  await Promise.all([make('a'), make('b')]);
  assert.equal(await readdir(folder), ['thing']);
});

cache('only old leftovers are swept', async ({ folder }) => {
  const now = Date.now();
  for (const name of ['a.partial-old', 'b.partial-new', 'whole']) await mkdir(join(folder, name));
  const twoHoursAgo = now / 1000 - 7200;
  await utimes(join(folder, 'a.partial-old'), twoHoursAgo, twoHoursAgo);
  await utimes(join(folder, 'whole'), twoHoursAgo, twoHoursAgo);
  await sweepPartials(folder, now);
  assert.equal((await readdir(folder)).sort(), ['b.partial-new', 'whole']);
});

cache.run();

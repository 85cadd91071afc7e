/**
 * `node build/out/js/scripts/jazzer.js [--target NAME]… [--each SECONDS]`: fuzzes the same targets as
 * `npm run fuzz` by Jazzer.js, that is by libFuzzer, for so long each. Its prebuilt library needs a
 * newer glibc than Debian 12 has, so it runs in the Debian that the tests under Wine have made. Where
 * something is missing, that is said, nothing is run, and the exit code is 3. What went a new way lies
 * in `build/out/fuzz/jazzer/NAME`; `npm run fuzz -- --target NAME --offered build/out/fuzz/jazzer --keep` keeps it.
 * Ends with a line `N passed, N failed`.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { readCorpus } from '../test/fuzz/corpus.ts';
import type { Target } from '../test/fuzz/target.ts';
import { TARGETS } from '../test/fuzz/targets/targets.ts';
import { openWineRoot } from '../test/windows/wine.ts';
import { run } from './build/run.ts';
import { defaultCacheFolder, openToolCache } from './build/tool-cache.ts';

const VERSION = '4.0.0';
const OWN = join('build', 'out', 'fuzz', 'jazzer');
/** Where the tree is seen from within. */
const INSIDE = join('/mnt', OWN);
/** Longest input, as libFuzzer demands; targets look at their own bounds as well. */
const INPUT_MAX = 4096;
/** What a shell is told when there is nothing to run it with. */
const LEFT_OUT = 3;

/** Jazzer.js takes modules of CommonJS apart, so all is one of them. */
const ENTRY = `
const { TARGETS } = require('./targets.cjs');
const target = TARGETS.find((one) => one.name === process.env.TARGET);
module.exports.fuzz = (data) => {
  if (data.length <= target.most) target.run(new Uint8Array(data));
};
`;

/** What is outside of the tree: the Debian, Jazzer.js and a Node that runs there. */
interface Tools {
  readonly root: string;
  readonly jazzer: string;
  readonly node: string;
}

const openTools = async (): Promise<Tools> => {
  const root = openWineRoot();
  const cache = defaultCacheFolder(process.env);
  const jazzer = join(cache, `jazzer-${VERSION}`);
  if (!existsSync(jazzer)) {
    await mkdir(cache, { recursive: true });
    const making = await mkdtemp(`${jazzer}-`);
    const words = ['install', '--no-audit', '--no-fund', '--prefix', making];
    await run('npm', [...words, `@jazzer.js/core@${VERSION}`]);
    await rename(making, jazzer);
  }
  const { hostNode } = await openToolCache(cache, process.cwd());
  return { root, jazzer, node: await hostNode() };
};

/** Runs a command line in that Debian: the tree is `/mnt`, Jazzer.js `/opt`, the Node `/srv`. */
const inside = ({ root, jazzer, node }: Tools, line: string): ReturnType<typeof shell> => {
  const mounts = [
    [process.cwd(), '/mnt'],
    [jazzer, '/opt'],
    [dirname(node), '/srv'],
  ].map(([from, to]) => `mount --bind '${from}' '${root}${to}'`);
  const entered = `chroot '${root}' /bin/sh -c 'mount -t proc proc /proc; cd /mnt; ${line}'`;
  return shell([...mounts, entered].join(' && '));
};

const shell = (script: string) =>
  spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8', maxBuffer: 1 << 26 });

/** Whether the library loads there at all: it takes the rights of root and a glibc that is new enough. */
const probe = (tools: Tools): void => {
  const line = '/srv/node -e "require(\\"/opt/node_modules/@jazzer.js/fuzzer\\")"';
  const done = inside(tools, line);
  if (done.status !== 0)
    throw new Error(done.stderr.trim().split('\n').at(-1) ?? 'it does not load');
};

const prepare = async (targets: readonly Target[]): Promise<void> => {
  mkdirSync(OWN, { recursive: true });
  writeFileSync(join(OWN, 'entry.cjs'), ENTRY);
  await esbuild.build({
    entryPoints: [join('build', 'out', 'js', 'test', 'fuzz', 'targets', 'targets.js')],
    outfile: join(OWN, 'targets.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  for (const { name, seeds } of targets) {
    for (const folder of [join(OWN, name), join(OWN, `${name}-begun`)]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
    }
    for (const [i, bytes] of [...seeds(), ...readCorpus(name)].entries()) {
      writeFileSync(join(OWN, `${name}-begun`, `${i}`), bytes);
    }
  }
};

/** Whether a target kept its promises. What is new goes into the first folder of the two. */
const fuzz = ({ name }: Target, seconds: number, tools: Tools): boolean => {
  const words = [
    ...[`TARGET=${name}`, '/srv/node', '/opt/node_modules/@jazzer.js/core/dist/cli.js'],
    ...[`${INSIDE}/entry.cjs`, '-i', 'targets.cjs', '--sync=true', '--timeout=30000'],
    ...[`${INSIDE}/${name}`, `${INSIDE}/${name}-begun`, '--', `-max_total_time=${seconds}`],
    ...[`-max_len=${INPUT_MAX}`, '-print_final_stats=1'],
    // Into a file: what is said last into a pipe gets lost when the process ends.
    ...[`-artifact_prefix=${INSIDE}/found-${name}-`, `>${INSIDE}/${name}.log 2>&1`],
  ];
  const done = inside(tools, words.join(' '));
  const said = readFileSync(join(OWN, `${name}.log`), 'utf8');
  const [, runs = '0'] = /number_of_executed_units: (\d+)/.exec(said) ?? [];
  const [, fresh = '0'] = /new_units_added: +(\d+)/.exec(said) ?? [];
  const kept = done.status === 0 && Number(runs) > 0;
  console.log(
    `${name}: ${runs} inputs in ${seconds} s by libFuzzer, ${fresh} of them on a new way`,
  );
  if (!kept) console.error(`${done.stderr}${said}`.slice(-4000));
  return kept;
};

const parseOptions = (args: readonly string[]) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string', multiple: true, default: [] },
      each: { type: 'string', default: '10' },
    },
  });
  const wanted = values.target;
  const targets = TARGETS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const each = Number(values.each);
  if (!(each > 0) || targets.length === 0 || targets.length < wanted.length)
    throw new Error('usage');
  return { targets, each };
};

const main = async (): Promise<number> => {
  let options: ReturnType<typeof parseOptions>;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch {
    console.error('Usage: node build/out/js/scripts/jazzer.js [--target NAME]… [--each SECONDS]');
    return 2;
  }
  const { targets, each } = options;
  let tools: Tools;
  try {
    tools = await openTools();
    probe(tools);
  } catch (error) {
    console.log(`Jazzer.js is left out: ${(error as Error).message}`);
    return LEFT_OUT;
  }
  await prepare(targets);
  const passed = targets.filter((target) => fuzz(target, each, tools)).length;
  console.log(`${passed} passed, ${targets.length - passed} failed`);
  return passed === targets.length ? 0 : 1;
};

process.exit(await main());

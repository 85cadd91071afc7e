/**
 * `node build/out/js/scripts/jazzer.js [SECONDS]`: fuzzes the same targets as `npm run fuzz` by
 * Jazzer.js, that is by libFuzzer, for so long each. Its prebuilt library needs a newer glibc than
 * Debian 12 has, so it runs in the Debian that the tests under Wine have made. Where something is
 * missing, that is said and nothing is run. Ends with a line `N passed, N failed`.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

const prepare = async (): Promise<void> => {
  rmSync(OWN, { recursive: true, force: true });
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
  for (const { name, seeds } of TARGETS) {
    const folder = join(OWN, name);
    mkdirSync(folder);
    for (const [i, bytes] of [...seeds(), ...readCorpus(name)].entries()) {
      writeFileSync(join(folder, `${i}`), bytes);
    }
  }
};

/** Whether a target kept its promises. */
const fuzz = ({ name }: Target, seconds: number, { root, jazzer, node }: Tools): boolean => {
  const mounts = [
    [process.cwd(), '/mnt'],
    [jazzer, '/opt'],
    [dirname(node), '/srv'],
  ].map(([from, to]) => `mount --bind '${from}' '${root}${to}'`);
  const words = [
    ...[`TARGET=${name}`, '/srv/node', '/opt/node_modules/@jazzer.js/core/dist/cli.js'],
    ...[`${INSIDE}/entry.cjs`, '-i', 'targets.cjs', '--sync=true', '--timeout=30000'],
    ...[`${INSIDE}/${name}`, '--', `-max_total_time=${seconds}`, `-max_len=${INPUT_MAX}`],
    ...['-print_final_stats=1', `-artifact_prefix=${INSIDE}/found-${name}-`],
  ];
  const inside = `chroot '${root}' /bin/sh -c 'mount -t proc proc /proc; cd /mnt; ${words.join(' ')}'`;
  const script = [...mounts, inside].join(' && ');
  const done = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const [, runs = '0'] = /number_of_executed_units: (\d+)/.exec(done.stderr) ?? [];
  const [, fresh = '0'] = /new_units_added: +(\d+)/.exec(done.stderr) ?? [];
  const kept = done.status === 0 && Number(runs) > 0;
  console.log(`${name}: ${runs} inputs by libFuzzer, ${fresh} of them on a new way`);
  if (!kept) console.error(done.stderr.slice(-4000));
  return kept;
};

const main = async (): Promise<number> => {
  const seconds = Number(process.argv[2] ?? '10');
  if (!(seconds > 0)) {
    console.error('Usage: node build/out/js/scripts/jazzer.js [SECONDS]');
    return 2;
  }
  const tools = await openTools().catch((error: Error) => error);
  if (tools instanceof Error) {
    console.log(`Jazzer.js is left out: ${tools.message}`);
    return 0;
  }
  await prepare();
  const passed = TARGETS.filter((target) => fuzz(target, seconds, tools)).length;
  console.log(`${passed} passed, ${TARGETS.length - passed} failed`);
  return passed === TARGETS.length ? 0 : 1;
};

process.exit(await main());

/** Cold start of the single binary, against the bare runtime's own. */

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NONCE_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover } from '../../protocol/packet.ts';
import { run } from '../build/run.ts';
import { binary, findRuntime, makeBenchFolder, spawnAgent, stopProcess } from './bench-agent.ts';
import type { Bench, Progress } from './bench-run.ts';
import type { Measurement } from './figure.ts';
import { threadMilliseconds } from './process-usage.ts';
import { median, rounded, spread } from './statistics.ts';

const root = fileURLToPath(new URL('../../../../..', import.meta.url));
const ROUNDS = 15;
const ASK_EVERY_MS = 1;
const TIMES_RUNTIME = 2;

/** The binary, built when it is not there; `undefined` where it cannot be. */
const findBinary = async (progress: Progress): Promise<string | undefined> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  if (existsSync(binary)) return binary;
  progress('building the binary (npm run build -- linux-x64)');
  const build = join(root, 'build', 'out', 'js', 'scripts', 'build.js');
  await run(process.execPath, [build, 'linux-x64'], { cwd: root }).catch((error: unknown) => {
    progress(`it could not be built: ${error instanceof Error ? error.message : error}`);
  });
  return existsSync(binary) ? binary : undefined;
};

/** Milliseconds by the clock, and of the processor: the latter differ less on a busy machine. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

/** What a command took until it had ended. */
const timeCommand = async (command: string, args: readonly string[]): Promise<Took> => {
  const start = performance.now();
  // This shell tells to the millisecond what its children took; itself it takes one or two by the clock.
  const child = spawn('bash', ['-c', '"$0" "$@" >&2 && times', command, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const printed: Uint8Array[] = [];
  child.stdout.on('data', (bytes: Uint8Array) => printed.push(bytes));
  const [code] = await once(child, 'close');
  const wall = performance.now() - start;
  if (code !== 0) throw new Error(`${command} ended with ${code}.`);
  return { wall, cpu: childrensTime(Buffer.concat(printed).toString()) };
};

/** From what `times` prints: `0m0.02s 0m0.01s` for the shell, and a line for its children. */
const childrensTime = (text: string): number => {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, min, sec]) => sum + Number(min) * 60_000 + Number(sec) * 1000, 0);
};

/** What it took from starting an agent on `folder` to its first answer to a discover. */
const timeFirstOffer = async (folder: string, command: readonly string[]): Promise<Took> => {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  const port = await freePort();
  const discover = buildDiscover({
    nonce: systemEntropy(NONCE_SIZE),
    versions: SPOKEN,
    product: null,
  });
  const start = performance.now();
  const child = spawnAgent(folder, { command, port });
  const asking = setInterval(() => socket.send(discover, port, '127.0.0.1'), ASK_EVERY_MS);
  await once(socket, 'message');
  const wall = performance.now() - start;
  const cpu = threadMilliseconds(child.pid ?? 0) ?? Number.NaN;
  clearInterval(asking);
  socket.close();
  await stopProcess(child);
  return { wall, cpu };
};

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  const { port } = socket.address();
  const closed = once(socket, 'close');
  socket.close();
  await closed;
  return port;
};

const measure = (
  name: string,
  took: readonly Took[],
  runtime: { readonly name: string; readonly took: readonly Took[] },
  isBarred: boolean,
): readonly Measurement[] =>
  (['wall', 'cpu'] as const).map((kind) => {
    const times = took.map((one) => one[kind]);
    const bare = runtime.took.map((one) => one[kind]);
    return {
      name: kind === 'wall' ? name : `${name}, of the processor`,
      value: median(times),
      unit: 'ms',
      baseline: { name: runtime.name, value: median(bare) },
      ...(isBarred ? { bar: { of: 'ratio', most: TIMES_RUNTIME } as const } : {}),
      details: {
        least: rounded(Math.min(...times)),
        'least of the runtime': rounded(Math.min(...bare)),
        spread: rounded(spread(times), 2),
        rounds: times.length,
      },
    };
  });

const absent = (name: string): Measurement => ({
  name,
  value: null,
  unit: 'ms',
  details: { note: 'no build/out/usher-linux-x64 here: npm run build -- linux-x64' },
});

const OFFER = 'serve to the first offer';

/** `start`: all kinds take turns in every round. */
export const startBench: Bench = async (progress) => {
  const program = await findBinary(progress);
  if (program === undefined) return [absent('--version'), absent(OFFER)];
  const runtime = await findRuntime();
  await using folder = await makeBenchFolder();
  const bare: Took[] = [];
  const versions: Took[] = [];
  const firsts: Took[] = [];
  const agains: Took[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const home = await mkdtemp(join(folder.path, 'start-'));
    await mkdir(join(home, 'data'));
    bare.push(await timeCommand(runtime.path, ['-e', '0']));
    versions.push(await timeCommand(program, ['--version']));
    firsts.push(await timeFirstOffer(home, [program]));
    agains.push(await timeFirstOffer(home, [program]));
    // The first round brings the files into memory and is not counted.
    if (round === 0) for (const times of [bare, versions, firsts, agains]) times.length = 0;
  }
  const base = { name: runtime.name, took: bare };
  return [
    ...measure('--version', versions, base, false),
    ...measure(`${OFFER}, new folder`, firsts, base, true),
    ...measure(`${OFFER}, used folder`, agains, base, true),
  ];
};

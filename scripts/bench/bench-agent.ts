/** A real agent: the program itself, in a process and a folder of its own, serving on loopback. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../build/run.ts';
import { defaultCacheFolder, openToolCache } from '../build/tool-cache.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(here, '..', '..', 'agent', 'main.js');
/** On the disk of the working tree: /tmp may be memory, which needs no sync. */
const outFolder = join(here, '..', '..', '..');

/** The single binary, where it has been built. */
export const binary = join(outFolder, 'usher-linux-x64');

/** The very Node that is in the binary, from the build's cache, or else the one that runs this. */
export const findRuntime = async (): Promise<{ readonly path: string; readonly name: string }> => {
  const inside = openToolCache(defaultCacheFolder(process.env), join(outFolder, '..', '..')).then(
    async (tools) => ({
      path: await tools.hostNode(),
      name: `node ${tools.nodeVersion} -e 0`,
    }),
  );
  const host = { path: process.execPath, name: `node ${process.versions.node} -e 0` };
  return inside.catch(() => host);
};

export const PRODUCT = 'bench-cad';

/** A folder that is there until it is disposed of. */
export const makeBenchFolder = async (): Promise<AsyncDisposable & { readonly path: string }> => {
  await mkdir(outFolder, { recursive: true });
  const path = await mkdtemp(join(outFolder, 'bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

interface BenchLicense {
  readonly file: string;
  /** The public key, in base64. */
  readonly vendorKey: string;
}

/** Signs a license with a new vendor key. */
const makeLicense = async (folder: string, seats: number): Promise<BenchLicense> => {
  const key = join(folder, 'vendor.key');
  const file = join(folder, 'license.txt');
  const said = await run(process.execPath, [program, 'vendor', 'keygen', '--out', key]);
  const vendorKey = /^Public key (\S+)/m.exec(said)?.[1] ?? '';
  const order = ['--key', key, '--product', PRODUCT, '--customer', 'Bench', '--out', file];
  const hosts = ['--no-activation', '--allow-virtual', '--allow-container', '--allow-unknown'];
  const issue = ['vendor', 'issue', ...order, '--seats', String(seats), '--term', '3600'];
  await run(process.execPath, [program, ...issue, ...hosts]);
  return { file, vendorKey };
};

export interface AgentStart {
  /** The command before `serve`: Node and the script, or the single binary. */
  readonly command?: readonly string[];
  readonly port?: number;
  readonly nodeFlags?: readonly string[];
  /** Beside the variables of this process. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Spawns `serve` on `folder`/data; what it prints goes into `folder`/log. */
export const spawnAgent = (folder: string, start: AgentStart = {}): ChildProcess => {
  const { command = [process.execPath, ...(start.nodeFlags ?? []), program], port = 0 } = start;
  const [executable = '', ...first] = command;
  const log = openSync(join(folder, 'log'), 'w');
  const serve = ['serve', '--data', join(folder, 'data'), '--port', String(port)];
  const child = spawn(executable, [...first, ...serve, '--interfaces', 'lo'], {
    cwd: folder,
    env: { ...process.env, ...start.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
};

export class BenchAgent implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly folder: string;
  readonly port: number;
  /** Whose license it has: the public key, in base64. */
  readonly vendorKey: string;

  private constructor(child: ChildProcess, folder: string, port: number, vendorKey: string) {
    this.#child = child;
    this.folder = folder;
    this.port = port;
    this.vendorKey = vendorKey;
  }

  /** Starts an agent that lends `seats` seats of `PRODUCT`. */
  static async start(folder: string, seats: number, start: AgentStart = {}): Promise<BenchAgent> {
    const { file, vendorKey } = await makeLicense(folder, seats);
    const child = spawnAgent(folder, start);
    const port = await readPort(child, join(folder, 'log'));
    const agent = new BenchAgent(child, folder, port, vendorKey);
    const data = join(folder, 'data');
    await run(process.execPath, [program, 'license', 'add', file, '--data', data]);
    return agent;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopProcess(this.#child);
  }
}

/** Asks a process to end in order and waits until it has. */
export const stopProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

const readPort = async (child: ChildProcess, log: string): Promise<number> => {
  for (;;) {
    const text = readFileSync(log, 'utf8');
    const match = /^Serving on UDP port (\d+)/m.exec(text);
    if (match !== null) return Number(match[1]);
    if (child.exitCode !== null) throw new Error(`The agent did not start:\n${text}`);
    await sleep(20);
  }
};

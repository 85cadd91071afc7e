/** Memory of an idle agent and of a million leases, and what a million does to the event loop. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchAgent, binary, findRuntime, makeBenchFolder, stopProcess } from './bench-agent.ts';
import type { Bench, Progress } from './bench-run.ts';
import type { Measurement } from './figure.ts';
import { HelperProcess } from './helper-process.ts';
import type { MillionAnswer, MillionQuestion } from './million-process.ts';
import { residentBytes } from './process-usage.ts';
import type { SessionMemoryQuestion } from './session-memory-process.ts';
import { median, rounded } from './statistics.ts';

const LEASES = 1_000_000;
/** A real session costs both ends a key agreement, so fewer of them are made. */
const SESSIONS = 30_000;
const IDLE_PAIRS = 3;
/** The engine gives memory back some time after it has been busy. */
const IDLE_MS = 12_000;
const TIMES_RUNTIME = 1.3;
const MILLION_BYTES_MAX = 300e6;
const STALL_MS = 20;
const MEGABYTE = 1e6;

const startBare = (runtime: string): ChildProcess => {
  const file = fileURLToPath(new URL('./idle-socket-process.js', import.meta.url));
  return spawn(runtime, [file], { stdio: 'ignore' });
};

interface Idle {
  readonly agent: number;
  readonly bare: number;
}

/** Resident megabytes of an idle agent and of the bare runtime, each some time after its start. */
const measurePair = async (
  command: readonly string[] | undefined,
  runtime: string,
): Promise<Idle> => {
  await using folder = await makeBenchFolder();
  await using agent = await BenchAgent.start(folder.path, 50, command && { command });
  const bare = startBare(runtime);
  await sleep(IDLE_MS);
  const [own, other] = [residentBytes(agent.pid), residentBytes(bare.pid ?? 0)];
  await stopProcess(bare);
  return { agent: (own ?? Number.NaN) / MEGABYTE, bare: (other ?? Number.NaN) / MEGABYTE };
};

const measureIdle = async (progress: Progress): Promise<Measurement> => {
  // The single binary, where there is one, against the very Node that is in it. Copies made alike: how
  // many pages of a file are resident depends on how it was written.
  const isBinary = existsSync(binary);
  await using copies = await makeBenchFolder();
  const [own, runtime] = [join(copies.path, 'usher'), join(copies.path, 'node')];
  await copyFile(isBinary ? (await findRuntime()).path : process.execPath, runtime);
  if (isBinary) await copyFile(binary, own);
  const command = isBinary ? [own] : undefined;
  // All at a time: what one keeps in memory does not depend on the others.
  const pairs = Array.from({ length: IDLE_PAIRS }, () => measurePair(command, runtime));
  const idle = await Promise.all(pairs);
  progress('idle measured');
  const value = median(idle.map(({ agent }) => agent));
  return {
    name: 'idle agent with one license',
    value: Number.isNaN(value) ? null : value,
    unit: 'MB',
    baseline: { name: 'bare Node with a UDP socket', value: median(idle.map(({ bare }) => bare)) },
    bar: { of: 'ratio', most: TIMES_RUNTIME },
    details: { pairs: IDLE_PAIRS, note: 'read from /proc, of copies made alike' },
  };
};

const measureSessions = async (): Promise<Measurement> => {
  await using child = await HelperProcess.start('session-memory-process', ['--expose-gc']);
  const question: SessionMemoryQuestion = { sessions: SESSIONS };
  const bytes = await child.ask<number>(question);
  return {
    name: 'a lease by a real session, in use',
    value: bytes,
    unit: 'bytes',
    bar: { of: 'value', most: MILLION_BYTES_MAX / LEASES },
    details: { sessions: SESSIONS },
  };
};

const fillStore = async (question: MillionQuestion): Promise<void> => {
  await using child = await HelperProcess.start('million-process');
  await child.ask<void>(question);
};

const measureMillion = async (
  question: Omit<MillionQuestion, 'kind'>,
): Promise<readonly Measurement[]> => {
  await using child = await HelperProcess.start('million-process', ['--expose-gc']);
  const measure: MillionQuestion = { kind: 'measure', ...question };
  const answer = await child.ask<MillionAnswer>(measure);
  const bar = { of: 'value', most: STALL_MS } as const;
  return [
    {
      name: '1,000,000 restored leases',
      value: (answer.bytesPerLease * LEASES) / MEGABYTE,
      unit: 'MB',
      bar: { of: 'value', most: MILLION_BYTES_MAX / MEGABYTE },
      details: {
        'bytes per lease, resident': rounded(answer.bytesPerLease),
        "bytes per lease, without pages of the store's files": rounded(answer.ownBytesPerLease),
        'bytes per lease, in use': rounded(answer.liveBytesPerLease),
      },
    },
    {
      name: 'longest stall, 1,000,000 restored',
      value: answer.restoreStalls.longest,
      unit: 'ms',
      bar,
      details: {
        'p99.9 (ms)': rounded(answer.restoreStalls.p999),
        'longest, of the processor (ms)': rounded(answer.restoreStalls.longestOfProcessor),
        'seconds for all': rounded(answer.restoreSeconds),
      },
    },
    {
      name: 'longest stall, 1,000,000 lapse in 1 s',
      value: answer.lapseStalls.longest,
      unit: 'ms',
      bar,
      details: {
        'p99.9 (ms)': rounded(answer.lapseStalls.p999),
        'longest, of the processor (ms)': rounded(answer.lapseStalls.longestOfProcessor),
        'seconds for all': rounded(answer.lapseSeconds),
        'leases left': answer.left,
      },
    },
  ];
};

/** `memory`: holders are realistic, keys random; a restored lease has no session keys yet. */
export const memoryBench: Bench = async (progress) => {
  await using folder = await makeBenchFolder();
  const question = { folder: join(folder.path, 'store'), leases: LEASES };
  const measureInTurn = async () => [await measureIdle(progress), await measureSessions()] as const;
  // The store is written beside them: no byte that is counted is another for it.
  const filled = fillStore({ kind: 'fill', ...question });
  const [[idle, sessions]] = await Promise.all([measureInTurn(), filled]);
  progress(`${SESSIONS} sessions made, ${LEASES} leases written`);
  const million = await measureMillion(question);
  progress(`${LEASES} leases restored and lapsed`);
  return [idle, sessions, ...million];
};

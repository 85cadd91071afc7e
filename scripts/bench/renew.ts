/** Sealed renewals per second of a real agent, against bare Node UDP echo servers in the same run. */

import { BenchAgent, makeBenchFolder } from './bench-agent.ts';
import type { Bench, Progress } from './bench-run.ts';
import type { EchoQuestion } from './echo-process.ts';
import type { Measurement } from './figure.ts';
import { HelperProcess } from './helper-process.ts';
import { threadMilliseconds } from './process-usage.ts';
import type { Blast, RenewQuestion } from './renew-load-process.ts';
import { median, rounded, spread } from './statistics.ts';

const SESSIONS = 512;
const WINDOW = 512;
const ROUNDS = 7;
const ROUND_MS = 1500;
/** Enough for one round of the fastest server. */
const SEALED = 120_000;
const ECHO_SHARE = 0.6;
/** What the agent answers a renewal with: header, tag, nonce, seal, `[2, id, term]`. */
const REPLY_SIZE = 52;

interface Round extends Blast {
  readonly perSecond: number;
  readonly serverCpuSeconds: number | null;
}

export interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly sealed: boolean;
  readonly rounds: Round[];
}

const startEcho = async (kind: EchoQuestion['kind']) => {
  const process = await HelperProcess.start('echo-process');
  const question: EchoQuestion = { kind, replySize: REPLY_SIZE };
  return { process, port: await process.ask<number>(question) };
};

/** Has the load seal so many requests: before any clock starts. */
export const sealRequests = (load: HelperProcess, count: number): Promise<number> =>
  load.ask<number>({ kind: 'seal', count } satisfies RenewQuestion);

/** Runs one round on one contestant, with requests that are sealed already. */
export const runRound = async (load: HelperProcess, contestant: Contestant): Promise<Round> => {
  const { port, pid, sealed } = contestant;
  const before = threadMilliseconds(pid);
  const milliseconds = ROUND_MS;
  const question = { kind: 'blast', port, window: WINDOW, milliseconds, sealed } as const;
  const blast = await load.ask<Blast>(question satisfies RenewQuestion);
  const after = threadMilliseconds(pid);
  const serverCpuSeconds = before === null || after === null ? null : (after - before) / 1000;
  return { ...blast, perSecond: blast.replies / blast.wallSeconds, serverCpuSeconds };
};

/**
 * Medians over the rounds, and how busy each side was while they lasted. What a server does in
 * a second of its own processor time does not depend on the load's strength; what it does in a
 * second of the clock does, where the load cannot keep it busy.
 */
export const summarize = ({ rounds }: Contestant) => {
  const perSecond = rounds.map((round) => round.perSecond);
  const perCpu = rounds.map((round) => round.replies / (round.serverCpuSeconds ?? Number.NaN));
  return {
    perSecond: median(perSecond),
    spread: spread(perSecond),
    perCpuSecond: median(perCpu),
    perCpuSpread: spread(perCpu),
    serverBusy: median(
      rounds.map((round) => (round.serverCpuSeconds ?? Number.NaN) / round.wallSeconds),
    ),
    loadBusy: median(rounds.map((round) => round.cpuSeconds / round.wallSeconds)),
    lost: rounds.reduce((sum, round) => sum + round.lost, 0),
    verified: rounds.reduce((sum, round) => sum + round.verified, 0),
  };
};

type Summary = ReturnType<typeof summarize>;

const describe = (name: string, one: Summary): Record<string, number> => ({
  [`${name} per second`]: rounded(one.perSecond),
  [`${name} spread`]: rounded(one.spread, 2),
  [`${name} per CPU second`]: rounded(one.perCpuSecond),
  [`${name} per CPU second, spread`]: rounded(one.perCpuSpread, 2),
  [`${name} CPU use`]: rounded(one.serverBusy, 3),
  [`${name} load's CPU use`]: rounded(one.loadBusy, 3),
  [`${name} lost`]: one.lost,
});

const measurements = (agent: Summary, plain: Summary, tuned: Summary): Measurement[] => {
  const details = {
    ...describe('agent', agent),
    ...describe('plain echo', plain),
    ...describe('tuned echo', tuned),
    'replies verified': agent.verified,
    sessions: SESSIONS,
    window: WINDOW,
    rounds: ROUNDS,
  };
  const bar = { of: 'ratio', least: ECHO_SHARE } as const;
  const perCpu = Number.isNaN(agent.perCpuSecond) ? null : agent.perCpuSecond;
  const perSecond = { value: agent.perSecond, unit: 'per second', bar };
  return [
    {
      name: 'renew, per CPU second of the server',
      value: perCpu,
      unit: 'per CPU second',
      baseline: { name: 'tuned echo', value: tuned.perCpuSecond },
      bar,
      details: perCpu === null ? { note: 'processor times are read from /proc' } : details,
    },
    {
      name: 'renew',
      ...perSecond,
      baseline: { name: 'tuned echo', value: tuned.perSecond },
      details,
    },
    {
      name: 'renew, against a plain echo',
      ...perSecond,
      baseline: { name: 'plain echo', value: plain.perSecond },
    },
  ];
};

const runRounds = async (
  load: HelperProcess,
  contestants: readonly Contestant[],
  progress: Progress,
): Promise<void> => {
  // The first round warms every process up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const contestant of contestants) {
      await sealRequests(load, SEALED);
      const result = await runRound(load, contestant);
      if (round > 0) contestant.rounds.push(result);
    }
    const rates = contestants.map(
      ({ name, rounds }) => `${name} ${Math.round(rounds.at(-1)?.perSecond ?? 0)}/s`,
    );
    progress(round === 0 ? 'warmed up' : `round ${round} of ${ROUNDS}: ${rates.join(', ')}`);
  }
};

/** `renew`: the baseline is the tuned echo, the stricter of the two. */
export const renewBench: Bench = async (progress) => {
  await using folder = await makeBenchFolder();
  await using agent = await BenchAgent.start(folder.path, SESSIONS);
  await using load = await HelperProcess.start('renew-load-process', ['--expose-gc']);
  const plain = await startEcho('plain');
  const tuned = await startEcho('tuned');
  await using _plain = plain.process;
  await using _tuned = tuned.process;
  const question = { kind: 'acquire', port: agent.port, sessions: SESSIONS } as const;
  await load.ask<number>(question satisfies RenewQuestion);
  const echo = (name: string, { process, port }: typeof plain): Contestant => ({
    name,
    port,
    pid: process.pid,
    sealed: false,
    rounds: [],
  });
  const contestants: readonly Contestant[] = [
    echo('plain echo', plain),
    echo('tuned echo', tuned),
    { name: 'agent', port: agent.port, pid: agent.pid, sealed: true, rounds: [] },
  ];
  await runRounds(load, contestants, progress);
  const [plainSum, tunedSum, agentSum] = contestants.map(summarize);
  if (plainSum === undefined || tunedSum === undefined || agentSum === undefined) return [];
  return measurements(agentSum, plainSum, tunedSum);
};

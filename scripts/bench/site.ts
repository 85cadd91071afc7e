/** A member of a site beside an agent that is one by itself: the same work, in turns, in one run. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canRunEtcd, EtcdMembers, loopbackPlaces } from '../../test/lan/etcd.ts';
import type { AcquireQuestion, AcquireRun } from './acquire-load-process.ts';
import { BenchAgent, makeBenchFolder } from './bench-agent.ts';
import type { Bench, Progress } from './bench-run.ts';
import type { Measurement } from './figure.ts';
import { HelperProcess } from './helper-process.ts';
import { type Contestant, runRound, sealRequests, summarize } from './renew.ts';
import type { RenewQuestion } from './renew-load-process.ts';
import { median, quantile, rounded, spread } from './statistics.ts';

const SESSIONS = 512;
const SEATS = 1024;
const CLIENTS = 32;
const ROUNDS = 7;
const ROUND_MS = 1500;
/** More than an agent renews in a round. */
const SEALED = 110_000;
const RENEWALS_SHARE = 0.95;
/** Two agents of one kind differ by so much from run to run. */
const P99_TIMES = 1.1;

/** One of the two, with those who load it. */
interface Runner extends AsyncDisposable {
  readonly contestant: Contestant;
  readonly renewing: HelperProcess;
  readonly acquiring: HelperProcess;
  readonly runs: AcquireRun[];
}

const startRunner = async (
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Runner> => {
  const home = join(folder, name);
  await mkdir(home);
  const agent = await BenchAgent.start(home, SEATS, { environment });
  const renewing = await HelperProcess.start('renew-load-process', ['--expose-gc']);
  const acquiring = await HelperProcess.start('acquire-load-process');
  const { port, pid } = agent;
  const all = { kind: 'acquire', port, sessions: SESSIONS } as const;
  await renewing.ask<number>(all satisfies RenewQuestion);
  return {
    contestant: { name, port, pid, sealed: true, rounds: [] },
    renewing,
    acquiring,
    runs: [],
    [Symbol.asyncDispose]: async () => {
      for (const one of [renewing, acquiring, agent]) await one[Symbol.asyncDispose]();
    },
  };
};

const runBoth = async (
  { contestant, renewing, acquiring, runs }: Runner,
  isCounted: boolean,
): Promise<void> => {
  const round = await runRound(renewing, contestant);
  const question = {
    kind: 'run',
    port: contestant.port,
    clients: CLIENTS,
    milliseconds: ROUND_MS,
    fresh: false,
  } as const;
  const run = await acquiring.ask<AcquireRun>(question satisfies AcquireQuestion);
  if (!isCounted) return;
  contestant.rounds.push(round);
  runs.push(run);
};

const p99s = ({ runs }: Runner): readonly number[] =>
  runs.map(({ latencies }) => quantile(latencies, 0.99));

const pairs = ({ runs }: Runner): number => median(runs.map((run) => run.pairs / run.seconds));

const measurements = (alone: Runner, member: Runner): readonly Measurement[] => {
  const [one, other] = [summarize(alone.contestant), summarize(member.contestant)];
  const bar = { of: 'ratio', least: RENEWALS_SHARE } as const;
  const name = 'an agent by itself';
  const details = {
    'spread of rounds, member': rounded(other.spread, 2),
    'spread of rounds, by itself': rounded(one.spread, 2),
    lost: other.lost,
    'replies verified': other.verified,
  };
  return [
    {
      name: 'renewals of a member of a site, per CPU second',
      value: other.perCpuSecond,
      unit: 'per CPU second',
      baseline: { name, value: one.perCpuSecond },
      bar,
      details: { ...details, 'spread of rounds, member': rounded(other.perCpuSpread, 2) },
    },
    {
      name: 'renewals of a member of a site',
      value: other.perSecond,
      unit: 'per second',
      baseline: { name, value: one.perSecond },
      bar,
      details,
    },
    {
      name: `acquire p99 of a member with a warm block, ${CLIENTS} clients`,
      value: median(p99s(member)),
      unit: 'ms',
      baseline: { name, value: median(p99s(alone)) },
      bar: { of: 'ratio', most: P99_TIMES },
      details: {
        'spread of rounds, member': rounded(spread(p99s(member)), 2),
        'spread of rounds, by itself': rounded(spread(p99s(alone)), 2),
        'pairs per second, member': rounded(pairs(member)),
        'pairs per second, by itself': rounded(pairs(alone)),
        'asked again': member.runs.reduce((sum, run) => sum + run.resent, 0),
      },
    },
  ];
};

const NONE: readonly Measurement[] = [
  {
    name: 'renewals of a member of a site',
    value: null,
    unit: 'per second',
    details: { note: 'there is no etcd here: it is in the package etcd-server' },
  },
];

const runRounds = async (runners: readonly Runner[], progress: Progress): Promise<void> => {
  // The first round warms every process up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    // Each begins as often as the other.
    const order = round % 2 === 0 ? runners : [...runners].reverse();
    // Both loads at a time: each has a processor, and nothing is measured yet.
    await Promise.all(order.map(({ renewing }) => sealRequests(renewing, SEALED)));
    for (const runner of order) await runBoth(runner, round > 0);
    progress(round === 0 ? 'warmed up' : `round ${round} of ${ROUNDS}`);
  }
};

/** `site`: one etcd on this computer, a member of its site, and an agent that is one by itself. */
export const siteBench: Bench = async (progress) => {
  if (!canRunEtcd()) return NONE;
  await using folder = await makeBenchFolder();
  using etcd = new EtcdMembers({ places: await loopbackPlaces(1, folder.path) });
  await etcd.startAll();
  const urls = etcd.urls.map(({ origin }) => origin).join();
  await using alone = await startRunner('alone', folder.path, {});
  await using member = await startRunner('member', folder.path, { USHER_SITE: urls });
  await runRounds([alone, member], progress);
  return measurements(alone, member);
};

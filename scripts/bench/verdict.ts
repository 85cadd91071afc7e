/** How often the verdict on the host is right, against firmware strings alone, and what it costs. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type HostFacts, parseHostFacts } from '../../agent/core/host/host-facts.ts';
import { judgeHost } from '../../agent/core/host/host-verdict.ts';
import { readHostSigns } from '../../agent/edges/host-facts/host-signs.ts';
import { readHostFacts } from '../../agent/edges/host-facts/read-host-facts.ts';
import {
  CONTAINERS,
  NO_CONTAINERS,
} from '../../test/agent/core/host/fixtures/container-machines.ts';
import { PHYSICAL } from '../../test/agent/core/host/fixtures/physical-machines.ts';
import { VIRTUAL } from '../../test/agent/core/host/fixtures/virtual-machines.ts';
import {
  WINDOWS_PHYSICAL,
  WINDOWS_VIRTUAL,
} from '../../test/agent/core/host/fixtures/windows-machines.ts';
import type { Bench } from './bench-run.ts';
import type { Measurement } from './figure.ts';
import { median, quantile, rounded } from './statistics.ts';

/** From build/out/js/scripts/bench: beside the repository, where somebody has put such a file. */
const COLLECTION = fileURLToPath(
  new URL('../../../../../../shared/data/machines.jsonl', import.meta.url),
);
const START_MS = 50;
const LEAST_CAUGHT = 99;
const TIMES = 30;

interface Labelled {
  readonly label: string;
  readonly facts: HostFacts;
}

/** The labelled machines at hand, and where they come from. */
export const collectMachines = (
  file: string,
): { readonly machines: readonly Labelled[]; readonly source: string } => {
  if (!existsSync(file))
    return { machines: ownMachines(), source: 'the fixtures of our own tests' };
  const lines = readFileSync(file, 'utf8').split('\n');
  const machines = lines.filter((line) => line.trim() !== '').map(parseMachine);
  return { machines, source: `${machines.length} recorded machines beside the repository` };
};

const ownMachines = (): readonly Labelled[] => [
  ...[...PHYSICAL, ...WINDOWS_PHYSICAL].map(({ facts }) => ({ label: 'physical', facts })),
  ...[...VIRTUAL, ...WINDOWS_VIRTUAL].map(({ facts }) => ({ label: 'virtual', facts })),
];

const parseMachine = (line: string): Labelled => {
  const { label, facts } = JSON.parse(line) as { readonly label: string; readonly facts: unknown };
  const parsed = parseHostFacts(facts);
  if (!parsed.ok) throw new Error(parsed.error);
  return { label, facts: parsed.value };
};

/** The same verdict with nothing but the firmware's strings to go by. */
const stringsAlone = ({ platform, dmi }: HostFacts): HostFacts => ({
  ...(platform === undefined ? {} : { platform }),
  ...(dmi === undefined ? {} : { dmi }),
});

const share = (part: number, whole: number): number => (100 * part) / whole;

/** What the verdict gets right over labelled machines. */
export const measureMachines = (
  machines: readonly Labelled[],
  source: string,
): readonly Measurement[] => {
  const of = (label: string) => machines.filter((one) => one.label === label);
  const called = (label: string, kind: string, see = (facts: HostFacts) => facts): number =>
    of(label).filter(({ facts }) => judgeHost(see(facts)).host === kind).length;
  const real = of('physical').length;
  const virtual = of('virtual').length;
  const strings = called('virtual', 'virtual', stringsAlone);
  return [
    {
      name: 'real machines called virtual',
      value: called('physical', 'virtual'),
      unit: 'machines',
      bar: { of: 'value', most: 0 },
      details: { of: real, 'called unknown': called('physical', 'unknown'), from: source },
    },
    {
      name: 'virtual machines called virtual',
      value: share(called('virtual', 'virtual'), virtual),
      unit: '%',
      baseline: { name: 'firmware strings alone', value: share(strings, virtual) },
      bar: { of: 'value', least: LEAST_CAUGHT },
      details: {
        of: virtual,
        'called unknown': called('virtual', 'unknown'),
        'called real': called('virtual', 'physical'),
        from: source,
      },
    },
  ];
};

const measureContainers = (): readonly Measurement[] => {
  const right = CONTAINERS.filter(({ facts, container, host }) => {
    const judged = judgeHost(facts);
    return judged.container === container && judged.host === host;
  }).length;
  const wrong = NO_CONTAINERS.filter(({ facts }) => judgeHost(facts).container !== undefined);
  return [
    {
      name: 'containers told, with the machine beneath',
      value: share(right, CONTAINERS.length),
      unit: '%',
      bar: { of: 'value', least: 100 },
      details: {
        of: CONTAINERS.length,
        'taken for one and none': wrong.length,
        from: 'the fixtures of our own tests',
      },
    },
  ];
};

/** Milliseconds of each run of `work`, the very first included. */
const timeOf = async (work: () => Promise<unknown> | unknown): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
};

const measureCost = async (): Promise<readonly Measurement[]> => {
  const whole = await timeOf(async () => judgeHost(await readHostFacts()));
  const signs = await timeOf(readHostSigns);
  const details = (times: readonly number[]) => ({
    'p99 (ms)': rounded(quantile(times, 0.99)),
    'the first (ms)': rounded(times[0] ?? Number.NaN),
  });
  return [
    {
      name: 'this machine read and judged',
      value: median(whole),
      unit: 'ms',
      bar: { of: 'value', most: START_MS },
      details: details(whole),
    },
    {
      name: 'a look for signs of change',
      value: median(signs),
      unit: 'ms',
      baseline: { name: 'read and judged whole', value: median(whole) },
      details: details(signs),
    },
  ];
};

/** `verdict`: over labelled machines where there are any, else over our own fixtures. */
export const verdictBench: Bench = async (progress) => {
  const { machines, source } = collectMachines(COLLECTION);
  progress(`judging ${source}`);
  const cost = await measureCost();
  return [...measureMachines(machines, source), ...measureContainers(), ...cost];
};

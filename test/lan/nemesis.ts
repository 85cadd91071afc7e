/** What befalls the boxes of a site, one box at a time, so that a majority lives always. */

import { setTimeout as sleep } from 'node:timers/promises';
import { timerMs } from '../../protocol/node/clock.ts';
import type { Boxes } from './boxes.ts';

/** Begins; resolves with how it ends. */
type Blow = (boxes: Boxes, box: number) => Promise<() => Promise<void>>;

const restartEtcd = async (boxes: Boxes, box: number): Promise<void> => {
  if (!boxes.etcd.isRunning(box - 1)) await boxes.etcd.start(box - 1);
};

const restartAgent = async (boxes: Boxes, box: number): Promise<void> => {
  if (!boxes.isServing(box)) await boxes.startAgent(box);
};

const cut =
  (rulesOf: (boxes: Boxes, box: number) => readonly string[]): Blow =>
  async (boxes, box) => {
    boxes.cut(rulesOf(boxes, box));
    return async () => boxes.heal();
  };

export const BLOWS: Readonly<Record<string, Blow>> = {
  'agent killed': async (boxes, box) => {
    await boxes.killAgent(box);
    return () => restartAgent(boxes, box);
  },
  'etcd killed': async (boxes, box) => {
    await boxes.etcd.kill(box - 1);
    return () => restartEtcd(boxes, box);
  },
  'box killed': async (boxes, box) => {
    await Promise.all([boxes.killAgent(box), boxes.etcd.kill(box - 1)]);
    return async () => {
      await restartEtcd(boxes, box);
      await restartAgent(boxes, box);
    };
  },
  'agent paused': async (boxes, box) => {
    boxes.signalAgent(box, 'SIGSTOP');
    return async () => boxes.signalAgent(box, 'SIGCONT');
  },
  'etcd paused': async (boxes, box) => {
    boxes.etcd.signal(box - 1, 'SIGSTOP');
    return async () => boxes.etcd.signal(box - 1, 'SIGCONT');
  },
  'box paused': async (boxes, box) => {
    boxes.signalAgent(box, 'SIGSTOP');
    boxes.etcd.signal(box - 1, 'SIGSTOP');
    return async () => {
      boxes.etcd.signal(box - 1, 'SIGCONT');
      boxes.signalAgent(box, 'SIGCONT');
    };
  },
  'cut off from the others': cut((boxes, box) => [
    ...boxes.between(box, 'to'),
    ...boxes.between(box, 'from'),
  ]),
  'not heard by the others': cut((boxes, box) => boxes.between(box, 'to')),
  'not hearing the others': cut((boxes, box) => boxes.between(box, 'from')),
  'cut off from everybody': cut((boxes, box) => boxes.around(box)),
  'disk full': async (boxes, box) => {
    boxes.fillDisk(box);
    return async () => {
      boxes.emptyDisk(box);
      await restartEtcd(boxes, box);
      await restartAgent(boxes, box);
    };
  },
  'clock set': async (boxes, box) => {
    boxes.setClock(box, Math.random() < 0.5 ? -86_400 : 86_400);
    return async () => boxes.setClock(box, 0);
  },
};

export interface Struck {
  /** As marks of beliefs have it. */
  readonly at: number;
  readonly what: string;
  readonly box: number;
  /** Milliseconds for which it lasted. */
  readonly lasted: number;
}

const between = (least: number, most: number): number => least + Math.random() * (most - least);

/** A blow that is to come. */
interface Planned {
  readonly what: string;
  /** 0: the one that most clients are at; without a number, the one that was struck last. */
  readonly box: number | undefined;
}

/** `disk full:3,box killed`: these, in this order, over and over. */
export const readPlan = (text: string): readonly Planned[] =>
  text.split(',').map((one) => {
    const [what = '', box] = one.split(':');
    if (BLOWS[what] === undefined) throw new Error(`no such blow: ${what}`);
    return { what, box: box === undefined ? undefined : Number(box) };
  });

/** Each blow once: half of them where most clients are, the others anywhere. */
const shuffled = (boxes: Boxes): readonly Planned[] =>
  Object.keys(BLOWS)
    .filter((one) => one !== 'clock set' || boxes.hasClocks)
    .map((what) => [Math.random(), what] as const)
    .sort()
    .map(([, what], i) => ({
      what,
      box: i % 2 === 0 ? 0 : 1 + Math.floor(Math.random() * boxes.all.length),
    }));

export interface StrikeOptions {
  /** Strikes until this date. */
  readonly until: number;
  /** Where most clients are. */
  readonly busiest: () => number;
  /** These blows; without them, each blow once before one comes again. */
  readonly plan: readonly Planned[] | undefined;
}

/** Strikes one box after another; then all is well. */
export const strike = async (
  boxes: Boxes,
  { until, busiest, plan }: StrikeOptions,
): Promise<readonly Struck[]> => {
  const struck: Struck[] = [];
  let left: Planned[] = [];
  while (Date.now() < until) {
    if (left.length === 0) left = [...(plan ?? shuffled(boxes))];
    const next = left.shift();
    const what = next?.what ?? '';
    const box = (next?.box ?? struck.at(-1)?.box) || busiest();
    const lasted = Math.round(between(2000, 6000));
    const at = timerMs();
    const heal = await BLOWS[what]?.(boxes, box);
    await sleep(lasted);
    await heal?.();
    struck.push({ at, what, box, lasted });
    await sleep(between(500, 2000));
  }
  return struck;
};

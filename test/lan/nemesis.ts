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

/** Strikes until the time is over, each blow once before one comes again; then all is well. */
export const strike = async (boxes: Boxes, until: number): Promise<readonly Struck[]> => {
  const struck: Struck[] = [];
  let left: string[] = [];
  while (Date.now() < until) {
    if (left.length === 0) {
      const all = Object.keys(BLOWS).filter((one) => one !== 'clock set' || boxes.hasClocks);
      left = all
        .map((one) => [Math.random(), one] as const)
        .sort()
        .map(([, one]) => one);
    }
    const what = left.pop() ?? '';
    const box = 1 + Math.floor(Math.random() * boxes.all.length);
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

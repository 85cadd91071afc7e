/** Crowds of clients (crowd-process.ts) on the hosts behind the boxes of a site. */

import type { Mark } from './beliefs.ts';
import { BOXES, type Boxes } from './boxes.ts';

const script = 'build/out/js/test/lan/crowd-process.js';

export interface Crowds {
  readonly crowds: number;
  /** Of each crowd. */
  readonly clients: number;
  readonly seconds: number;
}

/** Starts them, each on a host of its own. What they believe is added to `marks`; they end by themselves. */
export const startCrowds = async (
  boxes: Boxes,
  { crowds, clients, seconds }: Crowds,
  marks: Mark[],
): Promise<readonly Promise<void>[]> => {
  const ended: Promise<void>[] = [];
  for (let i = 1; i <= crowds; i++) {
    const words = [process.execPath, script, `c${i}`, String(clients), String(seconds)];
    const own = `${boxes.site.folder}/c${i}`;
    const state = [`XDG_STATE_HOME=${own}`, `XDG_CONFIG_HOME=${own}`];
    const child = await boxes.site.lan.start(
      BOXES + i,
      ['env', ...state, ...words],
      /^working/,
      (line) => {
        if (line.startsWith('{')) marks.push(JSON.parse(line) as Mark);
      },
    );
    ended.push(new Promise((resolve) => child.once('close', () => resolve())));
  }
  return ended;
};

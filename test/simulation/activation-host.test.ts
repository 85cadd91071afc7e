/** What the watch takes for the time that an agent must have seen is what the agent goes by. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOCK_RESET_KEY } from '../../agent/core/wall-guard.ts';
import { ActivationHost } from './activation-host.ts';
import { WALL_START } from './clocks.ts';
import { Random } from './random.ts';
import { World } from './world.ts';

const SEEDS = 40;
const DAY = 86_400;
const HOUR_MS = 3_600_000;
/** Seconds that a power cut takes, and by which an hour goes slower without the calendar. */
const LOST = 3660 + 60;

const seen = suite('the time that an agent has seen');

interface Bench {
  readonly world: World;
  readonly host: ActivationHost;
}

const begin = (seed: number): Bench => {
  const world = new World(10_000);
  const parts = { world, random: new Random(seed), name: 'host', onStep() {}, onAsk() {} };
  const host = new ActivationHost(parts);
  host.boot();
  world.runUntil(HOUR_MS);
  return { world, host };
};

/** The date by which its agent judges. */
const judged = (host: ActivationHost): number => {
  let date = -1;
  host.operate({ kind: 'status' }, (outcome) => {
    if (outcome.kind === 'status') date = outcome.status.clock.judged;
  });
  return date;
};

seen(
  'a reset of the clock counts from when it is on the disk, though the power was cut since',
  () => {
    let kept = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { world, host } = begin(seed);
      host.offset = 100 * DAY;
      judged(host);
      world.runUntil(2 * HOUR_MS);
      host.offset = 0;
      host.operate({ kind: 'clock-reset' }, () => {});
      host.crash(1000);
      host.offset = -DAY;
      world.runUntil(2 * HOUR_MS + 2000);
      const earliest = Math.floor(host.time.earliest);
      const isReset = host.folder.store.has(CLOCK_RESET_KEY);
      kept += isReset ? 1 : 0;
      assert.ok(earliest <= judged(host), `seed ${seed}: nothing later is asked of it`);
      const least = WALL_START + 7200 + (isReset ? 0 : 100 * DAY - LOST);
      assert.ok(earliest >= least, `seed ${seed}: and nothing earlier is let pass`);
    }
    assert.ok(kept > 0 && kept < SEEDS, 'some are on the disk, and some are not');
  },
);

seen.run();

/** How often an agent is woken that lends nothing and that nobody speaks to. */

import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary, makeBenchFolder, spawnAgent, stopProcess } from './bench-agent.ts';
import type { Bench } from './bench-run.ts';
import type { Measurement } from './figure.ts';
import { wakeUps } from './process-usage.ts';

/** After its start the engine tidies up for a while. */
const SETTLE_MS = 20_000;
const WATCHED_MS = 60_000;
/** Short, so that the agent has laid its watchdog to rest before the count begins. */
const WATCHDOG_MICROSECONDS = 4_000_000;

interface Idler {
  readonly name: string;
  readonly child: ChildProcess;
  before: number | null;
}

const measured = ({ name, child, before }: Idler): Measurement => {
  const after = wakeUps(child.pid ?? 0);
  return {
    name: `wake-ups in a minute, ${name}`,
    value: before === null || after === null ? null : after - before,
    unit: 'times',
    bar: { of: 'value', most: 0 },
    details: { note: 'read from /proc: whenever a thread has gone to sleep again' },
  };
};

/** `idle`: of the single binary, where it has been built. */
export const idleBench: Bench = async (progress) => {
  await using folder = await makeBenchFolder();
  const command = existsSync(binary) ? { command: [binary] } : {};
  const start = async (name: string, environment: NodeJS.ProcessEnv): Promise<Idler> => {
    const home = join(folder.path, name);
    await mkdir(join(home, 'data'), { recursive: true });
    return { name, child: spawnAgent(home, { ...command, environment }), before: null };
  };
  const idlers = [
    await start('in the foreground', {}),
    await start('under a watchdog', {
      NOTIFY_SOCKET: join(folder.path, 'nobody'),
      WATCHDOG_USEC: String(WATCHDOG_MICROSECONDS),
    }),
  ];
  await sleep(SETTLE_MS);
  for (const idler of idlers) idler.before = wakeUps(idler.child.pid ?? 0);
  progress('settled');
  await sleep(WATCHED_MS);
  const figures = idlers.map(measured);
  await Promise.all(idlers.map(({ child }) => stopProcess(child)));
  return figures;
};

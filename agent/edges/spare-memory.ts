/** Gives back what the start has used and the running agent does not need. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Behind the start and what it leaves to be done: who looks for an agent has been answered. */
const AFTER_MS = 4000;
/** Bytes: an agent with more in its heap would stand still for longer than a datagram may wait. */
const HEAP_MAX = 24e6;

type Collect = (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Collects garbage once, `afterMs` from now, as thoroughly as the engine can: by itself it would not
 * while the agent idles, and keeps 3 MB. Resolves afterwards; it does not keep the process from ending.
 */
export const spareMemory = async (afterMs = AFTER_MS, heapMax = HEAP_MAX): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, afterMs).unref());
  if (process.memoryUsage().heapUsed > heapMax) return;
  // There is no other way to ask for it. With another flag the engine would not take Node's own compiled code.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
};

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spareMemory } from '../../../agent/edges/spare-memory.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const BYTES = 1_600_000;
/** So much that only a thorough collection frees it. */
let held: readonly number[] | undefined;

/** Bytes of the heap that came to be free when the memory was spared, of what nobody holds any more. */
const spared = async (heapMax: number): Promise<number> => {
  held = new Array<number>(BYTES / 8).fill(0.5);
  await turn();
  const before = process.memoryUsage().heapUsed;
  assert.ok(before > held.length);
  held = undefined;
  // It does not keep the process from ending: something else must.
  const alive = setInterval(() => {}, 1000);
  await spareMemory(1, heapMax);
  clearInterval(alive);
  return before - process.memoryUsage().heapUsed;
};

const memory = suite('spare memory');

memory('what nobody holds any more is given back', async () => {
  // The engine that is in the binary; an older one knows no such thoroughness.
  if (Number.parseInt(process.versions.node, 10) < 24)
    return console.log('Not run: it needs Node 24.');
  assert.ok((await spared(Number.POSITIVE_INFINITY)) > BYTES / 2);
});

memory('a large heap is left alone: nobody waits until all of it was looked at', async () => {
  const all: number[] = [];
  // The engine may have found it by itself meanwhile: not each time.
  for (let i = 0; i < 5; i++) all.push(await spared(0));
  assert.ok(Math.min(...all) < BYTES / 2, all.join());
});

memory.run();

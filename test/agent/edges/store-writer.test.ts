import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Write } from '../../../agent/core/write.ts';
import { StoreWriter } from '../../../agent/edges/store-writer.ts';

const writer = suite('store writer');

const manyWrites = (count: number): readonly Write[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: null }));

/** A writer onto a store that remembers how many writes each batch had. */
const makeWriter = (isHeld = false) => {
  const batches: number[] = [];
  const tickets: number[] = [];
  const store = {
    write: async (writes: readonly Write[]): Promise<void> => void batches.push(writes.length),
  };
  const listener = {
    committed: (ticket: number) => void tickets.push(ticket),
    failed: () => assert.unreachable(),
  };
  const made = new StoreWriter(store, listener, undefined, isHeld);
  return { made, batches, tickets };
};

writer('commits of one turn share a batch', async () => {
  const { made, batches, tickets } = makeWriter();
  for (let ticket = 1; ticket <= 3; ticket++) made.commit(ticket, manyWrites(2));
  await made.drain();
  assert.equal(batches, [6]);
  assert.equal(tickets, [3]);
});

writer('a batch is bounded by its writes, and holds whole commits in their order', async () => {
  const { made, batches, tickets } = makeWriter();
  for (let ticket = 1; ticket <= 4; ticket++) made.commit(ticket, manyWrites(300));
  await made.drain();
  assert.equal(batches, [300, 300, 300, 300]);
  assert.equal(tickets, [1, 2, 3, 4]);
});

writer('a commit that is larger than a batch goes alone', async () => {
  const { made, batches, tickets } = makeWriter();
  made.commit(1, manyWrites(5000));
  made.commit(2, manyWrites(1));
  await made.drain();
  assert.equal(batches, [5000, 1]);
  assert.equal(tickets, [1, 2]);
});

writer('a commit without writes is settled all the same', async () => {
  const { made, batches, tickets } = makeWriter();
  made.commit(1, []);
  await made.drain();
  assert.equal(batches, []);
  assert.equal(tickets, [1]);
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

writer('a held one writes nothing before it begins, and then all in one batch', async () => {
  const { made, batches, tickets } = makeWriter(true);
  made.commit(1, manyWrites(2));
  await turn();
  await turn();
  made.commit(2, manyWrites(3));
  await turn();
  assert.equal(batches, []);
  made.begin();
  await made.drain();
  assert.equal(batches, [5]);
  assert.equal(tickets, [2]);
});

writer('a held one that is to end writes what waits', async () => {
  const { made, batches } = makeWriter(true);
  made.commit(1, manyWrites(2));
  await made.drain();
  assert.equal(batches, [2]);
});

writer.run();

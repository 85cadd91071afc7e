import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Write } from '../../../agent/core/write.ts';
import { LastingWrites } from '../../../agent/vendor/lasting-writes.ts';

const test = suite('lasting writes');

const writeOf = (key: string): Write => ({ key, value: Uint8Array.of(1) });

/** A disk that writes when it is told to, or fails. */
class SlowDisk {
  readonly batches: (readonly string[])[] = [];
  readonly #waiting: { keep: () => void; fail: (error: Error) => void; keys: string[] }[] = [];

  write(writes: readonly Write[]): Promise<void> {
    return new Promise((keep, fail) => {
      this.#waiting.push({ keep, fail, keys: writes.map(({ key }) => key) });
    });
  }

  get isAsked(): boolean {
    return this.#waiting.length > 0;
  }

  async settle(works: boolean): Promise<void> {
    const one = this.#waiting.shift();
    if (one === undefined) throw new Error('Nobody waits.');
    if (works) {
      this.batches.push(one.keys);
      one.keep();
    } else one.fail(new Error('full'));
    await new Promise(setImmediate);
  }
}

const outcomeOf = (done: Promise<void>): { now: string } => {
  const outcome = { now: 'waits' };
  done.then(
    () => {
      outcome.now = 'written';
    },
    () => {
      outcome.now = 'failed';
    },
  );
  return outcome;
};

test('nobody is answered before the disk has it, not even who has nothing to write', async () => {
  const disk = new SlowDisk();
  const writes = new LastingWrites(disk);
  const first = outcomeOf(writes.commit([writeOf('a')]));
  const reader = outcomeOf(writes.commit([]));
  const second = outcomeOf(writes.commit([writeOf('b')]));
  await new Promise(setImmediate);
  assert.equal([first.now, reader.now, second.now], ['waits', 'waits', 'waits']);
  await disk.settle(true);
  assert.equal([first.now, reader.now, second.now], ['written', 'waits', 'waits']);
  await disk.settle(true);
  assert.equal([first.now, reader.now, second.now], ['written', 'written', 'written']);
  assert.equal(disk.batches, [['a'], ['b']]);
});

test('what could not be written is written before what comes later', async () => {
  const disk = new SlowDisk();
  const writes = new LastingWrites(disk);
  const lost = outcomeOf(writes.commit([writeOf('a')]));
  await disk.settle(false);
  assert.is(lost.now, 'failed');
  const reader = outcomeOf(writes.commit([]));
  await new Promise(setImmediate);
  assert.ok(disk.isAsked);
  assert.is(reader.now, 'waits');
  await disk.settle(false);
  assert.is(reader.now, 'failed');
  const next = outcomeOf(writes.commit([writeOf('b')]));
  await disk.settle(true);
  assert.is(next.now, 'written');
  assert.equal(disk.batches, [['a', 'b']]);
  const idle = outcomeOf(writes.commit([]));
  await new Promise(setImmediate);
  assert.is(idle.now, 'written');
  assert.not(disk.isAsked);
});

test.run();

/** Stories of one file are told side by side: each has a site of its own, and most of each is waiting. */

import { test } from 'uvu';

/** More would only make each slower. */
const AT_ONCE = 3;

interface Story {
  readonly tell: () => Promise<void>;
  outcome: Promise<void> | undefined;
}

let ofThisFile: Story[] = [];

/** One story; it is told when the first of its file is. */
export const story = (name: string, tell: () => Promise<void>): void => {
  const all = ofThisFile;
  const one: Story = { tell, outcome: undefined };
  all.push(one);
  test(name, () => {
    begin(all);
    return one.outcome;
  });
};

/** Says that a story cannot be told on this computer; the name says what it needs. */
export const untold = (name: string): void => {
  process.stdout.write(`Not told on this computer: ${name}\n`);
};

/** Ends a file of stories. */
export const tellStories = (): void => {
  ofThisFile = [];
  test.run();
};

const begin = (all: readonly Story[]): void => {
  const running: Promise<void>[] = [];
  for (const [i, one] of all.entries()) {
    if (one.outcome !== undefined) return;
    // One begins when the one three before it has ended, however that ended.
    const before = running[i - AT_ONCE] ?? Promise.resolve();
    one.outcome = before.then(one.tell);
    running.push(one.outcome.catch(() => {}));
  }
};

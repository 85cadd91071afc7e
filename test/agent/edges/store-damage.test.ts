import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cutOff, filesOf, fillStore, flipBit, startOn, withFolder } from './store-rig.ts';

const damage = suite('store damage');

/** A small generator with a seed, so that what failed can be looked at again. */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** Hurts one file of a store; says how. */
const hurt = (store: string, random: (below: number) => number): string => {
  const files = filesOf(store);
  const file = files[random(files.length)] ?? '';
  const { size } = statSync(file);
  switch (random(4)) {
    case 0:
      rmSync(file);
      return `${file} removed`;
    case 1: {
      const length = random(size);
      cutOff(file, length);
      return `${file} cut to ${length} of ${size}`;
    }
    default: {
      const [at, bit] = [random(size), random(8)];
      flipBit(file, at, bit);
      return `${file} bit ${bit} of byte ${at} of ${size}`;
    }
  }
};

const ROUNDS_MS = 15_000;

damage('whatever is flipped, cut off or removed: all is there, or nothing is lent', () =>
  withFolder(async (folder) => {
    const original = join(folder, 'original');
    const { entries: wanted, ever } = await fillStore(original, 3);
    let refused = 0;
    let rounds = 0;
    const until = performance.now() + ROUNDS_MS;
    for (let seed = 1; seed <= 400 && performance.now() < until; seed++) {
      const store = join(folder, `${seed}`);
      cpSync(original, store, { recursive: true });
      cpSync(`${original}.mark`, `${store}.mark`);
      const how = hurt(store, randomOf(seed * 7919));
      const before = readdirSync(store).length;
      const seen = await startOn(store);
      rounds++;
      if (seen.trouble === undefined) {
        assert.equal([...seen.entries].sort(), [...wanted].sort(), `seed ${seed}: ${how}`);
      } else {
        refused++;
        assert.match(seen.trouble, /damaged: .*usher store repair/, how);
        assert.ok(readdirSync(store).length <= before, `seed ${seed}: nothing is added: ${how}`);
        for (const [key, value] of seen.entries) {
          assert.ok(ever.has(`${key}=${value}`), `seed ${seed}: ${key} is wrong: ${how}`);
        }
        // It is as damaged at the next start, and not taken for a new one.
        assert.is.not((await startOn(store)).trouble, undefined, `seed ${seed}: twice: ${how}`);
      }
      rmSync(store, { recursive: true, force: true });
      rmSync(`${store}.mark`, { force: true });
    }
    assert.ok(refused > rounds / 10, `${refused} of ${rounds} refused`);
    assert.ok(refused < rounds, 'some damage is none');
  }),
);

damage('a store that is gone is not begun anew', () =>
  withFolder(async (folder) => {
    const store = join(folder, 'store');
    await fillStore(store, 1);
    rmSync(store, { recursive: true });
    assert.match((await startOn(store)).trouble ?? '', /its files are gone/);
  }),
);

damage.run();

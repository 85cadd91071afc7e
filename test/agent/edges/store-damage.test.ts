import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LevelStore } from '../../../agent/edges/level-store.ts';
import { repairStore } from '../../../agent/edges/store-repair.ts';
import { isTableWhole } from '../../../agent/edges/table-check.ts';
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

damage('LevelDB is not given a table that was changed: it could end the process', () =>
  withFolder(async (folder) => {
    const store = join(folder, 'store');
    await fillStore(store, 2);
    const [table = ''] = filesOf(store).filter((file) => file.endsWith('.ldb'));
    flipBit(table, 10, 3);
    assert.match((await startOn(store)).trouble ?? '', /its file \d+\.ldb was changed/);
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

damage(
  'a large store that nothing has happened to is sound, and the smallest change of a table is not',
  () =>
    withFolder(async (folder) => {
      const store = join(folder, 'store');
      {
        await using opened = await LevelStore.open(store);
        for (let i = 0; i < 40; i++) {
          const writes = Array.from({ length: 512 }, (_, j) => {
            return { key: `lease/${i * 512 + j}`, value: Buffer.alloc(300, `${j} of ${i}`) };
          });
          await opened.write(writes);
        }
      }
      const seen = await startOn(store);
      assert.is(seen.trouble, undefined);
      assert.is(seen.entries.size, 40 * 512);
      const tables = filesOf(store).filter((file) => file.endsWith('.ldb'));
      assert.ok(tables.length > 0, 'it has tables');
      const [table = ''] = tables;
      const whole = readFileSync(table);
      assert.ok(isTableWhole(whole));
      const random = randomOf(7);
      // The footer ends in padding that says nothing.
      const checked = whole.length - 48;
      for (let i = 0; i < 20; i++) {
        const at = random(checked);
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
        assert.not(isTableWhole(changed), `byte ${at} of ${whole.length}`);
      }
      assert.not(isTableWhole(whole.subarray(0, -1)));
      assert.not(isTableWhole(Buffer.alloc(0)));
    }),
);

damage('what is whole is there after a repair, what is lost is counted, and both are kept', () =>
  withFolder(async (folder) => {
    for (let seed = 1; seed <= 12; seed++) {
      const store = join(folder, `${seed}`);
      const { ever } = await fillStore(store, 2);
      const how = hurt(store, randomOf(seed * 104_729));
      const report = await repairStore(store, 'now', false);
      const after = await startOn(store);
      assert.is(after.trouble, undefined, `seed ${seed}: ${how}`);
      if (report === undefined) continue;
      assert.ok(after.entries.has('holdoff'), 'it holds off');
      // These are no records that an agent knows: all are taken out, and none is lost silently.
      const lost = report.lostFile === null ? '' : readFileSync(report.lostFile, 'utf8');
      const taken = lost
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
      for (const { key, value } of taken) {
        const hex = Buffer.from(value, 'base64').toString('hex');
        assert.ok(ever.has(`${key}=${hex}`), `seed ${seed}: ${key}: ${how}`);
      }
      assert.ok(existsSync(report.kept));
    }
  }),
);

damage.run();

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LevelStore } from '../../../agent/edges/level-store.ts';
import { UsherError } from '../../../agent/usher-error.ts';

const store = suite('level store');

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-store-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7);

const readAll = async (opened: LevelStore): Promise<readonly string[]> => {
  const keys: string[] = [];
  for await (const entries of opened.read()) keys.push(...entries.map(([key]) => key));
  return keys;
};

store('what is written is there after it was closed; what was deleted is not', () =>
  withFolder(async (folder) => {
    {
      await using opened = await LevelStore.open(folder);
      await opened.write([
        { key: 'a', value: bytes(3) },
        { key: 'b', value: bytes(3) },
      ]);
      await opened.write([{ key: 'a', value: null }]);
    }
    await using again = await LevelStore.open(folder);
    assert.equal(await readAll(again), ['b']);
  }),
);

store('values are plain bytes of their own: the pure code would take a view for a copy', () =>
  withFolder(async (folder) => {
    await using opened = await LevelStore.open(folder);
    await opened.write([{ key: 'a', value: bytes(3) }]);
    for await (const entries of opened.read()) {
      for (const [, value] of entries) assert.is(value.constructor, Uint8Array);
    }
  }),
);

store('what is read as of an instant is as it was then, whatever is written meanwhile', () =>
  withFolder(async (folder) => {
    await using opened = await LevelStore.open(folder);
    await opened.write([
      { key: 'a', value: bytes(3) },
      { key: 'b', value: bytes(3) },
    ]);
    await using frozen = opened.frozen();
    await opened.write([
      { key: 'a', value: null },
      { key: 'b', value: bytes(4) },
      { key: 'c', value: bytes(3) },
    ]);
    const then = await frozen.between('a', 'z', 10);
    assert.equal(
      then.map(([key, { length }]) => [key, length]),
      [
        ['a', 3],
        ['b', 3],
      ],
    );
    assert.is((await frozen.get(['a'])).length, 1);
    const now = await opened.between('a', 'z', 10);
    assert.equal(
      now.map(([key]) => key),
      ['b', 'c'],
    );
  }),
);

store('a store that is open already is refused by name', () =>
  withFolder(async (folder) => {
    await using _opened = await LevelStore.open(folder);
    const error = await LevelStore.open(folder).catch((reason: unknown) => reason);
    assert.ok(error instanceof UsherError && error.code === 'STORE_LOCKED');
  }),
);

/** A file system of one megabyte; only root can mount one. */
const mountSmall = (folder: string): boolean =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;

store('a full disk refuses a write, and takes the next when there is room again', () =>
  withFolder(async (folder) => {
    if (!mountSmall(folder)) {
      console.log('No small file system can be mounted here: the full disk is left out.');
      return;
    }
    try {
      {
        await using opened = await LevelStore.open(join(folder, 'store'));
        await opened.write([{ key: 'kept', value: bytes(10) }]);
        const failed = await opened
          .write([{ key: 'large', value: bytes(4_000_000) }])
          .catch((reason: unknown) => reason);
        assert.instance(failed, Error);
        assert.is(spawnSync('mount', ['-o', 'remount,size=32m', folder]).status, 0);
        await opened.write([{ key: 'later', value: bytes(10) }]);
      }
      // The torn end of the failed write must not take with it what was promised after it.
      await using again = await LevelStore.open(join(folder, 'store'));
      assert.equal(await readAll(again), ['kept', 'later']);
      assert.not(existsSync(join(folder, 'store.mark.new')));
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  }),
);

store.run();

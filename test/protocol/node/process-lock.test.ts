import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tryLock } from '../../../protocol/node/process-lock.ts';
import { isRunning, ownMark } from '../../../protocol/node/process-mark.ts';

const locks = suite('process lock');

const freshPath = (): string => join(mkdtempSync(join(tmpdir(), 'usher-lock-')), 'seat.lock');

locks('one has it at a time, and gives it back once', () => {
  const path = freshPath();
  const unlock = tryLock(path);
  assert.ok(unlock);
  assert.is(tryLock(path), undefined);
  unlock();
  const again = tryLock(path);
  assert.ok(again);
  again();
  assert.equal(readdirSync(join(path, '..')), []);
});

locks('what a process left behind when it ended holds nobody up', async () => {
  const path = freshPath();
  const child = spawn(process.execPath, ['-e', '']);
  const { pid } = child;
  await once(child, 'exit');
  for (const mark of [`${pid} -`, '', 'rubbish', ownMark().replace(/ .*/, ' another-boot-1')]) {
    writeFileSync(path, mark);
    const unlock = tryLock(path);
    assert.ok(unlock, `after "${mark}"`);
    unlock();
  }
  assert.equal(readdirSync(join(path, '..')), []);
});

locks('a process that runs holds it', async () => {
  const path = freshPath();
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
  const mark = `${child.pid} -`;
  assert.ok(isRunning(mark));
  writeFileSync(path, mark);
  assert.is(tryLock(path), undefined);
  child.stdin.end();
  await once(child, 'exit');
  assert.not(isRunning(mark));
  assert.ok(tryLock(path));
});

locks('a folder that cannot be written is an error, not a lock', () => {
  assert.throws(() => tryLock(join(freshPath(), 'missing', 'seat.lock')), /ENOENT/);
});

locks.run();

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileTooLarge, readFileUpTo } from '../../../protocol/node/bounded-files.ts';

const files = suite<{ folder: string }>('bounded files');

files.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'usher-files-'));
});
files.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const isTooLarge = (error: unknown): boolean => error instanceof FileTooLarge;

files('a file is read up to the last byte that it may have', ({ folder }) => {
  const path = join(folder, 'file');
  for (const size of [0, 1, 9, 10]) {
    writeFileSync(path, new Uint8Array(size).fill(size));
    assert.equal(readFileUpTo(path, 10), new Uint8Array(size).fill(size));
  }
  writeFileSync(path, new Uint8Array(11));
  assert.throws(() => readFileUpTo(path, 10), isTooLarge);
});

files('what has no size to look at is bounded, too', () => {
  if (platform() !== 'win32') assert.throws(() => readFileUpTo('/dev/zero', 10), isTooLarge);
});

files('the system’s reason comes with its code', ({ folder }) => {
  const codeOf = (path: string): unknown => {
    try {
      return readFileUpTo(path, 10);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  assert.is(codeOf(join(folder, 'none')), 'ENOENT');
  if (platform() !== 'win32') assert.is(codeOf(folder), 'EISDIR');
});

files.run();

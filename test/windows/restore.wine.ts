/**
 * A restore that does nothing, by the packaged binary under Wine: a library that is loaded cannot be
 * removed there, so none may be loaded before it is known whether anything is done. Run by .ci/run.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { foreignBackup } from '../stories/foreign-backup.ts';
import { openWine, openWineFor } from './windows-program.ts';

const testWith = (root: string): void => {
  test('the folder that it would go to is not there afterwards', async () => {
    using wine = openWine(root);
    const whole = await foreignBackup();
    writeFileSync(join(wine.folder, 'foreign.backup'), whole);
    writeFileSync(join(wine.folder, 'cut.backup'), whole.subarray(0, whole.length - 1));
    const cases = [
      ['missing.backup', 1, /there is no such file/],
      ['cut.backup', 5, /ends early: nothing was done/],
      ['foreign.backup', 1, /of another computer: nothing was done/],
    ] as const;
    for (const [file, status, sentence] of cases) {
      const refused = wine.run('usher.exe', 'restore', file, '--data', 'my data');
      assert.is(refused.status, status, refused.err);
      assert.match(refused.err, sentence);
      assert.not(existsSync(join(wine.folder, 'my data')), file);
    }
    const none = wine.run('usher.exe', 'status', '--data', 'my data');
    assert.match(none.err, /`usher serve --data "my data"`/);
  });
};

const root = openWineFor();
if (root !== undefined) testWith(root);

test.run();

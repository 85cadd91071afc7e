import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { userSettingsFolder, userStateFolder } from '../../../protocol/node/user-folders.ts';

test('an empty HOME is none: the user’s folders are where the system says', () => {
  if (process.platform === 'win32') return;
  const before = process.env['HOME'];
  process.env['HOME'] = '';
  try {
    for (const folder of [userStateFolder({ HOME: '' }), userSettingsFolder({ HOME: '' })]) {
      assert.ok(isAbsolute(folder ?? ''), folder);
      assert.ok(folder?.startsWith(userInfo().homedir));
    }
  } finally {
    if (before === undefined) delete process.env['HOME'];
    else process.env['HOME'] = before;
  }
});

test.run();

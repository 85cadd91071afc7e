import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeSettings } from '../../agent/settings-change.ts';

test('lines that set it are changed or go, and all else stays', () => {
  const text = '# ours\nname = a # desk\n\n#site = x\nsite = old\nport = 9\n';
  const changed = changeSettings(text, new Map([['site', 'new']]));
  assert.is(changed, '# ours\nname = a # desk\n\n#site = x\nsite = new\nport = 9\n');
  const gone = changeSettings(text, new Map([['site', null]]));
  assert.is(gone, '# ours\nname = a # desk\n\n#site = x\nport = 9\n');
});

test('what is not there comes to the end', () => {
  const site = new Map([['site', 'http://a']] as const);
  assert.is(changeSettings('', site), 'site = http://a\n');
  assert.is(changeSettings('port = 9\n\n', site), 'port = 9\nsite = http://a\n');
  assert.is(changeSettings('port = 9', new Map([['site', null]])), 'port = 9');
});

test.run();

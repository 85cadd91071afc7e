import { chmodSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ClientSettings,
  changeClientSettings,
  readClientSettings,
  type SettingGiven,
  userSettingsFile,
} from '../../../protocol/node/client-settings.ts';
import { parseSettings } from '../../../protocol/node/client-settings-text.ts';
import { fakeTree } from '../../agent/edges/host-facts/fake-tree.ts';

const files = suite('client settings files');

const given = (file: string, text: string): readonly SettingGiven[] => {
  const lines = parseSettings(text);
  if (!lines.ok) throw new Error(lines.error);
  return lines.value.map((line) => ({ ...line, file }));
};
const settings = (user: string, machine: string): ClientSettings =>
  new ClientSettings(given('/u/client.conf', user), given('/m/client.conf', machine));

files('the product’s own goes before every product’s, the user’s before the machine’s', () => {
  const both = settings(
    'agent = user\n[a]\nmode = standalone\nlicense = a.txt',
    'agent = machine\n[a]\nmode = network\nlicense = other.txt\n[b]\nagent = b1, b2',
  );
  assert.equal(both.settingsFor('a'), {
    mode: 'standalone',
    agents: ['user'],
    license: '/u/a.txt',
  });
  assert.equal(both.settingsFor('b').agents, ['b1', 'b2']);
  assert.equal(both.settingsFor(null).agents, ['user']);
  assert.equal(both.products, ['a', 'b']);
  assert.equal(settings('', '').settingsFor('a'), { mode: 'network', agents: [], license: null });
});

files('what the machine’s file locks goes before all, and a user’s lock is none', () => {
  const both = settings(
    'locked mode = standalone\n[a]\nlocked mode = standalone',
    'locked mode = network',
  );
  assert.is(both.settingsFor('a').mode, 'network');
  assert.is(settings('locked agent = u', '[a]\nagent = m').settingsFor('a').agents[0], 'm');
  const own = settings('', 'locked mode = network\n[a]\nlocked mode = standalone');
  assert.is(own.settingsFor('a').mode, 'standalone');
});

files('the user’s file is the one named, else the one in the folder of settings', () => {
  assert.is(userSettingsFile({ USHER_CLIENT_CONF: '/x/y' }), '/x/y');
  assert.is(userSettingsFile({ XDG_CONFIG_HOME: '/c', HOME: '/h' }), '/c/usher/client.conf');
  assert.is(userSettingsFile({ HOME: '/h' }), '/h/.config/usher/client.conf');
});

files('a file that cannot be read is told with its name', () => {
  using tree = fakeTree({
    'bad.conf': '\nmod = network',
    'big.conf': '#'.repeat(65_537),
    'f/': '',
  });
  const read = (name: string) =>
    readClientSettings({ USHER_CLIENT_CONF: join(tree.root, name), HOME: tree.root });
  const fault = (name: string): string => {
    const settings = read(name);
    return settings.ok ? '' : settings.error;
  };
  const path = (name: string): string => join(tree.root, name);
  assert.is(
    fault('bad.conf'),
    `${path('bad.conf')}, line 2: there is no setting "mod"; did you mean mode?`,
  );
  assert.is(fault('big.conf'), `Cannot read the settings in ${path('big.conf')}: it is too large.`);
  assert.match(fault('f'), /^Cannot read the settings in .*\/f: EISDIR/);
  assert.ok(read('none.conf').ok);
});

files('a change is whole, keeps mode and link, and leaves no draft', () => {
  using tree = fakeTree({ 'real/c.conf': '# mine\n', 'c.conf': '-> real/c.conf' });
  const file = join(tree.root, 'c.conf');
  chmodSync(file, 0o640);
  const changed = changeClientSettings(file, [{ product: 'a', key: 'mode', value: 'network' }]);
  assert.ok(changed.ok);
  assert.is(readFileSync(file, 'utf8'), '# mine\n\n[a]\nmode = network\n');
  assert.ok(lstatSync(file).isSymbolicLink());
  assert.is(statSync(file).mode & 0o777, 0o640);
  assert.equal(readdirSync(join(tree.root, 'real')), ['c.conf']);
});

files('a file with a fault is not changed', () => {
  using tree = fakeTree({ 'c.conf': 'mod = network\n' });
  const file = join(tree.root, 'c.conf');
  const changed = changeClientSettings(file, [{ product: 'a', key: 'mode', value: 'network' }]);
  assert.equal(changed, {
    ok: false,
    error: `${file}, line 1: there is no setting "mod"; did you mean mode?`,
  });
  assert.is(readFileSync(file, 'utf8'), 'mod = network\n');
});

files.run();

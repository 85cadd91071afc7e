import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Preferred } from '../../agent/core/preferences.ts';
import type { Settings } from '../../agent/settings.ts';
import { compareSettings, reloadToSentence, SettingsKeeper } from '../../agent/settings-keeper.ts';
import { UsherError } from '../../agent/usher-error.ts';

const keeping = suite('settings keeper');

const STARTED: Settings = {
  data: '/d',
  port: 1,
  interfaces: null,
  name: 'a',
  alarms: {
    licenseDays: 14,
    fullMinutes: 10,
    masterHours: 24,
    memberMinutes: 10,
    webhook: null,
    mailServer: null,
    mailTo: [],
  },
  vendorKeys: null,
  refuseHosts: [],
  console: null,
  consoleCertificate: null,
  site: { endpoints: [], name: 'site', authority: null, certificate: null, login: null },
};
const KEY = new Uint8Array(32).fill(7);

keeping('each setting is compared by its value', () => {
  const same: Settings = { ...STARTED, vendorKeys: [KEY], interfaces: ['lo'] };
  const twin: Settings = { ...same, vendorKeys: [KEY.slice()], interfaces: ['lo'] };
  assert.equal(compareSettings(same, twin), { changed: [], needRestart: [] });
  const other: Settings = { ...same, name: 'b', vendorKeys: [KEY, KEY], refuseHosts: ['virtual'] };
  assert.equal(compareSettings(same, other), {
    changed: ['name', 'vendor-keys', 'refuse-hosts'],
    needRestart: [],
  });
  const moved: Settings = {
    ...same,
    data: '/e',
    port: 2,
    interfaces: null,
    console: { address: null, port: 1 },
    consoleCertificate: 'c',
  };
  assert.equal(compareSettings(same, moved), {
    changed: [],
    needRestart: ['data', 'port', 'interfaces', 'console', 'console-certificate'],
  });
});

keeping('what can be changed is applied once, what cannot is named each time', () => {
  let wanted: Settings = { ...STARTED, name: 'b', port: 2 };
  const applied: Preferred[] = [];
  const said: string[] = [];
  const keeper = new SettingsKeeper({
    started: STARTED,
    read: () => {
      if (wanted.name === 'faulty') throw new UsherError('WRONG_USAGE', 'line 1 is wrong.');
      return wanted;
    },
    apply: (preferred) => void applied.push(preferred),
    say: (sentence, isWarning) => void said.push(`${isWarning} ${sentence}`),
  });
  const first = keeper.reload();
  assert.equal(first, { kind: 'config-reload', changed: ['name'], needRestart: ['port'] });
  const again = keeper.reload();
  assert.equal(again, { kind: 'config-reload', changed: [], needRestart: ['port'] });
  assert.equal(
    applied.map(({ name }) => name),
    ['b'],
  );
  wanted = { ...STARTED, name: 'faulty' };
  assert.is(keeper.reload().kind, 'refused');
  assert.is(applied.length, 1);
  assert.equal(said, [
    'false Changed: name. A restart is needed for: port.',
    'false No setting was changed. A restart is needed for: port.',
    'true The settings stay as they were: line 1 is wrong.',
  ]);
  assert.is(reloadToSentence([], []), 'No setting was changed.');
});

keeping.run();

/** Settings files of the agent and of clients, and rules of lending. */

import { editRules } from '../../../agent/core/rules/edit-rules.ts';
import { parseRules } from '../../../agent/core/rules/parse-rules.ts';
import { RULES_HELP } from '../../../agent/core/rules/rules-help.ts';
import { parseSettingsText } from '../../../agent/settings-file.ts';
import { FILE_SETTINGS, SETTINGS } from '../../../agent/settings-table.ts';
import { changeSettings, parseSettings } from '../../../protocol/node/client-settings-text.ts';
import { promise, type Target, toBytes, toText } from '../target.ts';

const SETTINGS_TEXT = FILE_SETTINGS.map((name) => `${name} = ${SETTINGS[name].value}`).join('\n');

export const settings: Target = {
  name: 'settings',
  shape: 'text',
  most: 4096,
  words: [
    ...FILE_SETTINGS,
    ' = ',
    '#',
    '[::]:',
    '127.0.0.1',
    'smtp://',
    'https://',
    'off',
    '65535',
  ],
  seeds: () =>
    [
      SETTINGS_TEXT,
      'name = Front desk\nport = 24712 # free',
      'console = [::]:0',
      'alarm-smtp = smtps://ann:se%63ret@mail.example.com:465\nalarm-mail = a@b.c, d@e.f',
      'site = http://a:2379, https://[::1]:2379\nsite-login = ann:secret',
      'alarm-webhook = https://a.b/c?d#e\nalarm-full-minutes = 5',
    ].map(toBytes),
  run: (bytes) => {
    const { given, faults } = parseSettingsText(toText(bytes));
    const lines = toText(bytes).split('\n').length;
    promise(given.size + faults.length <= lines, 'a line is one setting or one fault');
    for (const { sentence } of faults) promise(sentence.length < 1000, 'a fault is one sentence');
  },
};

const CLIENT_TEXT = `# all
agent = 10.0.0.1, [fe80::1%eth0]:24712, license.example
[acme cad]
locked mode = standalone
license = /opt/acme/license.txt # here
`;

export const clientSettings: Target = {
  name: 'client-settings',
  shape: 'text',
  most: 4096,
  words: ['[', ']', 'locked ', 'agent = ', 'mode = ', 'license = ', 'network', 'standalone', '#'],
  seeds: () => [toBytes(CLIENT_TEXT)],
  run: (bytes) => {
    const text = toText(bytes);
    const read = parseSettings(text);
    if (!read.ok) return;
    const changed = parseSettings(
      changeSettings(text, { product: null, key: 'agent', value: '10.9.8.7' }),
    );
    const isThere =
      changed.ok &&
      changed.value.some((one) => one.product === null && one.value.startsWith('10.9.8.7'));
    promise(isThere, 'a change of settings can be read');
    const rest = (lines: typeof read.value): string =>
      JSON.stringify(
        lines
          .filter(({ product, key }) => product !== null || key !== 'agent')
          .map(({ product, key, value, locked }) => [product, key, value, locked]),
      );
    promise(changed.ok && rest(changed.value) === rest(read.value), 'and changes nothing else');
  },
};

export const rules: Target = {
  name: 'rules',
  shape: 'text',
  most: 4096,
  words: [
    ...'group reserve exclude limit borrow idle priority for from user host application address'.split(
      ' ',
    ),
    ...'each everyone everything nobody up to at most seats days never , = " * / 10.0.0.0/8 ::/0'.split(
      ' ',
    ),
  ],
  seeds: () => [toBytes(RULES_HELP), ...RULES_HELP.split('\n').map(toBytes)],
  run: (bytes) => {
    const text = toText(bytes);
    const read = parseRules(text);
    if (!read.ok) {
      promise(read.error.length > 0 && read.error.length <= 100, 'faults are told, and bounded');
      return;
    }
    const added = editRules(text, { kind: 'add', line: 'priority 7 fuzzed for user zoe' });
    if (!added.ok) return;
    promise(parseRules(added.value).ok, 'changed rules can be read');
    const back = editRules(added.value, { kind: 'remove', line: 'priority 7 fuzzed for user zoe' });
    promise(back.ok && parseRules(back.value).ok, 'what was added can be taken out');
  },
};

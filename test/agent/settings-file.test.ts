import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettingsText, settingsFile } from '../../agent/settings-file.ts';
import { FILE_SETTINGS } from '../../agent/settings-table.ts';
import { settingsTemplate } from '../../agent/settings-template.ts';

const files = suite('settings file');

files('the computer’s own agent has its settings in /etc, others beside their data', () => {
  if (process.platform === 'win32') return;
  assert.is(settingsFile('/var/lib/usher'), '/etc/usher/usher.conf');
  assert.is(settingsFile('/var/lib/../lib/usher/'), '/etc/usher/usher.conf');
  assert.is(settingsFile('/srv/usher'), '/srv/usher/usher.conf');
});

files('every fault is found, and what is in order counts all the same', () => {
  const text = 'port = 1\r\nprot = 2\n\nname = a # b\nport = 3\nrefuse-hosts = real\n=\n';
  const { given, faults } = parseSettingsText(text);
  assert.equal(
    [...given],
    [
      ['port', { text: '1', line: 1 }],
      ['name', { text: 'a', line: 4 }],
    ],
  );
  assert.equal(
    faults.map(({ line }) => line),
    [2, 5, 6, 7],
  );
  assert.match(faults[0]?.sentence ?? '', /Did you mean "port"\?$/);
  assert.match(
    faults[2]?.sentence ?? '',
    /^refuse-hosts is of virtual, container, unknown, not "real"/,
  );
});

files('what stands behind a sign for comments is none where something is before it', () => {
  const { given, faults } = parseSettingsText('# a\nsite-login = ann:se#cret\t# ours\n  #b\n');
  assert.equal(faults, []);
  assert.equal([...given], [['site-login', { text: 'ann:se#cret', line: 2 }]]);
});

files('text in another encoding is said to be that', () => {
  const utf16 = Buffer.from('\ufeffname = Büro\r\n', 'utf16le').toString();
  const wrong = 'is text in another encoding: save the file as UTF-8.';
  assert.equal(parseSettingsText(utf16).faults, [{ line: 1, sentence: wrong }]);
  const latin = Buffer.from('# für alle\nname = Büro\n', 'latin1').toString();
  assert.equal(parseSettingsText(latin).faults, [{ line: 2, sentence: wrong }]);
});

files('a line is taken, is a fault, or says nothing', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc
            .tuple(fc.constantFrom(...FILE_SETTINGS), fc.string())
            .map(([name, text]) => `${name} = ${text}`),
        ),
      ),
      (raw) => {
        const lines = raw.map((line) => line.replace(/[\r\n]/g, ''));
        const { given, faults } = parseSettingsText(lines.join('\n'));
        const told = lines.filter((line) => line.replace(/#.*$/, '').trim() !== '').length;
        assert.is(given.size + faults.length, told);
        const numbers = [
          ...[...given.values()].map(({ line }) => line),
          ...faults.map(({ line }) => line),
        ];
        assert.is(new Set(numbers).size, told);
      },
    ),
  );
});

files('the installed file becomes a valid one when its examples are given values', () => {
  const text = settingsTemplate()
    .replace('#port = PORT', 'port = 24712')
    .replace('#name = NAME', 'name = front desk');
  const { given, faults } = parseSettingsText(text);
  assert.equal(faults, []);
  assert.equal([...given.keys()], ['port', 'name']);
});

files.run();

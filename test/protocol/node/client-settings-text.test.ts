import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CLIENT_KEYS,
  changeSettings,
  isProductName,
  parseSettings,
  type SettingChange,
  settingFault,
} from '../../../protocol/node/client-settings-text.ts';

const TEXT = `# for every product
agent = 10.0.0.5, licenses.example:24711

[acme-cad]   # drawing
mode = network            # network | standalone
locked license = /opt/acme cad/license#1.txt
`;

const settings = suite('client settings');

settings('sections, comments and locks are read', () => {
  assert.equal(parseSettings(TEXT.replaceAll('\n', '\r\n')), {
    ok: true,
    value: [
      {
        product: null,
        key: 'agent',
        value: '10.0.0.5, licenses.example:24711',
        locked: false,
        line: 2,
      },
      { product: 'acme-cad', key: 'mode', value: 'network', locked: false, line: 5 },
      {
        product: 'acme-cad',
        key: 'license',
        value: '/opt/acme cad/license#1.txt',
        locked: true,
        line: 6,
      },
    ],
  });
  assert.equal(parseSettings(''), { ok: true, value: [] });
});

const faults: readonly (readonly [string, RegExp])[] = [
  ['agnet = a', /^line 1: there is no setting "agnet"; did you mean agent\?$/],
  ['\nMode = network', /^line 2: there is no setting "Mode"; did you mean mode\?$/],
  ['licence = x', /did you mean license\?$/],
  ['mode network', /^line 1: this is neither `name = value` nor `\[product\]`: "mode network"\.$/],
  ['mode = standalon', /^line 1: mode is network or standalone, not "standalon"\.$/],
  ['mode =', /^line 1: mode is network or standalone, not ""\.$/],
  ['agent = a b c:x', /^line 1: agent is addresses, .*, not "a b c:x"\.$/],
  ['agent =  # none', /^line 1: agent is addresses/],
  ['license =', /^line 1: license is the path of a file, not ""\.$/],
  ['[]\nmode = network', /^line 1: \[\] names no product\.$/],
  [`[${'x'.repeat(65)}]`, /names no product\.$/],
  ['[acme', /^line 1: this is neither/],
  ['[a]\nmode = network\n[b]\n[a]\nmode = network', /^line 5: mode stands already in line 2\.$/],
  ['\n'.repeat(5000), /^it has more than 4096 lines\.$/],
];

settings('what is wrong is told with its line and what may have been meant', () => {
  for (const [text, sentence] of faults) {
    const read = parseSettings(text);
    assert.not.ok(read.ok, text);
    if (!read.ok) assert.match(read.error, sentence);
  }
});

settings('a change touches one line, and the comment behind it stays', () => {
  const changed = changeSettings(TEXT, { product: 'acme-cad', key: 'mode', value: 'standalone' });
  assert.is(changed, TEXT.replace('mode = network            #', 'mode = standalone            #'));
});

settings('what is new goes to the end of its section, or into a new one', () => {
  const agent: SettingChange = { product: 'acme-cad', key: 'agent', value: 'a' };
  assert.is(changeSettings(TEXT, agent), `${TEXT}agent = a\n`);
  const other: SettingChange = { product: 'b', key: 'mode', value: 'network', locked: true };
  assert.is(changeSettings(TEXT, other), `${TEXT}\n[b]\nlocked mode = network\n`);
  assert.is(changeSettings('', other), '[b]\nlocked mode = network\n');
  const general: SettingChange = { product: null, key: 'mode', value: 'network' };
  const lines = changeSettings(TEXT, general).split('\n');
  assert.is(lines[2], 'mode = network');
  assert.is(changeSettings('[a]\r\n', general), 'mode = network\r\n[a]\r\n');
});

const product = fc.option(fc.string({ maxLength: 10 }).filter(isProductName));
const value = fc.constantFrom('network', 'standalone');
const change: fc.Arbitrary<SettingChange> = fc.oneof(
  fc.record({ product, key: fc.constant('mode' as const), value: fc.option(value) }),
  fc.record({ product, key: fc.constantFrom(...CLIENT_KEYS), value: fc.constant(null) }),
  fc.record({
    product,
    key: fc.constant('license' as const),
    value: fc
      .string({ minLength: 1, maxLength: 20 })
      .map((text) => text.trim())
      .filter((text) => settingFault('license', text) === undefined),
  }),
);

settings('after any changes each setting reads as it was set last, and comments are there', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const text = changes.reduce(changeSettings, '# above\n[z] # zed\n# below\n');
      const expected = new Map<string, string | null>();
      for (const one of changes) expected.set(JSON.stringify([one.product, one.key]), one.value);
      const read = parseSettings(text);
      assert.ok(read.ok, text);
      const found = read.value.map((one) => [JSON.stringify([one.product, one.key]), one.value]);
      const kept = [...expected].filter(([, one]) => one !== null);
      assert.equal([...found].sort(), [...kept].sort());
      for (const comment of ['# above', '[z] # zed', '# below']) assert.ok(text.includes(comment));
    }),
  );
});

settings.run();

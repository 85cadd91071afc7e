import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeResources, encodeResources } from '../../../../agent/core/charter/resource-text.ts';
import { utf8ToBytes } from '../../../../protocol/bytes.ts';
import type { LicenseId } from '../../../../protocol/ids.ts';
import { epochSeconds } from '../../../../protocol/units.ts';

const texts = suite('the text of resources');

const NOW = epochSeconds(1_800_000_000);
const [ONE, TWO] = ['one' as LicenseId, 'two' as LicenseId];

const ALL = [
  { name: 'Plant-7', customer: 'Bauhaus', added: NOW, licenses: [TWO, ONE] },
  { name: 'anlage', customer: null, added: NOW, licenses: [] },
];

texts('what is written is read again, by name', () => {
  const bytes = encodeResources(ALL);
  assert.equal(encodeResources([...ALL].reverse()), bytes);
  const [first, second] = ALL;
  assert.equal(
    [...(decodeResources(bytes) ?? [])],
    [
      ['anlage', second],
      ['plant-7', first],
    ],
  );
  assert.is(encodeResources([]).length, 0);
  assert.is(decodeResources(new Uint8Array())?.size, 0);
});

texts('what no version has written is not read', () => {
  for (const text of [
    'resources 2\n',
    'resources 1',
    'resources 1\nz\n',
    'resources 1\nz\t\t\n',
    'resources 1\n\tname\t\n',
    'resources 1\nzzzzzzz\tname\t\n',
    'resources 1\nz\tname\t\nz\tNAME\t\n',
    'resources 1\nz\ta\t\tone\nz\tb\t\tone\n',
    `resources 1\nz\t${'x'.repeat(129)}\t\n`,
    `resources 1\nz\tname\t${'x'.repeat(129)}\n`,
    `resources 1\nz\tname\t\t${'x'.repeat(200)}\n`,
    'resources 1\nz\tna\u0007me\t\n',
  ]) {
    assert.is(decodeResources(utf8ToBytes(text)), undefined, text);
  }
});

texts.run();

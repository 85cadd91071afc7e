import * as assert from 'uvu/assert';
import { COMMANDS } from '../../agent/cli/commands.ts';
import { seconds } from '../../protocol/units.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY } from './vendor.ts';

/** The words that each command with --json needs beside its name; the last one ends the story. */
const wordsFor = (license: string, seat: string): Readonly<Record<string, readonly string[]>> => ({
  status: [],
  'license add': ['license.txt'],
  'license list': [],
  'license show': [license],
  'seat list': [],
  'config show': [],
  'config check': [],
  'config reload': [],
  discover: [],
  'client show': [],
  borrow: ['--product', 'acme-cad', '--days', '1'],
  return: ['--product', 'acme-cad'],
  draw: ['--product', 'acme-cad', '--meter', 'runs'],
  hardware: [],
  'vendor keygen': ['--out', 'new.key'],
  'vendor inspect': ['license.txt'],
  'seat disconnect': [seat, '--force'],
  'license remove': [license],
});

story('every command that reads or answers prints JSON that parses, and nothing else', async () => {
  await using site = await Site.lending({
    borrow: { seats: 1, longest: seconds(DAY) },
    meters: [{ name: 'runs', allowance: 1 }],
  });
  await site.usher('vendor', 'keygen');
  const order = ['--product', 'acme-cam', '--customer', 'c', '--seats', '1'];
  await site.usher('vendor', 'issue', ...order, '--out', 'license.txt');
  await site.work();
  const words = wordsFor((await site.licenses())[0]?.id ?? '', (await site.seats())[0]?.id ?? '');
  const withJson = COMMANDS.filter(
    ({ name, flags }) => 'json' in flags && name !== 'service status',
  ).map(({ name }) => name);
  assert.equal([...withJson].sort(), Object.keys(words).sort());
  for (const [name, more] of Object.entries(words)) {
    const { code, stdout, stderr } = await site.usher(...name.split(' '), ...more, '--json');
    assert.is(code, 0, `${name}: ${stderr}`);
    assert.is(stderr, '', name);
    assert.type(JSON.parse(stdout), 'object', name);
    assert.match(stdout, /\n$/, name);
  }
});

tellStories();

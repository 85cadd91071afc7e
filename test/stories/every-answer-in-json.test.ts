import { writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../agent/cli/commands.ts';
import { seconds } from '../../protocol/units.ts';
import { ACTIVATION_TERMS } from '../plain-license.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';
import { DAY } from './vendor.ts';

/** The words that each command with --json needs beside its name; the last one ends the story. */
const wordsFor = (
  [license = '', , tied = '']: readonly string[],
  seat: string,
): Readonly<Record<string, readonly string[]>> => ({
  status: [],
  'license add': ['license.txt'],
  'license list': [],
  'license show': [license],
  'license activate': ['--request', 'request.txt'],
  'license export': [license],
  'license restore': [],
  'seat list': [],
  'rules show': [],
  'rules add': ['limit 9 acme-cad for everyone'],
  'seat reserve': ['1', 'acme-cad', '--for', 'host nowhere'],
  'seat limit': ['5', 'acme-cad', '--for', 'each user'],
  'seat exclude': ['user mallory', '--from', 'acme-cad'],
  'rules remove': ['2'],
  'rules reload': [],
  'rules check': ['rules.conf', '--product', 'acme-cad'],
  'user assign': ['ann', '--product', 'acme-sim'],
  'user list': [],
  'user recall': ['ann', '--product', 'acme-sim'],
  'resource add': ['plant-7'],
  'resource list': [],
  'resource activate': ['plant-7', '--license', tied],
  'resource remove': ['plant-7'],
  log: ['--lines', '1'],
  'log record': ['--hours', '1'],
  'report usage': [],
  'report peaks': [],
  'report denials': [],
  'report users': [],
  'report idle': [],
  'audit verify': [],
  'audit head': [],
  doctor: ['--product', 'acme-cad'],
  'store check': [],
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
  'license remove': [license, '--yes'],
});

story('every command that reads or answers prints JSON that parses, and nothing else', async () => {
  await using site = await Site.lending(
    { borrow: { seats: 1, longest: seconds(DAY) }, meters: [{ name: 'runs', allowance: 1 }] },
    { type: 'named', product: 'acme-sim' },
    { resource: '*' },
    { product: 'acme-plan', activation: ACTIVATION_TERMS },
  );
  await writeFile(site.file('rules.conf'), 'limit 9 acme-cad for everyone');
  await site.usher('vendor', 'keygen');
  const order = ['--product', 'acme-cam', '--customer', 'c', '--seats', '1'];
  await site.usher('vendor', 'issue', ...order, '--out', 'license.txt');
  await site.work();
  const ids = (await site.licenses()).map(({ id }) => id);
  const words = wordsFor(ids, (await site.seats())[0]?.id ?? '');
  // Refused where nothing is wrong with the clock, where there is no console, and where nobody may
  // install services or see the firewall, and of masters: other tests tell of those. `audit show` prints an object
  // a line.
  const elsewhere = [
    'audit show',
    'clock reset',
    'console open',
    'console password',
    'service status',
    'firewall show',
    // Each needs a vendor that answers: see license-is-activated.
    'license deactivate',
    'license refresh',
    'update',
    'vendor activate',
    'vendor activation',
  ];
  const withJson = COMMANDS.filter(
    ({ flags, name }) =>
      // Masters and parents need somebody who has activated them: master-activates, child-servers; sites
      // need a register: lan/members.
      'json' in flags && !elsewhere.includes(name) && !/^(master|child|site) /.test(name),
  );
  assert.equal(withJson.map(({ name }) => name).sort(), Object.keys(words).sort());
  for (const [name, more] of Object.entries(words)) {
    const { code, stdout, stderr } = await site.usher(...name.split(' '), ...more, '--json');
    assert.is(code, 0, `${name}: ${stderr}`);
    assert.is(stderr, '', name);
    assert.type(JSON.parse(stdout), 'object', name);
    assert.match(stdout, /\n$/, name);
  }
});

tellStories();

import { readFile, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import * as assert from 'uvu/assert';
import type { License } from '../../protocol/license.ts';
import { poolOf } from '../../scripts/vectors/fixed.ts';
import { Site } from './site.ts';
import { story, tellStories } from './story.ts';

const ISSUE = ['vendor', 'issue', '--product', 'acme-cad', '--customer', 'Bauhaus Ltd'] as const;

story('a vendor makes a key that only the vendor can read, and never over another', async () => {
  await using site = await Site.open();
  const made = await site.usher('vendor', 'keygen');
  assert.is(made.code, 0, made.stderr);
  assert.match(made.stdout, /^Secret key written to vendor\.key: keep it safe/);
  assert.match(made.stdout, /\nPublic key [A-Za-z0-9+/]{43} \(key id [a-z0-9]{16}\)/);
  const first = await readFile(site.file('vendor.key'), 'utf8');
  if (platform() !== 'win32') assert.is((await stat(site.file('vendor.key'))).mode & 0o777, 0o600);

  const again = await site.usher('vendor', 'keygen');
  assert.is(again.code, 1);
  assert.is(
    again.stderr,
    'vendor.key exists already: choose another name. See `usher vendor keygen --help`.\n',
  );
  assert.is(await readFile(site.file('vendor.key'), 'utf8'), first);

  const view = await site.json<{ file: string }>('vendor', 'keygen', '--out', 'second.key');
  assert.is(view.file, 'second.key');
});

story(
  'I5: a vendor signs a license for N users and inspects it, as text and in binary',
  async () => {
    await using site = await Site.open();
    const key = await site.json<{ publicKey: string }>('vendor', 'keygen');
    const terms = ['--class', 'developer=5', '--class', 'execution=10', '--seats', '2'];
    const more = ['--feature', 'rendering', '--expires', '2099-12-31', '--term', '60'];
    const out = await site.usher(...ISSUE, ...terms, ...more, '--out', 'license.txt');
    assert.is(out.code, 0, out.stderr);
    assert.is(out.stderr, 'License for acme-cad written to license.txt.\n');

    const { code, stdout } = await site.usher('vendor', 'inspect', 'license.txt');
    assert.is(code, 0);
    for (const row of [
      /^License {6}[a-z0-9]{26}$/m,
      /^Product {6}acme-cad$/m,
      /^Customer {5}Bauhaus Ltd$/m,
      /^Expires {6}end of 2099-12-31$/m,
      /^Term {9}60 s$/m,
      /^Seats {8}5 seats of class developer$/m,
      /^Seats {8}10 seats of class execution$/m,
      /^Seats {8}2 seats of any class$/m,
      /^Features {5}rendering$/m,
      /^Activation {3}for 1 agent at a time$/m,
      /^Hosts {8}virtual: refuse, container: refuse, unknown: refuse$/m,
      /^Signature {4}good$/m,
    ]) {
      assert.match(stdout, row);
    }
    assert.ok(stdout.includes(key.publicKey), 'whose signature it is');

    const binary = await site.usher(...ISSUE, '--seats', '1', '--binary', '--out', 'license.bin');
    assert.is(binary.code, 0, binary.stderr);
    const [license] = await site.json<License[]>('vendor', 'inspect', 'license.bin');
    assert.equal(license?.pools, [poolOf(1)]);
  },
);

story('a license goes from hand to hand through standard output and input', async () => {
  await using site = await Site.open();
  await site.usher('vendor', 'keygen');
  const issued = await site.usher(...ISSUE, '--seats', '3');
  assert.is(issued.code, 0, issued.stderr);
  assert.match(issued.stdout, /^-----BEGIN USHER LICENSE-----\n/);
  const text = await site.usherWith(issued.stdout, 'vendor', 'inspect', '-');
  assert.is(text.code, 0, text.stderr);
  assert.match(text.stdout, /^Signature {4}good$/m);

  const binary = site.vendor.sign();
  const inspected = await site.usherWith(binary, 'vendor', 'inspect', '-');
  assert.is(inspected.code, 0, inspected.stderr);
  assert.match(inspected.stdout, /^Signature {4}good$/m);
});

story(
  'an order that makes no sense gets one sentence and a hint, and nothing is written',
  async () => {
    await using site = await Site.open();
    await site.usher('vendor', 'keygen');
    const orders: readonly (readonly [readonly string[], RegExp])[] = [
      [['--product', 'x', '--seats', '1'], /--customer is needed\./],
      [['--product', 'x', '--customer', 'y'], /--seats N or --class NAME=N is needed\./],
      [
        [...ISSUE.slice(2), '--seats', '0'],
        /--seats is a whole number from 1 to 1000000, not "0"\./,
      ],
      [[...ISSUE.slice(2), '--class', 'developer'], /--class is NAME=N, not "developer"\./],
      [[...ISSUE.slice(2), '--seats', '1', '--expires', '31.12.2099'], /a day like 2027-03-31/],
      [[...ISSUE.slice(2), '--seats', '1', '--expires', '2001-01-01'], /after the license starts/],
      [[...ISSUE.slice(2), '--seats', '1', '--term', '5'], /--term is a whole number from 10 to/],
    ];
    await Promise.all(
      orders.map(async ([flags, sentence]) => {
        const { code, stdout, stderr } = await site.usher('vendor', 'issue', ...flags);
        assert.is(code, 2, stderr);
        assert.is(stdout, '');
        assert.match(stderr, sentence);
        assert.match(stderr, /^usher vendor issue: [^\n]* See `usher vendor issue --help`\.\n$/);
      }),
    );
  },
);

story('a key file that holds no key is broken data, one that is missing is said so', async () => {
  await using site = await Site.open();
  const missing = await site.usher(...ISSUE, '--seats', '1');
  assert.is(missing.code, 1);
  assert.match(missing.stderr, /^Cannot read vendor\.key: there is no such file or folder\./);
  assert.match(missing.stderr, /usher vendor keygen/);
  await writeFile(site.file('vendor.key'), 'hello');
  const broken = await site.usher(...ISSUE, '--seats', '1');
  assert.is(broken.code, 5);
  assert.match(broken.stderr, /^vendor\.key holds no signing key/);
});

tellStories();

import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Site } from './site.ts';
import { story, tellStories, untold } from './story.ts';

interface Row {
  readonly product: string | null;
  readonly setting: string;
  readonly value: string;
  readonly from: string;
}

const confOf = (site: Site): string => join(site.home, 'config', 'usher', 'client.conf');

const writeConf = async (site: Site, text: string): Promise<void> => {
  await mkdir(join(confOf(site), '..'), { recursive: true });
  await writeFile(confOf(site), text);
};

story('a user sets, sees and takes back where licenses come from', async () => {
  await using site = await Site.open();
  const set = await site.usher('client', 'set', '--product', 'acme-cad', '--mode', 'standalone');
  assert.is(set.code, 0, set.stderr);
  assert.is(set.stdout, `mode = standalone for acme-cad (${confOf(site)}).\n`);
  await site.usher('client', 'set', '--agent', '10.0.0.5', '--agent', 'licenses.example:24711');
  const rows = await site.json<readonly Row[]>('client', 'show');
  assert.equal(
    rows.map(({ product, setting, value }) => [product, setting, value]),
    [
      [null, 'mode', 'network'],
      [null, 'agent', '10.0.0.5, licenses.example:24711'],
      ['acme-cad', 'mode', 'standalone'],
      ['acme-cad', 'agent', '10.0.0.5, licenses.example:24711'],
    ],
  );
  assert.is(rows[0]?.from, 'default');
  assert.is(rows[2]?.from, `${confOf(site)}, line 3`);
  const shown = await site.usher('client', 'show', '--product', 'acme-cad');
  assert.match(shown.stdout, /^PRODUCT +SETTING +VALUE +FROM\nacme-cad +mode +standalone +\//);
  const unset = await site.usher('client', 'unset', '--product', 'acme-cad');
  assert.is(unset.code, 0, unset.stderr);
  assert.equal((await site.json<readonly Row[]>('client', 'show')).length, 2);
});

story('an agent that is named in the settings is asked, and another product’s is not', async () => {
  await using site = await Site.lending({});
  const address = `127.0.0.1:${site.port}`;
  const elsewhere = ['--port', '9', '--patience', '2'];
  await site.usher('client', 'set', '--product', 'acme-cam', '--agent', address);
  assert.is((await site.tryToWork(...elsewhere)).code, 3);
  await site.usher('client', 'set', '--product', 'acme-cad', '--agent', address);
  const worked = await site.tryToWork(...elsewhere);
  assert.is(worked.code, 0, worked.stderr);
  const env = { USHER_CLIENT_CONF: site.file('other.conf') };
  await writeFile(site.file('other.conf'), `agent = localhost:${site.port}\n`);
  const found = await site.start(['discover', '--port', '9'], { env }).ending();
  assert.is(found.code, 0, found.stderr);
});

story('settings that cannot be read are told, whoever needs them', async () => {
  await using site = await Site.open();
  await writeConf(site, '[acme-cad]\nmod = network\n');
  const sentence = `${confOf(site)}, line 2: there is no setting "mod"; did you mean mode?`;
  for (const [words, code] of [
    [['run', '--product', 'acme-cad', '--port', '9', '--', 'true'], 1],
    [['discover', '--port', '9'], 5],
    [['client', 'show'], 5],
    [['client', 'set', '--mode', 'network'], 5],
  ] as const) {
    const ending = await site.usher(...words);
    assert.is(ending.code, code, words.join(' '));
    assert.ok(ending.stderr.startsWith(sentence), ending.stderr);
  }
  assert.is(await readFile(confOf(site), 'utf8'), '[acme-cad]\nmod = network\n');
});

story('words that do not fit change nothing', async () => {
  await using site = await Site.open();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^usher client set: --mode, --agent or --license is needed\. See/],
    [['--mode', 'cloud'], /^usher client set: --mode is network or standalone, not "cloud"\. See/],
    [['--agent', 'a b:c'], /^usher client set: --agent is addresses, .*, not "a b:c"\. See/],
    [['--product', 'a #b', '--mode', 'network'], /--product is a product's name, not "a #b"/],
    [['--locked', '--mode', 'network'], /--locked goes with --machine/],
  ];
  for (const [words, sentence] of cases) {
    const { code, stderr } = await site.usher('client', 'set', ...words);
    assert.is(code, 2, stderr);
    assert.match(stderr, sentence);
  }
  const text = await readFile(confOf(site), 'utf8').catch(() => undefined);
  assert.is(text, undefined);
});

/** Runs the program where /etc is a folder of the story's own, which needs a mount of its own. */
const inOwnEtc = (site: Site): readonly string[] => [
  ...['unshare', '--mount', '--propagation', 'private'],
  ...['sh', '-c', 'mount --bind "$0" /etc && exec "$@"', site.file('etc')],
];
const canMount =
  platform() === 'linux' &&
  spawnSync('unshare', ['--mount', 'mount', '--bind', '/tmp', '/mnt']).status === 0;

if (canMount) {
  story('an administrator sets for everybody, and locks what users may not change', async () => {
    await using site = await Site.open();
    await mkdir(site.file('etc'));
    const usher = (...words: readonly string[]) =>
      site.start(words, { by: inOwnEtc(site) }).ending();
    const set = ['client', 'set', '--product', 'acme-cad'];
    const locked = await usher(...set, '--machine', '--locked', '--mode', 'network');
    assert.is(locked.code, 0, locked.stderr);
    assert.is((await usher(...set, '--machine', '--agent', '10.0.0.5')).code, 0);
    const refused = await usher(...set, '--mode', 'standalone');
    assert.is(refused.code, 1);
    assert.is(
      refused.stderr,
      'The administrator has locked mode in /etc/usher/client.conf, line 2. See `usher client set --help`.\n',
    );
    assert.is((await usher(...set, '--agent', '10.0.0.6')).code, 0);
    const { stdout } = await usher('client', 'show', '--product', 'acme-cad');
    assert.match(stdout, /mode +network +\/etc\/usher\/client\.conf, line 2 \(locked\)\n/);
    assert.match(stdout, /agent +10\.0\.0\.6 +\S+config\/usher\/client\.conf, line 2\n/);
    const text = await readFile(site.file('etc/usher/client.conf'), 'utf8');
    assert.is(text, '[acme-cad]\nlocked mode = network\nagent = 10.0.0.5\n');
  });
} else untold('an administrator sets for everybody, and locks (needs to mount)');

tellStories();

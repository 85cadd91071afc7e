import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { ownCertificate } from '../../agent/admin/web/certificate.ts';
import { goHome, LOOPBACK, Site } from './site.ts';
import { story, tellStories } from './story.ts';

const writeSettings = async (site: Site, text: string): Promise<void> => {
  await mkdir(site.data, { recursive: true, mode: 0o700 });
  await writeFile(join(site.data, 'usher.conf'), text);
};

story('a flag goes over the environment, that over the file, that over the default', async () => {
  await using site = await Site.open();
  await writeSettings(site, '# our agent\nname = from-file # the front desk\r\n\n');
  const nameOf = async (env: NodeJS.ProcessEnv, ...flags: readonly string[]) => {
    const agent = site.start(['serve', ...flags], { env });
    await agent.saying(/Serving/);
    const { name } = await site.status();
    await agent.destroy();
    return name;
  };
  assert.is(await nameOf({}), 'from-file');
  assert.is(await nameOf({ USHER_NAME: '' }), 'from-file', 'an empty variable is none');
  assert.is(await nameOf({ USHER_NAME: 'from-variable' }), 'from-variable');
  assert.is(await nameOf({ USHER_NAME: 'from-variable' }, '--name', 'from-flag'), 'from-flag');
});

const wrong: readonly (readonly [string, RegExp])[] = [
  ['prot = 1', /usher\.conf, line 1, is `name = value` with one of port, .*, not "prot = 1"\./],
  ['constructor = 1', /line 1, is `name = value`/],
  ['data = /elsewhere', /line 1, is `name = value`/],
  ['\nport 24711', /line 2, is `name = value` .*, not "port 24711"\./],
  ['\n\nport = many', /line 3, port is a number from 0 to 65535, not "many"\./],
  ['port = 65536', /line 1, port is a number from 0 to 65535, not "65536"\./],
  ['interfaces = ', /line 1, interfaces is names of interfaces, not ""\./],
  ['vendor-keys = abc', /line 1, vendor-keys is vendors' public keys in base64, not "abc"\./],
];

story('an unknown name or a bad value in the file is refused with its line', async () => {
  await using site = await Site.open();
  for (const [text, sentence] of wrong) {
    await writeSettings(site, text);
    const env = { USHER_PORT: '', USHER_INTERFACES: '' };
    const { code, stdout, stderr } = await site.start(['serve'], { env }).ending();
    assert.is(code, 2, text);
    assert.is(stdout, '');
    assert.match(stderr, sentence);
    assert.is(stderr.split('\n').length, 2, 'one sentence');
  }
});

story('a bad value is refused with the flag or the variable that it stands in', async () => {
  await using site = await Site.open();
  const flag = await site.usher('serve', '--port', '-1');
  assert.is(flag.code, 2);
  const long = await site.usher('serve', '--name', 'x'.repeat(65));
  assert.is(long.code, 2);
  assert.match(long.stderr, /--name is a name of 1 to 64 characters, not "x+"\./);
  const port = await site.usher('discover', '--port=99999');
  assert.is(port.code, 2);
  assert.match(port.stderr, /--port is a number from 0 to 65535, not "99999"\./);
  const variable = await site.start(['discover'], { env: { USHER_PORT: 'abc' } }).ending();
  assert.is(variable.code, 2);
  assert.match(variable.stderr, /USHER_PORT is a number from 0 to 65535, not "abc"\./);
});

story('every setting is shown with its value and where it is from', async () => {
  await using site = await Site.open();
  await writeSettings(site, '# ours\nname = front desk\nrefuse-hosts = container, unknown\n');
  const shown = await site.json<{
    readonly file: string;
    readonly settings: readonly { name: string; value: unknown; source: string }[];
  }>('config', 'show', '--port', '9');
  const file = join(site.data, 'usher.conf');
  assert.is(shown.file, file);
  assert.equal(
    shown.settings.map(({ name, value, source }) => [name, value, source]),
    [
      ['data', site.data, 'USHER_DATA'],
      ['port', 9, '--port'],
      ['interfaces', [LOOPBACK], 'USHER_INTERFACES'],
      ['name', 'front desk', `${file}, line 2`],
      ['console', 'off', 'USHER_CONSOLE'],
      ['console-certificate', null, 'default'],
      ['vendor-keys', null, 'default'],
      ['refuse-hosts', ['container', 'unknown'], `${file}, line 3`],
      ['site', null, 'default'],
      ['site-name', 'site', 'default'],
      ['site-ca', null, 'default'],
      ['site-certificate', null, 'default'],
      ['site-login', null, 'default'],
      ['alarm-webhook', null, 'default'],
      ['alarm-smtp', null, 'default'],
      ['alarm-mail', null, 'default'],
      ['alarm-license-days', 14, 'default'],
      ['alarm-full-minutes', 10, 'default'],
      ['alarm-master-hours', 24, 'default'],
      ['alarm-member-minutes', 10, 'default'],
    ],
  );
  const { stdout } = await site.usher('config', 'show');
  assert.match(stdout, /^vendor-keys +any vendor +default$/m);
  assert.match(stdout, /^refuse-hosts +container, unknown +.*usher\.conf, line 3$/m);
});

story(
  'every fault of a settings file is named with its line, and what was probably meant',
  async () => {
    await using site = await Site.open();
    const none = await site.usher('config', 'check');
    assert.is(none.code, 0);
    assert.match(none.stdout, /^There is no .*usher\.conf: every default holds\.$/m);
    await writeSettings(site, 'nam = a\nport = 70000\nname = a\nname = b\nport 24711\nzzz = 1\n');
    const { code, stdout, stderr } = await site.usher('config', 'check');
    assert.is(code, 1);
    assert.is(stdout, '');
    const lines = stderr.trim().split('\n');
    assert.is(lines.length, 6, stderr);
    assert.match(
      lines[0] ?? '',
      /usher\.conf, line 1, is `name = value` .* Did you mean "name"\?$/,
    );
    assert.match(lines[1] ?? '', /line 2, port is a number from 0 to 65535, not "70000"\.$/);
    assert.match(lines[2] ?? '', /line 4, sets name again, which line 3 has set: remove one\.$/);
    assert.match(lines[3] ?? '', /line 5, is `name = value` .*, not "port 24711"\.$/);
    assert.match(lines[4] ?? '', /line 6, .*, not "zzz = 1"\.$/);
    const started = await site.start(['serve'], { env: { USHER_PORT: '' } }).ending();
    assert.match(started.stderr, /line 1, .* `usher config check` names 4 more\./);
    const other = await site.usher('config', 'check', 'other.conf');
    assert.is(other.code, 1);
    assert.match(
      other.stderr,
      /^Cannot read .*other\.conf: there is no such file\. See `usher config check --help`\.$/m,
    );
    await writeSettings(site, 'name = a # the front desk\n');
    const mended = await site.usher('config', 'check');
    assert.is(mended.code, 0);
    assert.match(mended.stdout, /is in order: 1 setting\.$/m);
  },
);

story('a file that a setting names is looked at where it is checked', async () => {
  await using site = await Site.open();
  await writeSettings(
    site,
    'site-ca = ca.pem\nconsole-certificate = console.pem\nsite-certificate = me.pem\nzzz = 1\n',
  );
  await writeFile(join(site.data, 'ca.pem'), 'no certificate');
  await writeFile(join(site.data, 'console.pem'), '');
  const bad = await site.usher('config', 'check');
  assert.is(bad.code, 1);
  const lines = bad.stderr.trim().split('\n');
  assert.is(lines.length, 5, bad.stderr);
  const whole =
    /usher\.conf, line 1, site-ca .*ca\.pem cannot be used: it does not hold a certificate, in PEM\.$/;
  assert.match(lines[0] ?? '', whole);
  assert.match(lines[1] ?? '', /line 2, .*console\.pem holds no certificate and key in PEM/);
  assert.match(
    lines[2] ?? '',
    /line 3, site-certificate .*me\.pem .*: there is no such file or folder\.$/,
  );
  assert.match(lines[3] ?? '', /line 4, is `name = value`/);
  const { cert, key } = await ownCertificate(join(site.data, 'me.pem'), ['localhost'], new Date());
  await writeFile(join(site.data, 'ca.pem'), cert);
  await writeFile(join(site.data, 'console.pem'), cert + key);
  const named = 'site-ca = ca.pem\nconsole-certificate = console.pem\nsite-certificate = me.pem\n';
  await writeSettings(site, named);
  const good = await site.usher('config', 'check');
  assert.is(good.code, 0, good.stderr);
  assert.match(good.stdout, /is in order: 3 settings\.$/m);
});

story('what can be changed while the agent runs is, and what cannot is said', async () => {
  await using site = await Site.open();
  await writeSettings(site, 'name = before\n');
  const agent = await site.serve();
  await site.addLicense();
  const worker = await site.work();
  const key = Buffer.alloc(32, 7).toString('base64');
  await writeSettings(site, `name = after\nvendor-keys = ${key}\nrefuse-hosts = container\n`);
  const reloaded = await site.usher('config', 'reload');
  assert.is(reloaded.stderr, '');
  assert.is(reloaded.stdout, 'Changed: name, vendor-keys, refuse-hosts.\n');
  assert.is((await site.status()).name, 'after');
  assert.is((await site.json<readonly { name: string }[]>('discover'))[0]?.name, 'after');
  const refused = await site.addLicense({ customer: 'Other' }).then(
    () => 'it was taken',
    (error: Error) => error.message,
  );
  assert.match(refused, 'wrong-key');
  await writeSettings(site, 'nam = lost\n');
  const faulty = await site.usher('config', 'reload');
  assert.is(faulty.code, 1);
  assert.match(faulty.stderr, /^Nothing was changed: .*line 1, .*Did you mean "name"\?$/m);
  assert.is((await site.status()).name, 'after', 'a fault changes nothing');
  const rest = `vendor-keys = ${key}\nrefuse-hosts = container\n`;
  await writeSettings(site, `name = by signal\n${rest}`);
  agent.kill('SIGHUP');
  await agent.saying(/Changed: name\./);
  assert.is((await site.status()).name, 'by signal');
  assert.is((await site.seats()).length, 1);
  assert.is(await goHome(worker), 0);
});

story('a setting that needs a restart is named until there is one', async () => {
  await using site = await Site.open();
  const env = { USHER_INTERFACES: '' };
  await writeSettings(site, `interfaces = ${LOOPBACK}\n`);
  await site.start(['serve'], { env }).saying(/Serving/);
  await writeSettings(site, `interfaces = ${LOOPBACK}, other0\n`);
  for (let time = 0; time < 2; time++) {
    const { needRestart, changed } = await site.json<Record<string, readonly string[]>>(
      'config',
      'reload',
    );
    assert.equal({ needRestart, changed }, { needRestart: ['interfaces'], changed: [] });
  }
});

tellStories();

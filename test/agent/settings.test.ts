import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSettings, userStateFolder } from '../../agent/settings.ts';
import { settingsFile } from '../../agent/settings-file.ts';
import { settingVariable } from '../../agent/settings-table.ts';
import { viewSettings } from '../../agent/settings-view.ts';
import { UsherError } from '../../agent/usher-error.ts';

const settings = suite<{ data: string }>('settings');

settings.before.each(async (context) => {
  context.data = await mkdtemp(join(tmpdir(), 'usher-settings-'));
});
settings.after.each(({ data }) => rm(data, { recursive: true }));

const refusal = (flags: Readonly<Record<string, string>>): string => {
  try {
    readSettings({ flags, environment: {} });
  } catch (error) {
    assert.instance(error, UsherError);
    return (error as UsherError).message;
  }
  throw new Error('it was taken');
};

settings('without any, defaults hold', ({ data }) => {
  const read = readSettings({ flags: { data }, environment: {} });
  const { port, interfaces, vendorKeys, name } = read;
  assert.equal(
    { port, interfaces, vendorKeys },
    { port: 24711, interfaces: null, vendorKeys: null },
  );
  assert.is(name, hostname().slice(0, 64));
});

settings('flag over variable over file over default', async ({ data }) => {
  await writeFile(settingsFile(data), 'port = 1\nname=from file  # comment\ninterfaces = a, b\n');
  const environment = { USHER_PORT: '2', USHER_NAME: '' };
  assert.is(readSettings({ flags: { data }, environment: {} }).port, 1);
  assert.is(readSettings({ flags: { data }, environment }).port, 2);
  const read = readSettings({ flags: { data, port: '3' }, environment });
  assert.is(read.port, 3);
  assert.is(read.name, 'from file', 'an empty variable is none');
  assert.equal(read.interfaces, ['a', 'b']);
});

settings('a bad value names the flag, the variable or the line', async ({ data }) => {
  assert.is(refusal({ data, port: '70000' }), '--port is a number from 0 to 65535, not "70000".');
  for (const port of ['', '1e3', '-1', ' 1', '0x10'])
    assert.match(refusal({ data, port }), '--port');
  assert.match(refusal({ data, interfaces: ' , ' }), '--interfaces is names of interfaces');
  assert.match(refusal({ data, 'vendor-keys': 'AAAA' }), '--vendor-keys is');
  assert.match(refusal({ data, name: 'a\nb' }), '--name is a name');
  assert.match(refusal({ data: '' }), '--data is a folder');
  await writeFile(settingsFile(data), '\nport = x');
  assert.is(
    refusal({ data }),
    `${settingsFile(data)}, line 2, port is a number from 0 to 65535, not "x".`,
  );
});

settings('names that every object has are no settings', async ({ data }) => {
  for (const name of ['constructor', 'to-string', 'data', 'ports']) {
    await writeFile(settingsFile(data), `${name} = 1`);
    assert.match(refusal({ data }), 'line 1, is `name = value` with one of port,');
  }
});

settings('a file that cannot be read as one is said so', async ({ data }) => {
  await mkdir(settingsFile(data));
  assert.match(refusal({ data }), /^Cannot read the settings in .*usher\.conf: it is a folder\.$/);
});

settings('a password that everybody could read on the command line is refused', ({ data }) => {
  const open = 'smtps://ann:secret@mail.example.com';
  assert.match(refusal({ data, 'alarm-smtp': open }), /can be read by every user/);
  const hidden = readSettings({ flags: { data }, environment: { USHER_ALARM_SMTP: open } });
  assert.is(hidden.alarms.mailServer?.password, 'secret');
  const none = { data, 'alarm-smtp': 'smtp://mail.example.com' };
  assert.is(readSettings({ flags: none, environment: {} }).alarms.mailServer?.user, '');
});

settings('a mail password is taken as it was pasted, and is not told', ({ data }) => {
  const read = (url: string) =>
    readSettings({ flags: { data }, environment: { USHER_ALARM_SMTP: url } }).alarms.mailServer;
  assert.is(read('smtps://ann:se%40cret@mail.example.com')?.password, 'se@cret');
  assert.is(read('smtps://ann:se%cr^et@mail.example.com')?.password, 'se%cr^et');
  for (const bad of [
    'smtps//ann:secret@a',
    'http://ann:secret@a:25',
    'smtps:ann:secret@',
    'secret',
  ])
    assert.throws(
      () => read(bad),
      ({ message }: UsherError) =>
        message.startsWith('USHER_ALARM_SMTP is a mail server') &&
        (bad === 'secret' || !message.includes('secret')),
    );
});

settings("a file's name in the settings file is taken from its folder", async ({ data }) => {
  await writeFile(settingsFile(data), 'console-certificate = tls/own.pem\nsite-ca = /etc/ca.pem\n');
  const read = readSettings({ flags: { data }, environment: { USHER_SITE_CERTIFICATE: 'my.pem' } });
  assert.is(read.consoleCertificate, join(data, 'tls', 'own.pem'));
  assert.is(read.site.authority, resolve('/etc/ca.pem'));
  assert.is(read.site.certificate, 'my.pem');
});

settings('an address of etcd that is named twice is one', ({ data }) => {
  const site = 'http://a:2379, http://b:2379, http://a:2379/';
  const { endpoints } = readSettings({ flags: { data, site }, environment: {} }).site;
  assert.equal(
    endpoints.map(({ host }) => host),
    ['a:2379', 'b:2379'],
  );
});

settings('a site is told of whole, and its password never', ({ data }) => {
  const site = 'http://a:2379, https://[::1]:2379';
  const read = readSettings({
    flags: { data, site },
    environment: { USHER_SITE_LOGIN: 'ann:se:cret' },
  });
  assert.equal(
    read.site.endpoints.map(({ origin }) => origin),
    ['http://a:2379', 'https://[::1]:2379'],
  );
  assert.equal(read.site.login, { user: 'ann', password: 'se:cret' });
  assert.match(refusal({ data, site, 'site-login': 'ann:secret' }), /can be read by every user/);
  for (const bad of [
    'a:2379',
    'ftp://a',
    'http://a/b',
    'http://u:p@a',
    `${'http://a,'.repeat(10)}`,
  ])
    assert.match(refusal({ data, site: bad }), /^--site is addresses of etcd/);
  assert.match(refusal({ data, 'site-name': 'A/b' }), /^--site-name is a name/);
  const shown = viewSettings(read, { flags: { data, site }, environment: {} });
  assert.not.match(JSON.stringify(shown), 'cret');
});

settings('a password that is no login is not told', ({ data }) => {
  let said = '';
  try {
    readSettings({ flags: { data }, environment: { USHER_SITE_LOGIN: ':secret' } });
  } catch (error) {
    said = (error as UsherError).message;
  }
  assert.match(said, /^USHER_SITE_LOGIN is a name and a password/);
  assert.not.match(said, 'secret');
});

settings('variables are named after settings', () => {
  assert.is(settingVariable('vendor-keys'), 'USHER_VENDOR_KEYS');
});

settings('a user’s own files are where the system keeps state', () => {
  if (process.platform === 'win32') return;
  assert.is(userStateFolder({ XDG_STATE_HOME: '/s', HOME: '/h' }), '/s/usher');
  assert.is(userStateFolder({ XDG_STATE_HOME: '', HOME: '/h' }), '/h/.local/state/usher');
});

settings.run();
